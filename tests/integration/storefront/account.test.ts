// The doors of the UI extensions over real HTTP: session tokens as Shopify signs them, and as others do.
import { createServer, type Server } from "node:http";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { routerPool } from "../../../app/db.server";
import type { WayToEarn } from "../../../app/loyalty/program-parts";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import type { CustomerBlockAnswer } from "../../../app/server/customer-block-answer";
import { CUSTOMER_BLOCK_PATH, handleCustomerBlock } from "../../../app/server/customer-block.server";
import type { AccountAnswer } from "../../../app/storefront/account-answers";
import { handleAccount } from "../../../app/storefront/account.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { AMOUNT_OFF, CODE_TERMS, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";
import { besideTheClock, listening } from "./beside-the-clock";

const database = useTestDatabase();
const OTHER = "account-other.myshopify.com";
const GONE = "account-gone.myshopify.com";
const POINTS_OFF: RewardTerms = {
  kind: "points_off",
  ...CODE_TERMS,
  pointsPerStep: 10,
  minorPerStep: 10,
  pointsMax: 5_000,
  appliesTo: null,
  worthMore: "limit",
};
const CAPPED: RewardTerms = { kind: "percentage_off", ...CODE_TERMS, percent: 10, capMinor: 500, appliesTo: null };
const WAYS: WayToEarn[] = [{ id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 }];
const tier = (id: string, en: string, ja: string, threshold: number) => ({
  id,
  name: { en, ja },
  threshold,
  multiplierPercent: 100,
  entryPoints: null,
  perks: [],
  color: null,
});
const TIERS = {
  effectiveAt: "2026-01-01T00:00:00.000Z",
  enabled: true,
  metric: "spend" as const,
  window: { kind: "lifetime" as const },
  graceDays: 0,
  grandfather: false,
  tiers: [tier("silver", "Silver", "シルバー", 0), tier("gold", "Gold", "ゴールド", 50_000)],
};

let shop: RedemptionShop;
let server: Server;
let clock: Server;
let origin = "";
let amountOff = 0;
let pointsOff = 0;

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), { ways: WAYS, tierPlans: [TIERS] });
  await createTestShop(OTHER);
  await createTestShop(GONE);
  await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE domain = $1", [GONE]);
  amountOff = await shop.reward(AMOUNT_OFF, { points: 100 });
  pointsOff = await shop.reward(POINTS_OFF, { points: 50 });
  await shop.reward(CAPPED, { points: 100 });
  server = createServer((req, res) => {
    void (req.url?.startsWith(CUSTOMER_BLOCK_PATH) ? handleCustomerBlock(req, res) : handleAccount(req, res));
  });
  origin = await listening(server);
  clock = besideTheClock(shop.platform.address, () => shop.now);
  env().SHOPIFY_SIMULATOR_URL = await listening(clock);
});
afterAll(async () => {
  for (const each of [server, clock]) await new Promise((resolve) => each.close(resolve));
  await shop.stop();
});

type Claims = Record<string, unknown>;
const seconds = () => Math.floor(Date.now() / 1_000);
const times = () => ({ exp: seconds() + 60, nbf: seconds(), iat: seconds(), jti: crypto.randomUUID() });
const customerClaims = (customerId: string | null, over: Claims = {}): Claims => ({
  dest: DOMAIN,
  aud: env().SHOPIFY_API_KEY,
  ...(customerId === null ? {} : { sub: `gid://shopify/Customer/${customerId}` }),
  ...times(),
  ...over,
});
const staffClaims = (over: Claims = {}): Claims => ({
  iss: `https://${DOMAIN}/admin`,
  dest: `https://${DOMAIN}`,
  aud: env().SHOPIFY_API_KEY,
  sub: "1",
  sid: crypto.randomUUID(),
  ...times(),
  ...over,
});
function sign(claims: Claims, { secret = env().SHOPIFY_API_SECRET, alg = "HS256" } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

interface Answer {
  status: number;
  headers: Headers;
  body: { outcome: string } & Record<string, unknown>;
}
async function ask(path: string, authorization: string | null, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (authorization !== null) headers.set("authorization", authorization);
  const response = await fetch(origin + path, { ...init, headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}
const as = async (customerId: string | null) => `Bearer ${await sign(customerClaims(customerId))}`;
const staff = async () => `Bearer ${await sign(staffClaims())}`;
const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
async function account(customerId: string, locale = "en"): Promise<AccountAnswer> {
  const { status, body } = await ask(`/account-api/account?locale=${locale}`, await as(customerId));
  expect(status).toBe(200);
  return body as unknown as AccountAnswer;
}
const member = (customerId: string) =>
  `/admin-api-block/member?customer=${encodeURIComponent(`gid://shopify/Customer/${customerId}`)}`;

/** What no valid token may look like, made from claims that would be one. */
async function badTokens(claims: Claims): Promise<Record<string, string | null>> {
  const good = await sign(claims);
  const [head = "", payload = "", signature = ""] = good.split(".");
  const swapped = Buffer.from(JSON.stringify({ ...claims, sub: "gid://shopify/Customer/1" })).toString("base64url");
  return {
    none: null,
    empty: "Bearer ",
    "without the scheme": good,
    expired: `Bearer ${await sign({ ...claims, exp: seconds() - 12, nbf: seconds() - 72 })}`,
    "not yet valid": `Bearer ${await sign({ ...claims, nbf: seconds() + 15 })}`,
    "without an end": `Bearer ${await sign({ ...claims, exp: undefined })}`,
    "another app's audience": `Bearer ${await sign({ ...claims, aud: "another-app" })}`,
    "two audiences": `Bearer ${await sign({ ...claims, aud: [env().SHOPIFY_API_KEY, "another-app"] })}`,
    "another app's secret": `Bearer ${await sign(claims, { secret: "0".repeat(64) })}`,
    "another algorithm": `Bearer ${await sign(claims, { alg: "HS512", secret: env().SHOPIFY_API_SECRET.repeat(2) })}`,
    "no algorithm": `Bearer ${new UnsecuredJWT(claims).encode()}`,
    "no signature": `Bearer ${head}.${payload}.`,
    "another's claims": `Bearer ${head}.${swapped}.${signature}`,
    "a foreign destination": `Bearer ${await sign({ ...claims, dest: "https://evil.example.com" })}`,
    "a destination that only begins well": `Bearer ${await sign({ ...claims, dest: `https://${DOMAIN}.evil.example` })}`,
    "no destination": `Bearer ${await sign({ ...claims, dest: undefined })}`,
  };
}

describe("who may ask", () => {
  it("E06 refuses every token that is not Shopify's for this app, now", async () => {
    for (const [path, claims] of [
      ["/account-api/account", customerClaims("77")],
      [member("77"), staffClaims()],
    ] as const) {
      for (const [name, authorization] of Object.entries(await badTokens(claims))) {
        const { status, body } = await ask(path, authorization);
        expect([path, name, status, body.outcome]).toEqual([path, name, 401, "signed_out"]);
      }
    }
  });

  it("E06 allows ten seconds of skew and no more", async () => {
    const late = await sign(customerClaims("77", { exp: seconds() - 5 }));
    expect((await ask("/account-api/account", `Bearer ${late}`)).status).toBe(200);
    const early = await sign(customerClaims("77", { nbf: seconds() + 5 }));
    expect((await ask("/account-api/account", `Bearer ${early}`)).status).toBe(200);
  });

  it("E06 keeps shoppers' tokens out of the admin's door, and the staff's out of the account", async () => {
    expect((await ask(member("77"), await as("77"))).status).toBe(401);
    const dressed = await sign(customerClaims("77", { dest: `https://${DOMAIN}` }));
    expect((await ask(member("77"), `Bearer ${dressed}`)).status).toBe(401);
    const other = await sign(staffClaims({ iss: `https://${OTHER}/admin` }));
    expect((await ask(member("77"), `Bearer ${other}`)).status).toBe(401);
    expect((await ask("/account-api/account", await staff())).status).toBe(401);
    const odd = await sign(customerClaims(null, { sub: "gid://shopify/Order/1" }));
    expect((await ask("/account-api/account", `Bearer ${odd}`)).status).toBe(401);
  });

  it("answers 401 to a guest, 404 to a shop that is gone or never was", async () => {
    const guest = await ask("/account-api/order?order=gid://shopify/Order/1", await as(null));
    expect([guest.status, guest.body]).toEqual([401, { outcome: "signed_out", reason: "guest" }]);
    for (const dest of [GONE, "never-was.myshopify.com"]) {
      const token = await sign(customerClaims("77", { dest }));
      expect((await ask("/account-api/account", `Bearer ${token}`)).status).toBe(404);
      const admin = await sign(staffClaims({ dest: `https://${dest}`, iss: `https://${dest}/admin` }));
      expect((await ask(member("77"), `Bearer ${admin}`)).status).toBe(404);
    }
  });

  it("D08 takes shop and customer from the token, whatever the address and the body say", async () => {
    const { customerId, memberId } = await shop.member(500);
    const foreign = `Bearer ${await sign(customerClaims(customerId, { dest: OTHER }))}`;
    const read = await ask(`/account-api/account?shop=${DOMAIN}&logged_in_customer_id=${customerId}`, foreign);
    expect(read.body).toMatchObject({ outcome: "found", available: 0, history: [] });
    const bought = await ask(
      "/account-api/redeem",
      foreign,
      post({ rewardId: amountOff, requestKey: crypto.randomUUID(), shop: DOMAIN, customerId }),
    );
    expect(["unknown_member", "unknown_reward"]).toContain(bought.body.outcome);
    const otherStaff = await sign(staffClaims({ dest: `https://${OTHER}`, iss: `https://${OTHER}/admin` }));
    const block = await ask(`${member(customerId)}&shop=${DOMAIN}`, `Bearer ${otherStaff}`);
    expect([block.status, block.body]).toEqual([404, { outcome: "not_found" }]);
    expect((await shop.balance(memberId)).available).toBe(500);
  });

  it("lets any origin ask, without cookies, and keeps every answer out of caches", async () => {
    for (const path of ["/account-api/account", "/admin-api-block/member"]) {
      const preflight = await fetch(origin + path, {
        method: "OPTIONS",
        headers: { origin: "https://extensions.shopifycdn.com", "access-control-request-headers": "authorization" },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
      expect(preflight.headers.get("access-control-allow-headers")).toMatch(/Authorization/);
      expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
      const refused = await ask(path, null);
      expect(refused.headers.get("access-control-allow-origin")).toBe("*");
      expect(refused.headers.get("cache-control")).toBe("private, no-store");
    }
  });

  it("knows its paths and methods", async () => {
    expect((await ask("/account-api/nothing", await as("77"))).status).toBe(404);
    expect((await ask("/account-api/referral", await as("77"), post({}))).status).toBe(404);
    expect((await ask("/account-api/redeem", await as("77"))).status).toBe(405);
    expect((await ask("/account-api/account", await as("77"), post({}))).status).toBe(405);
    expect((await ask(member("77"), await staff(), post({}))).status).toBe(405);
    expect((await ask("/admin-api-block/other", await staff())).status).toBe(404);
    expect((await ask("/admin-api-block/member?customer=77", await staff())).status).toBe(400);
    expect((await ask("/account-api/order?order=1001", await as("77"))).status).toBe(400);
    expect((await ask("/account-api/redeem", await as("77"), post("{"))).status).toBe(400);
    expect((await ask("/account-api/redeem", await as("77"), post({ rewardId: "1" }))).status).toBe(400);
    expect((await ask("/account-api/redeem", await as("77"), post(`"${"x".repeat(9_000)}"`))).status).toBe(413);
  });

  it("stops a caller who does not stop asking", async () => {
    const authorization = await as("66001");
    const answers = await Promise.all(Array.from({ length: 45 }, () => ask("/account-api/account", authorization)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get("retry-after")).toBe("5");
    expect((await ask("/account-api/account", await as("66002"))).status).toBe(200);
  });
});

describe("the account's doors", () => {
  it("say what the member has, in their language", async () => {
    const { customerId } = await shop.member(1_240);
    const english = await account(customerId);
    expect(english).toMatchObject({
      isOpen: true,
      timeZone: "Asia/Tokyo",
      available: 1_240,
      pending: 0,
      worth: "¥1,240",
      join: { points: 100 },
    });
    expect(english.history.map(({ points, text }) => [points, text])).toEqual([[1_240, "A gift from the shop"]]);
    // A capped percentage needs a cart: it is not offered here.
    expect(english.rewards.map(({ id, title, availability, choose }) => [id, title, availability, choose])).toEqual([
      [amountOff, "¥500 off", "available", null],
      [pointsOff, "¥500 off", "available", { step: 10, max: 1_240 }],
    ]);
    const japanese = await account(customerId, "ja");
    expect(japanese.rewards[0]?.title).toBe("500円オフ");
    expect(japanese.history[0]?.text).toBe("お店からのプレゼント");
  });

  it("show the tier and how far the next one is", async () => {
    const { customerId, memberId } = await shop.member(10);
    const progress = {
      metric: "spend",
      current: 38_000,
      nextTierId: "gold",
      nextThreshold: 50_000,
      periodEnd: null,
    };
    await database
      .owner()
      .query("UPDATE member SET tier_id = 'silver', tier_progress = $2 WHERE id = $1", [
        memberId,
        JSON.stringify(progress),
      ]);
    expect((await account(customerId, "ja")).tier).toEqual({
      name: "シルバー",
      until: null,
      next: {
        name: "ゴールド",
        metric: "spend",
        current: 38_000,
        threshold: 50_000,
        left: "¥12,000",
        periodEnd: null,
      },
    });
    const block = await ask(member(customerId), await staff());
    expect(block.body["tier"]).toEqual({ name: "Silver", until: null });
  });

  it("answer a customer nobody has met with nothing yet", async () => {
    expect(await account("777001")).toMatchObject({
      available: 0,
      history: [],
      redemptions: [],
      join: { points: 100 },
    });
  });

  it("C02 redeem once for one key, and show the code afterwards", async () => {
    const { customerId, memberId } = await shop.member(300);
    const wish = { rewardId: pointsOff, points: 120, requestKey: crypto.randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => ask("/account-api/redeem", await as(customerId), post(wish))),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(["issued", "reserved"]).toContain(body.outcome);
    }
    await shop.complete();
    expect(await shop.balance(memberId)).toMatchObject({ available: 180, reserved: 120 });
    const { available, redemptions } = await account(customerId);
    expect(available).toBe(180);
    expect(redemptions).toEqual([expect.objectContaining({ points: 120, status: "issued", title: "¥500 off" })]);
    expect(redemptions[0]?.code).toMatch(/^[\w-]{16,}$/);
    const other = { ...wish, points: 130 };
    expect((await ask("/account-api/redeem", await as(customerId), post(other))).status).toBe(409);
  });

  it("join in one step", async () => {
    const { customerId, memberId } = await shop.member(0);
    const joined = await ask("/account-api/join", await as(customerId), post({ how: "click" }));
    expect(joined.body).toMatchObject({ outcome: "joined", points: 100 });
    expect(joined.body).not.toHaveProperty("isRush");
    expect(await account(customerId)).toMatchObject({ join: null, available: 100 });
    expect((await shop.balance(memberId)).available).toBe(100);
  });

  it("tell what an order earns to the one who placed it, and to nobody else", async () => {
    const { customerId } = await shop.member(0);
    const order = shop.order({ customerId });
    const path = `/account-api/order?locale=en&order=${encodeURIComponent(`gid://shopify/OrderIdentity/${order.id}`)}`;
    expect((await ask(path, await as(customerId))).status).toBe(404);
    await shop.hear(order);
    const found = await ask(path, await as(customerId));
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ outcome: "found" });
    expect(found.body["points"]).toEqual(expect.any(Number));
    expect(found.body["text"]).toEqual(expect.any(String));
    const { customerId: stranger } = await shop.member(0);
    expect((await ask(path, await as(stranger))).body).toEqual({ outcome: "not_found" });
  });
});

describe("the admin block's door", () => {
  it("shows the balance by bucket and the last three steps with reasons", async () => {
    const { customerId, memberId } = await shop.member(100);
    for (const points of [20, 30, 40]) await shop.give(memberId, points);
    await shop.redeem(`gid://shopify/Customer/${customerId}`, amountOff);
    const { status, body } = await ask(`${member(customerId)}&locale=ja`, await staff());
    const block = body as unknown as Extract<CustomerBlockAnswer, { outcome: "found" }>;
    expect(status).toBe(200);
    expect(block.memberId).toBe(memberId);
    expect(block.balances).toMatchObject({ available: 90, reserved: 100, pending: 0, debt: 0 });
    expect(block.history).toHaveLength(3);
    for (const { text } of block.history) expect(text).not.toBe("");
    expect(block.timeZone).toBe("Asia/Tokyo");
  });

  it("knows nothing of a customer who is no member", async () => {
    const { status, body } = await ask(member("777002"), await staff());
    expect([status, body]).toEqual([404, { outcome: "not_found" }]);
    const other = await createTestMember(shop.shopId, { customerId: "gid://shopify/Customer/777003" });
    await database.owner().query("UPDATE member SET status = 'deleted' WHERE id = $1", [other.memberId]);
    expect((await ask(member("777003"), await staff())).status).toBe(404);
  });
});
