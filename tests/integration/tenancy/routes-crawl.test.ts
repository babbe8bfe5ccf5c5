// Every page and every act of the admin, found by looking into app/routes, asked by one shop for what belongs to
// another: it finds nothing, changes nothing, and cannot even tell that it is there.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import path from "node:path";

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "../routes/admin-requests";
import { listening } from "../storefront/beside-the-clock";
import { AT, furnishShop, type FurnishedShop } from "./furnished-shop";
import { ADDRESS_WORDS, ROUTE_ATTACKS, WITHOUT_IDS, type Ask, type Attack } from "./route-attacks";
import { digestRows, type RowDigest } from "./row-digest";

const database = useTestDatabase();
const ROUTES = path.join(import.meta.dirname, "../../../app/routes");

interface RouteModule {
  loader?: (args: LoaderFunctionArgs) => Promise<unknown>;
  action?: (args: ActionFunctionArgs) => Promise<unknown>;
}
/** Route id → its file, as the flat-routes convention finds them. */
function discoverRoutes(): Map<string, string> {
  const files = readdirSync(ROUTES).flatMap((name): [string, string][] => {
    if (/\.tsx?$/.test(name)) return [[name.replace(/\.tsx?$/, ""), path.join(ROUTES, name)]];
    const own = ["route.tsx", "route.ts"].map((file) => path.join(ROUTES, name, file)).find(existsSync);
    return own ? [[name, own]] : [];
  });
  return new Map(files.filter(([id]) => id === "app" || id.startsWith("app.")));
}
const routes = discoverRoutes();
const modules = new Map<string, RouteModule>();

let mine: FurnishedShop;
let theirs: FurnishedShop;
let token: string;
let before: RowDigest;
let platform: Server;

beforeAll(async () => {
  // Nobody is asked anything: a shop that refuses every call is the quietest there is.
  platform = createServer(({ url }, res) => {
    if (url === "/control/clock") res.end(JSON.stringify({ now: new Date(AT.getTime() + 86_400_000) }));
    else res.writeHead(403).end("{}");
  });
  env().SHOPIFY_SIMULATOR_URL = await listening(platform);
  mine = await furnishShop(database.owner(), "mine-crawl.myshopify.com", "Mine");
  theirs = await furnishShop(database.owner(), "theirs-crawl.myshopify.com", "Theirs");
  await storeOfflineSession(mine.domain);
  await storeOfflineSession(theirs.domain);
  token = await sessionToken(mine.domain);
  for (const [id, file] of routes) modules.set(id, (await import(file)) as RouteModule);
  before = await digestTheirs();
});
afterAll(async () => {
  delete env().SHOPIFY_SIMULATOR_URL;
  await new Promise((resolve) => platform.close(resolve));
});

const digestTheirs = () => digestRows(database.owner(), theirs);
/** Ids of the same form that nobody has. */
function nobody(): FurnishedShop {
  const shifted = <T extends Record<string, number | string>>(all: T, to: (value: number | string) => unknown): T =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, to(value)])) as T;
  return {
    ...theirs,
    ids: shifted(theirs.ids, (id) => 900_000_000 + Number(id)),
    numbers: shifted(theirs.numbers, (number) => `9${number}`),
    words: shifted(theirs.words, (word) => (String(word).startsWith("staff:") ? "staff:123456" : `${word}0`)),
  };
}

interface Said {
  status: number;
  text: string;
}
async function heard(answer: Promise<unknown>): Promise<Said> {
  const value = await answer.catch((thrown: unknown) => thrown);
  if (value instanceof Response) return { status: value.status, text: await value.text() };
  if (value instanceof Error) return { status: 500, text: value.message };
  return { status: 200, text: JSON.stringify(value) ?? "" };
}
function addressOf(id: string, ask: Pick<Ask, "parameter">): { address: string; params: Record<string, string> } {
  const name = /\$(\w+)/.exec(id)?.[1];
  const value = String(ask.parameter ?? "");
  const pathname = `/${id
    .replace(/\._index$/, "")
    .replace(/\$\w+/, encodeURIComponent(value))
    .replaceAll(".", "/")}`;
  return { address: pathname, params: name ? { [name]: value } : {} };
}
async function act(id: string, ask: Ask): Promise<Said> {
  const { address, params } = addressOf(id, ask);
  const request =
    ask.body instanceof FormData
      ? adminRequest(address, token, { method: "POST", body: ask.body })
      : adminPost(address, token, ask.body);
  const action = modules.get(id)?.action;
  if (!action) throw new Error(`${id} has no action`);
  return heard(action({ request, params, context: {} }));
}
async function look(id: string, ask: Pick<Ask, "parameter">, query = ""): Promise<Said> {
  const { address, params } = addressOf(id, ask);
  const loader = modules.get(id)?.loader;
  if (!loader) throw new Error(`${id} has no loader`);
  return heard(loader({ request: adminRequest(`${address}${query}`, token), params, context: {} }));
}
/** Nothing of theirs in it, once what was asked with is taken out. */
function expectNothingOfTheirs(said: Said, asked: readonly (number | string)[] = []): void {
  let text = said.text;
  for (const word of asked) text = text.replaceAll(String(word), "");
  expect(text).not.toMatch(new RegExp(theirs.mark, "i"));
}

describe("D08 pages", () => {
  it("D08 every route is known to the crawl", () => {
    const acting = [...modules].filter(([, { action }]) => action).map(([id]) => id);
    const attacked = new Set([...Object.keys(ROUTE_ATTACKS), ...Object.keys(WITHOUT_IDS)]);
    expect(modules.size).toBeGreaterThan(30);
    expect([...attacked].sort()).toEqual(acting.sort());
  });

  it("D08 every intent of every action is tried", () => {
    // A file of intents may serve several pages: what one of them tries is tried.
    const tried = new Map<string, string>();
    for (const [id, file] of routes) {
      const asked = JSON.stringify([
        Object.entries(ROUTE_ATTACKS[id] ?? {}).map(([what, attack]) => [what, attack(theirs, mine).body]),
        Object.keys(WITHOUT_IDS[id] ?? {}),
      ]);
      const schemas = [...readFileSync(file, "utf8").matchAll(/from "(\.[^"]*-request)"/g)].map(([, from]) =>
        path.join(path.dirname(file), `${from}.ts`),
      );
      for (const each of [file, ...schemas]) tried.set(each, (tried.get(each) ?? "") + asked);
    }
    const forgotten = [...tried].flatMap(([file, asked]) =>
      [...readFileSync(file, "utf8").matchAll(/(?:intent|act): z\.literal\("(\w+)"\)/g)]
        .filter(([, intent]) => !asked.includes(`"${intent}`))
        .map(([, intent]) => `${path.relative(ROUTES, file)}: ${intent}`),
    );
    expect(forgotten).toEqual([]);
  });

  it("D08 show nothing of another shop, whatever the address asks for", async () => {
    for (const [id, { loader }] of modules) {
      if (!loader) continue;
      const source = readFileSync(routes.get(id) ?? "", "utf8");
      const parameter = id.includes("$") ? Object.values(mine.ids) : [];
      const own = parameter.length > 0 ? { parameter: ownParameter(id, mine) } : {};
      expectNothingOfTheirs(await look(id, own));
      for (const [word, values] of Object.entries(ADDRESS_WORDS)) {
        if (!new RegExp(`["']${word}["']|\\b${word}:`).test(source)) continue;
        for (const value of values(theirs)) {
          const said = await look(id, own, `?${word}=${encodeURIComponent(value)}`);
          expect([id, word, said.status < 500]).toEqual([id, word, true]);
          expectNothingOfTheirs(said, [value]);
        }
      }
    }
    expect(await digestTheirs()).toEqual(before);
  });

  it("D08 of one thing answer for another shop's as for one that does not exist, and show one's own", async () => {
    for (const id of [...modules.keys()].filter((each) => each.includes("$"))) {
      const ask = async (shop: FurnishedShop) => (await look(id, { parameter: ownParameter(id, shop) })).status;
      expect([id, await ask(mine), await ask(theirs), await ask(nobody())]).toEqual([id, 200, 404, 404]);
      for (const parameter of [...Object.values(theirs.ids), theirs.words.campaign]) {
        const said = await look(id, { parameter });
        expectNothingOfTheirs(said, [parameter]);
      }
    }
    expect(await digestTheirs()).toEqual(before);
  });
});

function ownParameter(id: string, { ids, words }: FurnishedShop): number | string {
  const name = /\$(\w+)Id/.exec(id)?.[1] ?? "";
  if (name === "campaign") return words.campaign;
  return ids[name as keyof typeof ids];
}

describe("D08 acts", () => {
  const attacks = Object.entries(ROUTE_ATTACKS).flatMap(([id, all]) =>
    Object.entries(all).map(([what, attack]): [string, string, Attack] => [id, what, attack]),
  );
  /** Acts whose answer is the same for all: nothing in it depends on what is there, or there is nothing to be done. */
  const alike = new Set([
    "app.reviews.$reviewId mask", // nothing was found in those words
    "app.reviews.$reviewId dismiss", // nobody appealed
    "app.rewards._index reorder", // a list of ids in their new order: unknown ones are passed over
    "app.reviews.gallery order",
    "app.reviews.requests product_qr", // an address, made from the number alone
    "app.settings.reviews group", // products are Shopify's: a group may name one that has not been heard of
    "app.reviews.$reviewId describe below an own review",
    "app.rewards.new with a stranger's tier",
    "app.program.campaigns.$campaignId preview",
  ]);

  it.each(attacks)("D08 %s: %s", async (id, what, attack) => {
    const stranger = await act(id, attack(theirs, mine));
    const nothing = await act(id, attack(nobody(), mine));
    expect(stranger.status, stranger.text).toBeLessThan(500);
    expectNothingOfTheirs(stranger);
    expect(await digestTheirs()).toEqual(before);
    const known = (said: Said) => ({ ...said, text: said.text.replaceAll(/"rewardId":\d+|\d{4,}/g, "#") });
    expect(known(stranger)).toEqual(known(nothing));
    const own = await act(id, attack(mine, mine));
    if (!alike.has(`${id} ${what}`)) expect(known(own)).not.toEqual(known(stranger));
  });

  const general = Object.entries(WITHOUT_IDS).flatMap(([id, all]) =>
    Object.entries(all).map(([what, ask]): [string, string, (stranger: FurnishedShop) => unknown] => [id, what, ask]),
  );
  it.each(general)("D08 %s: %s touches the caller's shop only", async (id, _what, ask) => {
    const said = await act(id, { body: ask(theirs) });
    expectNothingOfTheirs(said, [
      theirs.words.tier,
      theirs.words.way,
      `${theirs.mark.toLowerCase()}@example.com`,
      `${theirs.mark}@example.com`,
    ]);
    expect(await digestTheirs()).toEqual(before);
  });
});
