// F05: points are given by staff and by nobody else, and a large number takes a second word.
import { createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { ADJUSTMENT_MAX, CONFIRM_ABOVE } from "../../../app/loyalty/adjust-limits";
import { action as adjustMember } from "../../../app/routes/app.members.$memberId/route";
import { action as adjustMembers } from "../../../app/routes/app.members._index/route";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();
const SHOP = "guarded.myshopify.com";
const ROUTES = join(import.meta.dirname, "../../../app/routes");

type Door = (args: ActionFunctionArgs & LoaderFunctionArgs) => Promise<unknown>;
interface RouteModule {
  action?: Door;
  loader?: Door;
}
let token: string;
let members: { memberId: number; customerGid: string }[];
beforeAll(async () => {
  const shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
  members = [];
  for (let count = 0; count < 3; count++) members.push(await createTestMember(shopId));
});

/** The doors of every page of the admin, as the folder of routes has them. */
async function adminRoutes(): Promise<[string, RouteModule][]> {
  const names = readdirSync(ROUTES).filter((name) => /^app[._]/.test(name));
  const paths = names.map((name) => (name.endsWith(".ts") || name.endsWith(".tsx") ? name : `${name}/route.tsx`));
  return Promise.all(
    paths.map(async (path): Promise<[string, RouteModule]> => [
      path,
      (await import(join(ROUTES, path))) as RouteModule,
    ]),
  );
}
async function entries(): Promise<number> {
  const { rows } = await database.owner().query<{ count: number }>("SELECT count(*)::int AS count FROM points_entry");
  return rows[0]?.count ?? 0;
}
const adjustment = (points: number) => ({ points, reason: "adjust_gift", note: "", key: crypto.randomUUID() });

/** Requests a shopper can make: signed by Shopify for them, and still not staff. */
async function shopperRequests(body: unknown): Promise<[string, Request][]> {
  const path = `/app/members/${members[0]?.memberId}`;
  const customer = members[0]?.customerGid ?? "";
  const post = (query: string, headers: Record<string, string>) =>
    new Request(new URL(path + query, env().SHOPIFY_APP_URL), {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Mozilla/5.0 Chrome/142",
        "X-Kizuna": "1",
        ...headers,
      },
    });
  const parameters = new URLSearchParams({
    shop: SHOP,
    path_prefix: "/apps/kizuna",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customer.split("/").at(-1) ?? "",
  });
  parameters.set("signature", signProxyQuery(parameters, env().SHOPIFY_API_SECRET));
  const proxy = parameters.toString();
  // Old-style links of the admin are signed over sorted pairs: a proxy's query is none of them.
  const hmac = createHmac("sha256", env().SHOPIFY_API_SECRET).update(proxy).digest("hex");
  // Tokens of customer accounts and of the checkout carry the app's own signature.
  const accountToken = await sessionToken(SHOP, {
    claims: { iss: undefined, dest: SHOP, sub: customer, sid: undefined },
  });
  const checkoutToken = await sessionToken(SHOP, { claims: { iss: undefined, sub: customer } });
  return [
    ["nothing", post("", {})],
    ["a proxy's signature", post(`?${proxy}`, {})],
    ["a proxy's signature and an hmac", post(`?${proxy}&hmac=${hmac}`, {})],
    ["a customer account's token", post("", { Authorization: `Bearer ${accountToken}` })],
    ["a checkout's token", post("", { Authorization: `Bearer ${checkoutToken}` })],
    ["a customer account's token in the address", post(`?id_token=${accountToken}`, {})],
  ];
}

describe("F05 who may change points", () => {
  it("F05 a shopper's token or a proxied request reaches no adjustment", async () => {
    for (const [name, request] of await shopperRequests(adjustment(100))) {
      const params = { memberId: String(members[0]?.memberId) };
      const bulk = { ...adjustment(100), memberIds: [members[0]?.memberId] };
      const again = new Request(request, { body: JSON.stringify(bulk) });
      expect([name, await statusOf(adjustMember({ request, params, context: {} }))]).not.toEqual([name, 200]);
      expect([name, await statusOf(adjustMembers({ request: again, params: {}, context: {} }))]).not.toEqual([
        name,
        200,
      ]);
    }
    expect(await entries()).toBe(0);
  });

  it("F05 every page of the admin, read or written, asks for a session first", async () => {
    const routes = await adminRoutes();
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter(([, { action }]) => action).length).toBeGreaterThan(10);
    const params = { memberId: "1", deliveryId: "1", rewardId: "1", campaignId: "a" };
    for (const [path, { action, loader }] of routes) {
      for (const [name, request] of await shopperRequests({})) {
        const label = `${path} with ${name}`;
        if (action) expect([label, await statusOf(action({ request, params, context: {} }))]).not.toEqual([label, 200]);
        const read = new Request(request.url, { headers: request.headers });
        if (loader)
          expect([label, await statusOf(loader({ request: read, params, context: {} }))]).not.toEqual([label, 200]);
      }
    }
  });
});

describe("F05 large numbers", () => {
  const one = (body: unknown) => {
    const path = `/app/members/${members[0]?.memberId}`;
    return adjustMember({
      request: adminPost(path, token, body),
      params: { memberId: String(members[0]?.memberId) },
      context: {},
    });
  };
  const many = (body: unknown) =>
    adjustMembers({ request: adminPost("/app/members", token, body), params: {}, context: {} });

  it("F05 need a confirmation, a reason and stay below the cap, for one member", async () => {
    expect(await one(adjustment(CONFIRM_ABOVE + 1))).toEqual({ outcome: "unconfirmed" });
    expect(await one(adjustment(-CONFIRM_ABOVE - 1))).toEqual({ outcome: "unconfirmed" });
    expect(await one({ ...adjustment(CONFIRM_ABOVE + 1), confirmed: false })).toEqual({ outcome: "unconfirmed" });
    expect(await one({ ...adjustment(CONFIRM_ABOVE + 1), confirmed: true, reason: undefined })).toEqual({
      outcome: "invalid",
    });
    expect(await one({ ...adjustment(ADJUSTMENT_MAX + 1), confirmed: true })).toEqual({ outcome: "invalid" });
    expect(await entries()).toBe(0);
    expect(await one(adjustment(CONFIRM_ABOVE))).toMatchObject({ outcome: "adjusted", available: CONFIRM_ABOVE });
    expect(await one({ ...adjustment(ADJUSTMENT_MAX), confirmed: true })).toMatchObject({ outcome: "adjusted" });
    expect(await entries()).toBe(2);
  });

  it("F05 count over everybody they are given to", async () => {
    const before = await entries();
    const memberIds = members.map(({ memberId }) => memberId);
    const each = Math.floor(CONFIRM_ABOVE / 3) + 1;
    expect(await many({ ...adjustment(each), memberIds })).toEqual({ outcome: "unconfirmed" });
    expect(await entries()).toBe(before);
    expect(await many({ ...adjustment(each), memberIds, confirmed: true })).toMatchObject({ adjusted: 3 });
    expect(await many({ ...adjustment(each - 1), memberIds })).toMatchObject({ adjusted: 3 });
    expect(await entries()).toBe(before + 6);
  });
});
