// Reviews from the customer's own order and account pages: by session token, of what that customer bought.
import { createServer, type Server } from "node:http";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { queryShop } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import type { OrderReviewsAnswer } from "../../../app/storefront/account-answers";
import { handleAccount } from "../../../app/storefront/account.server";
import { createTestMember } from "../../builders/member";
import { newGid } from "../../builders/order-facts";
import { storeOrder } from "../../builders/review";
import { useTestDatabase } from "../../setup/postgres";
import { listening } from "./beside-the-clock";
import { ReviewSite, sentenceOf, type Invitation } from "./review-site";

useTestDatabase();
const DOMAIN = "account-reviews.myshopify.com";
let site: ReviewSite;
let server: Server;
let origin = "";

beforeAll(async () => {
  site = await ReviewSite.open(DOMAIN);
  server = createServer((req, res) => void handleAccount(req, res));
  origin = await listening(server);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await site.close();
});

function tokenOf(customerId: string): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    dest: DOMAIN,
    aud: env().SHOPIFY_API_KEY,
    sub: `gid://shopify/Customer/${customerId}`,
    exp: now + 60,
    nbf: now,
    iat: now,
    jti: crypto.randomUUID(),
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(env().SHOPIFY_API_SECRET));
}
async function ask(
  customerId: string | null,
  path: string,
  body?: object,
): Promise<{ status: number; body: { outcome: string } }> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (customerId !== null) headers["authorization"] = `Bearer ${await tokenOf(customerId)}`;
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`${origin}/account-api/${path}`, init);
  return { status: response.status, body: (await response.json()) as { outcome: string } };
}
const listed = async (customerId: string, order?: string) =>
  (await ask(customerId, `reviews${order === undefined ? "" : `?order=${encodeURIComponent(order)}`}`))
    .body as OrderReviewsAnswer;
const review = ({ orderGid, lineIds }: Invitation, over: object = {}) => ({
  order: orderGid,
  lineId: lineIds[0],
  rating: 3,
  title: "",
  body: sentenceOf(orderGid),
  name: "Jane S.",
  ...over,
});

describe("reviews from the account", () => {
  it("lists what arrived, takes one review of it, and shows it from then on", async () => {
    const bought = await site.invite(["Tea", "Tin"]);
    expect(await listed(bought.customerId, bought.orderGid)).toEqual({
      outcome: "found",
      name: "Jane S.",
      points: null,
      products: [
        { lineId: bought.lineIds[0], title: "Tea", review: null },
        { lineId: bought.lineIds[1], title: "Tin", review: null },
      ],
    });
    expect((await ask(bought.customerId, "review?locale=ja", review(bought))).body.outcome).toBe("published");
    expect((await ask(bought.customerId, "review", review(bought, { rating: 5 }))).body.outcome).toBe(
      "already_reviewed",
    );
    const after = await listed(bought.customerId, bought.orderGid);
    expect(after).toMatchObject({ products: [{ review: { rating: 3, state: "published" } }, { review: null }] });
    expect(await listed(bought.customerId)).toMatchObject({ products: [{ title: "Tin" }] });
    const rows = await queryShop(
      site.shopId,
      "SELECT verified, source, locale, author_name FROM review WHERE shop_id = $1 AND order_id = $2",
      [site.shopId, bought.orderId],
    );
    expect(rows).toEqual([{ verified: true, source: "account", locale: "ja", author_name: "Jane S." }]);
  });

  it("D08 E10 lets nobody review what another customer bought", async () => {
    const [owner, other] = [await site.invite(["Mine"]), await site.invite(["Theirs"])];
    expect((await ask(other.customerId, "review", review(owner))).body.outcome).toBe("not_allowed");
    expect((await ask(other.customerId, "review", review(owner, { order: undefined }))).body.outcome).toBe(
      "not_allowed",
    );
    expect(await listed(other.customerId, owner.orderGid)).toMatchObject({ products: [] });
    expect((await ask(null, "review", review(owner))).status).toBe(401);
    expect(
      await queryShop(site.shopId, "SELECT FROM review WHERE shop_id = $1 AND order_id = $2", [
        site.shopId,
        owner.orderId,
      ]),
    ).toEqual([]);
  });

  it("waits until the order has arrived, and refuses what is none", async () => {
    const { customerGid } = await createTestMember(site.shopId, {});
    const customerId = customerGid.slice(customerGid.lastIndexOf("/") + 1);
    const { facts } = await storeOrder(site.shopId, { productGids: [newGid("Product")], customerId: customerGid });
    expect(await listed(customerId, facts.orderId)).toMatchObject({ outcome: "found", products: [] });
    expect((await ask(customerId, "reviews?order=1")).status).toBe(400);
    for (const body of [{}, { lineId: 1 }, { ...review(await site.invite(["X"])), rating: 6 }])
      expect((await ask(customerId, "review", body)).status).toBe(400);
  });
});
