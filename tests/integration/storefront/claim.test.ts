// A signed-in shopper's guest orders become theirs, through the storefront's door.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { http, HttpResponse, passthrough } from "msw";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { useFakeShopify } from "../../builders/fake-shopify";
import { balanceOf } from "../../builders/member";
import { orderFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify([http.all(/^http:\/\/127\.0\.0\.1:/, () => passthrough())]);

const SHOP = "claim-tokyo.myshopify.com";
const EMAIL = "hanako@example.jp";
let server: Server;
let origin = "";
let shopId: ShopId;
let customer = 900;
let verified = true;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeTestSession(SHOP);
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  await saveProgram(shopId, rules, "staff:1", new Date("2026-01-01T00:00:00Z"));
  server = createServer((req, res) => void handleProxy(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  customer++;
  verified = true;
  shopify.on("ReadCustomers", ({ variables }) => ({
    nodes: (variables["ids"] as string[]).map((id) => ({
      id,
      firstName: "花子",
      lastName: "山田",
      locale: "ja",
      tags: [],
      state: "ENABLED",
      verifiedEmail: verified,
      createdAt: "2026-06-01T00:00:00Z",
      updatedAt: "2026-06-01T00:00:00Z",
      defaultEmailAddress: { emailAddress: `${customer}.${EMAIL}`, marketingState: "SUBSCRIBED" },
    })),
  }));
});

const gid = () => `gid://shopify/Customer/${customer}`;
async function orderAsGuest(): Promise<void> {
  const processedAt = new Date(Date.now() - 86_400_000).toISOString();
  const facts = orderFacts({ customerId: null, email: `${customer}.${EMAIL}`, processedAt });
  await inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "read", new Date());
    await settleOrder(tx, orderId, new Date());
  });
}
function claim(init: RequestInit = {}, customerId = String(customer)): Promise<Response> {
  const parameters = new URLSearchParams({
    shop: SHOP,
    path_prefix: "/apps/kizuna",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customerId,
  });
  parameters.set("signature", signProxyQuery(parameters, process.env.SHOPIFY_API_SECRET ?? ""));
  const headers = { "Content-Type": "application/json", "X-Kizuna": "1" };
  return fetch(`${origin}/proxy/claim?${parameters.toString()}`, { method: "POST", body: "{}", headers, ...init });
}

describe("claiming guest orders on a signed-in visit", () => {
  it("B08 gives a verified customer the guest orders of their address, once", async () => {
    await orderAsGuest();
    const answer = await claim();
    expect([answer.status, await answer.json()]).toEqual([200, { outcome: "claimed", claimed: 1 }]);
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 137, ordersCount: 1 });
    expect(await (await claim()).json()).toEqual({ outcome: "claimed", claimed: 0 });
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 137, ordersCount: 1 });
  });

  it("B08 gives nothing to an account whose address nobody has proved", async () => {
    await orderAsGuest();
    verified = false;
    expect(await (await claim()).json()).toEqual({ outcome: "claimed", claimed: 0 });
    verified = true;
    expect(await (await claim()).json()).toEqual({ outcome: "claimed", claimed: 1 });
  });

  it("E03 refuses what a foreign page could send with the shopper's cookies, and reads", async () => {
    await orderAsGuest();
    const form = "application/x-www-form-urlencoded";
    const foreign: [RequestInit, number][] = [
      [{ headers: { "Content-Type": form, "X-Kizuna": "1" } }, 403],
      [{ headers: { "Content-Type": "text/plain" } }, 403],
      [{ headers: { "Content-Type": "application/json" } }, 403],
      [{ method: "GET", body: null }, 405],
      [{ method: "DELETE" }, 405],
    ];
    for (const [init, status] of foreign) expect((await claim(init)).status).toBe(status);
    expect((await claim({}, "")).status).toBe(401);
    expect((await fetch(`${origin}/proxy/claim`, { method: "POST", body: "{}" })).status).toBe(400);
    expect(shopify.calls).toEqual([]);
    expect(await (await claim()).json()).toEqual({ outcome: "claimed", claimed: 1 });
  });

  it("slows down one shopper before Shopify is asked again and again", async () => {
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) statuses.push((await claim()).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(shopify.calls).toHaveLength(3);
  });

  it("says so when Shopify cannot be asked", async () => {
    shopify.on("ReadCustomers", () => HttpResponse.json({ errors: "down" }, { status: 503 }));
    expect((await claim()).status).toBe(503);
  });
});
