// Whoever has no valid signature, token, session or link: every door and every page, looks and acts, with all that
// one can get wrong. Nobody is let in, and not one row of the whole database is another afterwards.
import { existsSync, readdirSync } from "node:fs";
import { createServer, request as rawRequest, type Server } from "node:http";
import path from "node:path";

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { createListener } from "../../../app/server/listener.server";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, storeOfflineSession, unsignedToken } from "../routes/admin-requests";
import { listening } from "../storefront/beside-the-clock";
import { furnishShop, type FurnishedShop } from "../tenancy/furnished-shop";
import { ROUTE_ATTACKS, WITHOUT_IDS } from "../tenancy/route-attacks";
import { digestRows, type RowDigest } from "../tenancy/row-digest";
import { doorAsks, requestOf, tokenOf, type Credential, type DoorAsk, type Flaw } from "./door-asks";

const database = useTestDatabase();
const OTHER_SECRET = "a secret of another app, long enough";
let shop: FurnishedShop;
let before: RowDigest;
let server: Server;
let origin = "";

beforeAll(async () => {
  shop = await furnishShop(database.owner(), "guarded.myshopify.com", "Guarded");
  await storeOfflineSession(shop.domain);
  server = createServer(createListener((_req, res) => Promise.resolve(void res.writeHead(404).end())));
  origin = await listening(server);
  before = await digest();
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Everything: the inbox, the queue and sessions as well. */
const digest = () => digestRows(database.owner());
const caller = () => ({ shop: shop.domain, customerId: shop.numbers.customer });
const drop =
  (name: string): Flaw["spoil"] =>
  ({ url, headers }) => {
    url.searchParams.delete(name);
    headers.delete(name);
  };
const query =
  (change: (parameters: URLSearchParams) => void): Flaw["spoil"] =>
  ({ url }) =>
    change(url.searchParams);
const bearer =
  (token: (good: string) => string): Flaw["spoil"] =>
  ({ headers }) => {
    const good = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    headers.set("authorization", `Bearer ${token(good)}`);
  };
const [HMAC, TOKEN] = ["x-shopify-hmac-sha256", "authorization"] as const;

/** Everything one can get wrong, by what a door asks to see. */
const FLAWS: Record<Exclude<Credential, "link">, Record<string, Flaw>> = {
  proxy: {
    "no signature": { spoil: drop("signature") },
    "another app's secret": { secret: OTHER_SECRET },
    "too old": { madeAt: -91 },
    "from the future": { madeAt: 120 },
    "an empty signature": { spoil: query((parameters) => parameters.set("signature", "")) },
    "a signature that is cut": {
      spoil: query((all) => all.set("signature", (all.get("signature") ?? "").slice(0, 32))),
    },
    "a signature in capitals": {
      spoil: query((all) => all.set("signature", `${all.get("signature")?.toUpperCase() ?? ""}`)),
    },
    "two signatures": { spoil: query((parameters) => parameters.append("signature", "0".repeat(64))) },
    "another customer": { spoil: query((parameters) => parameters.set("logged_in_customer_id", "1")) },
    "a second customer": { spoil: query((parameters) => parameters.append("logged_in_customer_id", "1")) },
    "another shop": { spoil: query((parameters) => parameters.set("shop", "other-test.myshopify.com")) },
    "one parameter more": { spoil: query((parameters) => parameters.append("x", "1")) },
    "the signature in a header": {
      spoil: ({ url, headers }) => {
        headers.set("signature", url.searchParams.get("signature") ?? "");
        headers.set("x-shopify-logged-in-customer-id", "1");
        url.searchParams.delete("signature");
      },
    },
  },
  account: {
    "no token": { spoil: drop(TOKEN) },
    "another app's secret": { secret: OTHER_SECRET },
    expired: { madeAt: -75 },
    "not valid yet": { madeAt: 60 },
    "no signature": { spoil: bearer((good) => `${good.split(".").slice(0, 2).join(".")}.`) },
    "an altered signature": { spoil: bearer((good) => good.slice(0, -8) + "AAAAAAAA") },
    "a token in the query": {
      spoil: ({ url, headers }) => {
        url.searchParams.set("id_token", headers.get(TOKEN)?.replace("Bearer ", "") ?? "");
        headers.delete(TOKEN);
      },
    },
    "a basic login": { spoil: ({ headers }) => headers.set(TOKEN, `Basic ${btoa("admin:admin")}`) },
    "an algorithm of none": { spoil: bearer(() => unsignedToken(shop.domain)) },
  },
  block: {
    "no token": { spoil: drop(TOKEN) },
    "another app's secret": { secret: OTHER_SECRET },
    expired: { madeAt: -75 },
    "an algorithm of none": { spoil: bearer(() => unsignedToken(shop.domain)) },
  },
  webhook: {
    "no signature": { spoil: drop(HMAC) },
    "another app's secret": { secret: OTHER_SECRET },
    "an empty signature": { spoil: ({ headers }) => headers.set(HMAC, "") },
    "hexadecimal instead of base64": {
      spoil: ({ headers }) => headers.set(HMAC, Buffer.from(headers.get(HMAC) ?? "", "base64").toString("hex")),
    },
    "the signature of another body": { spoil: ({ headers }) => headers.set(HMAC, `${"A".repeat(43)}=`) },
  },
};

async function expectRefused(ask: DoorAsk, what: string, flaw: Flaw): Promise<void> {
  const answer = await fetch(await requestOf(origin, ask, caller(), flaw));
  const text = await answer.text();
  expect([ask.name, ask.method, what, [400, 401, 403, 404].includes(answer.status)]).toEqual([
    ...[ask.name, ask.method, what, true],
  ]);
  expect([ask.name, what, text.includes(shop.mark)]).toEqual([ask.name, what, false]);
}

describe("E01 E06 A09 without a valid signature, token or link nothing changes anywhere", () => {
  it.each(Object.entries(FLAWS).flatMap(([credential, flaws]) => Object.keys(flaws).map((what) => [credential, what])))(
    "E01 E06 A09 %s: %s",
    async (credential = "", what = "") => {
      const flaw = FLAWS[credential as keyof typeof FLAWS][what];
      if (!flaw) throw new Error("no such flaw");
      const asks = doorAsks(shop).filter((ask) => ask.credential === credential);
      expect(asks.length).toBeGreaterThan(0);
      for (const ask of asks) await expectRefused(ask, what, flaw);
      expect(await digest()).toEqual(before);
    },
  );

  it("E06 a token of the account pages opens no page of staff, and staff's no account", async () => {
    const secret = env().SHOPIFY_API_SECRET;
    const [ofCustomer, ofStaff] = [
      await tokenOf("account", caller(), secret),
      await tokenOf("block", caller(), secret),
    ];
    for (const ask of doorAsks(shop)) {
      if (ask.credential === "account") await expectRefused(ask, "staff", { spoil: bearer(() => ofStaff) });
      if (ask.credential === "block") await expectRefused(ask, "customer", { spoil: bearer(() => ofCustomer) });
    }
    expect(await digest()).toEqual(before);
  });

  it("E08 F10 a link with one letter changed, cut short or longer is no link", async () => {
    const spoiled = (text: string) => [
      ...[text.slice(0, -1), `${text}A`, text.toUpperCase(), ""],
      `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`,
      text.slice(0, -5) + (text.at(-5) === "x" ? "y" : "x") + text.slice(-4),
    ];
    const { unsubscribe, feed, request, author, ticket } = shop.secrets;
    const [, , feedShop = "", feedSecret = "", feedFile = ""] = feed.split("/");
    const links: DoorAsk[] = doorAsks(shop).flatMap((ask): DoorAsk[] => {
      if (ask.name === "unsubscribe")
        return spoiled(unsubscribe).map((token) => ({ ...ask, path: `/unsubscribe/${token}` }));
      if (ask.name === "feeds")
        return spoiled(feedSecret).map((secret) => ({ ...ask, path: `/feeds/${feedShop}/${secret}/${feedFile}` }));
      return [];
    });
    for (const link of links) await expectRefused(link, link.path, {});
    // The signature of these is good: it is the visitor who has no right.
    const tokens = doorAsks(shop).flatMap((ask): DoorAsk[] => {
      const swap = (good: string, bad: string, fields?: Record<string, string>) =>
        fields &&
        Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === good ? bad : value]));
      return [request, author, ticket].flatMap((good) =>
        JSON.stringify(ask).includes(good)
          ? spoiled(good).map((bad) => {
              const { query: asked, form, ...rest } = ask;
              const [inQuery, inForm] = [swap(good, bad, asked), swap(good, bad, form)];
              return { ...rest, ...(inQuery ? { query: inQuery } : {}), ...(inForm ? { form: inForm } : {}) };
            })
          : [],
      );
    });
    for (const ask of tokens) {
      const answer = await fetch(await requestOf(origin, ask, { shop: shop.domain, customerId: "" }));
      const text = await answer.text();
      if (ask.name === "proxy/review-upload") expect(text).toMatch(/"count":0|"outcome":"refused"/);
      else expect([ask.name, answer.status]).toEqual([ask.name, 404]);
      expect([ask.name, text.includes(`${shop.mark} smells`)]).toEqual([ask.name, false]);
    }
    expect(await digest()).toEqual(before);
  });

  it("E03 a form or a script of another site, with the shopper's own cookies and signature, changes nothing", async () => {
    const posts = doorAsks(shop).filter(
      ({ credential, method, json }) => credential === "proxy" && method === "POST" && json,
    );
    const foreign: Flaw[] = [
      { spoil: ({ headers }) => (headers.delete("x-kizuna"), headers.set("origin", "https://evil.example")) },
      { spoil: ({ headers }) => headers.set("content-type", "text/plain") },
      { spoil: ({ headers }) => headers.set("content-type", "application/x-www-form-urlencoded") },
      { spoil: ({ headers }) => headers.delete("content-type") },
    ];
    for (const ask of posts.filter(({ name }) => name !== "proxy/review-upload"))
      for (const flaw of foreign) {
        const answer = await fetch(await requestOf(origin, ask, caller(), flaw));
        expect([ask.name, [403, 404].includes(answer.status)]).toEqual([ask.name, true]);
      }
    // A page is only looked at by GET, HEAD, and by whoever asks for it with any other method.
    for (const ask of doorAsks(shop).filter(({ method }) => method === "POST")) {
      if (ask.credential === "webhook" || ask.credential === "link") continue;
      for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
        const good = await requestOf(origin, ask, caller());
        const answer = await fetch(good.url, { method, headers: good.headers });
        expect([ask.name, method, answer.status < 500]).toEqual([ask.name, method, true]);
        await answer.body?.cancel();
      }
    }
    expect(await digest()).toEqual(before);
  });

  it("E16 E02 odd paths lead to no door and to no file", async () => {
    const { hostname, port } = new URL(origin);
    const paths = [
      ...["//evil.example/proxy/history", "http://evil.example/healthz", "/proxy/../webhooks", "/proxy/%2e%2e/feeds"],
      ...["/media/1/../../etc/passwd", "/media/1/%2e%2e%2f%2e%2e/w640.webp", `/media/1/${"a".repeat(300)}/w640.webp`],
      ...["/feeds/1/../1/google-reviews.xml", "/unsubscribe/%00", "/unsubscribe/../healthz", "/media/1/CON/w640.webp"],
      ...["/proxy/history/77", "/proxy/HISTORY", "/account-api/../proxy/panel", "/.env", "/.git/config"],
    ];
    for (const target of paths) {
      const status = await new Promise<number>((resolve, reject) => {
        rawRequest({ hostname, port, path: target }, (res) => resolve(res.resume().statusCode ?? 0))
          .on("error", reject)
          .end();
      });
      expect([target, [400, 401, 404].includes(status)]).toEqual([target, true]);
    }
    expect(await digest()).toEqual(before);
  });
});

describe("E06 pages without a session", () => {
  const ROUTES = path.join(import.meta.dirname, "../../../app/routes");
  interface RouteModule {
    loader?: (args: LoaderFunctionArgs) => Promise<unknown>;
    action?: (args: ActionFunctionArgs) => Promise<unknown>;
  }
  const files = readdirSync(ROUTES).map((name) => {
    const own = ["route.tsx", "route.ts"].map((file) => path.join(ROUTES, name, file)).find(existsSync);
    return { id: name.replace(/\.tsx?$/, ""), file: own ?? path.join(ROUTES, name) };
  });
  const modules: { id: string; module: RouteModule }[] = [];
  beforeAll(async () => {
    for (const { id, file } of files) modules.push({ id, module: (await import(file)) as RouteModule });
  });

  async function statusOf(answer: Promise<unknown>): Promise<number> {
    const value = await answer.catch((thrown: unknown) => thrown);
    if (value instanceof Response) return value.status;
    if (value instanceof Error) throw value;
    return 200;
  }
  const bodiesOf = (id: string) => [
    ...Object.values(ROUTE_ATTACKS[id] ?? {}).map((attack) => attack(shop, shop)),
    ...Object.values(WITHOUT_IDS[id] ?? {}).map((ask) => ({ body: ask(shop), parameter: undefined })),
  ];

  it("E06 let nobody look and nobody act, whatever they show instead of a session token", async () => {
    const customer = await tokenOf("account", caller(), env().SHOPIFY_API_SECRET);
    const tokens: [string, string][] = [
      ["none", ""],
      ["expired", await sessionToken(shop.domain, { expiresIn: -60 })],
      ["another app's", await sessionToken(shop.domain, { secret: OTHER_SECRET })],
      ["unsigned", unsignedToken(shop.domain)],
      ["a customer's", customer],
      ["a session id", `offline_${shop.domain}`],
    ];
    for (const [what, token] of tokens) {
      const ask = (address: string, init: RequestInit = {}) => {
        const request = adminRequest(address, token, init);
        if (token === "") request.headers.delete("authorization");
        request.headers.set("cookie", `shopify_app_session=offline_${shop.domain}`);
        return request;
      };
      for (const { id, module } of modules) {
        if (id !== "app" && !id.startsWith("app.")) continue;
        const name = /\$(\w+)/.exec(id)?.[1] ?? "none";
        for (const { body, parameter } of [{ body: {}, parameter: undefined }, ...bodiesOf(id)]) {
          const address = `/${id.replaceAll(".", "/")}?shop=${shop.domain}&shop_id=${shop.shopId}`;
          const params = { [name]: String(parameter ?? shop.ids.member) };
          const json = body instanceof FormData ? body : JSON.stringify(body);
          const loaded = module.loader?.({ request: ask(address), params, context: {} });
          const acted = module.action?.({ request: ask(address, { method: "POST", body: json }), params, context: {} });
          for (const answer of [loaded, acted])
            if (answer)
              expect([id, what, [302, 401, 403, 410].includes(await statusOf(answer))]).toEqual([id, what, true]);
        }
      }
    }
    expect(await digest()).toEqual(before);
  });

  it.each([
    ["another host", "evil.example"],
    ["another host and our ending", "evil.example/.myshopify.com"],
    ["another host that begins alike", "a.myshopify.com.evil.example"],
    ["a user's name before another host", "a.myshopify.com@evil.example"],
    ["a second header", "a.myshopify.com\r\nLocation: https://evil.example"],
    ["no scheme", "//evil.example"],
    ["a letter of another script", "аpple.myshopify.com.evil.example"],
  ])("E07 a sign-in with %s for its shop leads nowhere else", async (_what, named) => {
    for (const { id, module } of modules) {
      if (id !== "_index" && !id.startsWith("auth.")) continue;
      const address = new URL(`/${id.replace("_index", "").replaceAll(".", "/")}`, env().SHOPIFY_APP_URL);
      address.searchParams.set("shop", named);
      const request = new Request(address, { headers: { "user-agent": "Mozilla/5.0 Chrome/142" } });
      const answer = await Promise.resolve()
        .then(() => module.loader?.({ request, params: {}, context: {} }))
        .catch((thrown: unknown) => thrown);
      if (!(answer instanceof Response)) continue;
      const target = answer.headers.get("location");
      const host = target === null ? null : new URL(target, env().SHOPIFY_APP_URL).host;
      expect([null, new URL(env().SHOPIFY_APP_URL).host, "admin.shopify.com"]).toContain(host);
      expect(await answer.text()).not.toMatch(/(?:href|action|src)="(?:https?:)?\/\/evil/);
    }
    expect(await digest()).toEqual(before);
  });

  it("F14 of the routes outside of the admin there are three, none of which acts", () => {
    const open = modules.filter(({ id }) => id !== "app" && !id.startsWith("app."));
    expect(open.map(({ id }) => id).sort()).toEqual(["_index", "auth.$", "auth.login"]);
    expect(open.filter(({ module }) => module.action)).toEqual([]);
  });
});
