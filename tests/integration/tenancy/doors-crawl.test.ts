// Every door outside of the admin, asked in the name of one shop for what belongs to another, over HTTP and with good
// signatures: whoever may speak for their own shop finds, changes and learns nothing of the next.
import { createServer, type Server } from "node:http";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { createListener } from "../../../app/server/listener.server";
import { ACCOUNT_DOORS } from "../../../app/storefront/account.server";
import { DOORS } from "../../../app/storefront/doors.server";
import { PAGES } from "../../../app/storefront/page-doors.server";
import { useTestDatabase } from "../../setup/postgres";
import { doorAsks, requestOf, type Caller, type DoorAsk } from "../attack/door-asks";
import { storeOfflineSession } from "../routes/admin-requests";
import { listening } from "../storefront/beside-the-clock";
import { AT, furnishShop, type FurnishedShop } from "./furnished-shop";
import { digestRows, type RowDigest } from "./row-digest";

const database = useTestDatabase();
let mine: FurnishedShop;
let theirs: FurnishedShop;
let before: RowDigest;
let server: Server;
let platform: Server;
let origin = "";

beforeAll(async () => {
  platform = createServer(({ url }, res) => {
    if (url === "/control/clock") res.end(JSON.stringify({ now: new Date(AT.getTime() + 86_400_000) }));
    else res.writeHead(403).end("{}");
  });
  env().SHOPIFY_SIMULATOR_URL = await listening(platform);
  mine = await furnishShop(database.owner(), "mine-doors.myshopify.com", "Mine");
  theirs = await furnishShop(database.owner(), "theirs-doors.myshopify.com", "Theirs");
  await storeOfflineSession(mine.domain);
  server = createServer(createListener((_req, res) => Promise.resolve(void res.writeHead(404).end())));
  origin = await listening(server);
  before = await digestTheirs();
});
afterAll(async () => {
  delete env().SHOPIFY_SIMULATOR_URL;
  for (const each of [server, platform]) await new Promise((resolve) => each.close(resolve));
});

const digestTheirs = () => digestRows(database.owner(), theirs);
async function send(ask: DoorAsk, caller: Caller): Promise<{ status: number; text: string }> {
  const response = await fetch(await requestOf(origin, ask, caller));
  return { status: response.status, text: await response.text() };
}

describe("D08 doors", () => {
  it("D08 every door is known to the crawl", () => {
    const asked = new Set(doorAsks(theirs).map(({ name }) => name));
    const doors = [
      ...[...DOORS.keys(), ...PAGES.keys(), "review-upload"].map((path) => `proxy/${path}`),
      ...[...ACCOUNT_DOORS.keys()].map((path) => `account-api/${path}`),
      ...["admin-api-block/member", "unsubscribe", "media", "feeds", "webhooks"],
    ];
    expect([...asked].sort()).toEqual(doors.sort());
  });

  it("D08 a good signature of one shop opens nothing of the next, for its own customers and for theirs", async () => {
    const guarded = doorAsks(theirs).filter(({ credential }) => !["link", "webhook"].includes(credential));
    for (const customerId of [mine.numbers.customer, theirs.numbers.customer, ""]) {
      for (const ask of guarded) {
        const said = await send(ask, { shop: mine.domain, customerId });
        // What was asked for may be said again: it is in the address.
        const text = said.text.replaceAll(theirs.words.referralCode, "").replaceAll(`friend.of.${theirs.mark}`, "");
        expect([ask.name, /theirs/i.test(text)]).toEqual([ask.name, false]);
        expect([ask.name, said.status < 500 || said.status === 503]).toEqual([ask.name, true]);
      }
    }
    expect(await digestTheirs()).toEqual(before);
  });

  it("D08 an address of one shop's file, feed or mail, with the next shop's number in it, is no address", async () => {
    const swap = (path: string) => path.replace(`/${theirs.shopId}/`, `/${mine.shopId}/`);
    const [, shop = "", ...rest] = theirs.secrets.unsubscribe.split(".");
    expect(shop).toBe(theirs.shopId.toString(36));
    const moved = ["1", mine.shopId.toString(36), ...rest].join(".");
    const paths: [string, string][] = [
      ["GET", swap(theirs.secrets.feed)],
      ["GET", swap(`/media/${theirs.shopId}/${theirs.secrets.mediaFolder}/w640.webp`)],
      ["GET", `/unsubscribe/${moved}`],
      ["POST", `/unsubscribe/${moved}`],
    ];
    for (const [method, path] of paths) {
      expect(path).not.toContain(`/${theirs.shopId}/`);
      expect([path, (await fetch(`${origin}${path}`, { method })).status]).toEqual([path, 404]);
    }
    expect(await digestTheirs()).toEqual(before);
  });

  it("D08 A03 a delivery that one shop signed for changes nothing of the shop that its body names", async () => {
    for (const ask of doorAsks(theirs).filter(({ credential }) => credential === "webhook"))
      expect([ask.topic, (await send(ask, { shop: mine.domain, customerId: "" })).status]).toEqual([ask.topic, 200]);
    while ((await drainOnce()).claimed > 0) continue;
    expect(await digestTheirs()).toEqual(before);
  });

  it("D09 D10 what one shop holds is out of reach for the next in every table that has rows", async () => {
    const { rows: tables } = await database.owner().query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'webhook_inbox'`,
    );
    const held = tables.filter(({ name }) => !before[`public.${name}`]?.startsWith("0 /"));
    expect(held.length).toBeGreaterThan(25);
    const seen = async (shopId: number, name: string) =>
      (await queryShop(shopId, `SELECT 1 AS row FROM ${name} WHERE shop_id = $1`, [theirs.shopId])).length;
    for (const { name } of held) {
      expect([name, await seen(mine.shopId, name), await seen(0, name)]).toEqual([name, 0, 0]);
      expect([name, (await seen(theirs.shopId, name)) > 0]).toEqual([name, true]);
      // Refused outright or without a row to change: either way nothing happens.
      const changed = await inShop(mine.shopId, async (tx) => {
        const update = `UPDATE ${name} SET shop_id = shop_id WHERE shop_id = $1`;
        return (await tx.query(update, [theirs.shopId])).rowCount ?? 0;
      }).catch((error: Error) => error.message.replace(/ for .*/, ""));
      expect([0, "permission denied"]).toContain(changed);
    }
    expect(await digestTheirs()).toEqual(before);
  });
});

describe("what doors of one's own shop answer", () => {
  it("the same questions find something when the shop that asks is the shop that is asked about", async () => {
    const own: Caller = { shop: theirs.domain, customerId: theirs.numbers.customer };
    const good = new Map<string, number>();
    for (const ask of doorAsks(theirs).filter(({ credential }) => credential !== "webhook")) {
      const { status } = await send(ask, own);
      good.set(ask.name, Math.min(status, good.get(ask.name) ?? 999));
    }
    const shut = [...good].filter(([, status]) => status >= 300);
    // Joining and claiming ask Shopify, which refuses every call here; and no picture lies on the disk.
    expect(shut.map(([name]) => name).sort()).toEqual(["account-api/join", "media", "proxy/claim", "proxy/join"]);
    expect(await digestTheirs()).not.toEqual(before);
  });
});
