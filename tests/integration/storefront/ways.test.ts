// Joining, birthdays, follows and friends through the storefront's door.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { http, HttpResponse, passthrough } from "msw";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import type { WayToEarn } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { JOINS_PER_HOUR, joinProgram } from "../../../app/loyalty/ways/join-program.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { useFakeShopify } from "../../builders/fake-shopify";
import { balanceOf, createTestMember } from "../../builders/member";
import { newGid } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify([http.all(/^http:\/\/127\.0\.0\.1:/, () => passthrough())]);

const WAYS: WayToEarn[] = [
  { id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 },
  { id: "bday", kind: "birthday", enabled: true, points: 500, holdDays: 0, noticeDays: 30, lockDays: 365 },
  {
    id: "insta",
    kind: "social",
    enabled: true,
    points: 10,
    holdDays: 3,
    every: "once",
    action: "follow",
    platform: "instagram",
    url: "https://example.com/shop",
  },
];
const REFERRAL = {
  enabled: true,
  friend: { kind: "percentage" as const, value: 10, minimumMinor: null, validDays: 30 },
  advocatePoints: 300,
  holdDays: 14,
  minimumOrderMinor: 2_000,
  perMonthMax: 10,
};

let server: Server;
let origin = "";
let shops = 0;
let domain = "";
let shopId: ShopId;
let customer = 4_000;
let verified = true;

beforeAll(async () => {
  server = createServer((req, res) => void handleProxy(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  customer++;
  verified = true;
  domain = `ways-${++shops}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
  await program();
  shopify.on("ReadCustomers", ({ variables }) => ({
    nodes: (variables["ids"] as string[]).map((id) => ({
      id,
      firstName: "花子",
      lastName: "山田",
      locale: "ja",
      tags: [],
      state: "DISABLED",
      verifiedEmail: verified,
      createdAt: "2026-06-01T00:00:00Z",
      updatedAt: "2026-06-01T00:00:00Z",
      defaultEmailAddress: { emailAddress: `c${id.split("/").at(-1)}@example.jp`, marketingState: "NOT_SUBSCRIBED" },
    })),
  }));
});
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const program = (change: object = {}, at = new Date("2026-01-01T00:00:00Z")) =>
  saveProgram(shopId, { ...yen, ways: WAYS, referral: REFERRAL, ...change }, "staff:1", at);

const gid = (id = customer) => `gid://shopify/Customer/${id}`;
async function post(
  path: string,
  body: unknown,
  customerId = String(customer),
  visitor = "192.0.2.1",
): Promise<{ status: number; outcome: string; code?: string }> {
  const parameters = new URLSearchParams({
    shop: domain,
    path_prefix: "/apps/kizuna",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customerId,
  });
  parameters.set("signature", signProxyQuery(parameters, process.env.SHOPIFY_API_SECRET ?? ""));
  const answer = await fetch(`${origin}/proxy/${path}?${parameters.toString()}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Kizuna": "1", "X-Forwarded-For": visitor },
  });
  return { status: answer.status, ...((await answer.json()) as { outcome: string; code?: string }) };
}

describe("joining", () => {
  it("takes one click of a signed-in shopper we have never met, whatever the state of their account", async () => {
    expect(await post("join", {})).toEqual({ status: 200, outcome: "joined", points: 100, state: "available" });
    expect(await post("join", { how: "visit" })).toMatchObject({ outcome: "already_joined" });
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 100 });
    const [row] = await queryShop<{ joined: boolean; due: Date | null; code: string | null }>(
      shopId,
      "SELECT joined_at IS NOT NULL AS joined, occasion_due_at AS due, referral_code AS code FROM member WHERE shop_id = $1",
      [shopId],
    );
    expect(row).toMatchObject({ joined: true, code: expect.stringMatching(/^\w{3}-\w{3}-\w{3}$/) as string });
    expect(row?.due).not.toBeNull();
    expect(shopify.calls).toHaveLength(1);
  });

  it("takes a visit for an answer only where the program says so", async () => {
    expect(await post("join", { how: "visit" })).toMatchObject({ status: 200, outcome: "click_needed" });
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 0 });
    const ways = [{ id: "join", kind: "join", enabled: true, points: 100, holdDays: 0, by: "visit" }];
    await program({ ways }, new Date("2026-01-02T00:00:00Z"));
    expect(await post("join", { how: "visit" }, "")).toMatchObject({ status: 401 });
    expect(await post("join", { how: "visit" })).toMatchObject({ outcome: "joined", points: 100 });
    const entries = await queryShop<{ actor: string }>(shopId, "SELECT actor FROM points_entry WHERE shop_id = $1", [
      shopId,
    ]);
    expect(entries).toEqual([{ actor: "system" }]);
  });

  it("gives the bonus once to clicks that come at once", async () => {
    await createTestMember(shopId, { customerId: gid() });
    const answers = await Promise.all(Array.from({ length: 3 }, () => post("join", {})));
    expect(answers.filter(({ outcome }) => outcome === "joined")).toHaveLength(1);
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 100 });
  });

  it("gives it once to twenty at once, past any limit of a door", async () => {
    const now = new Date();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => joinProgram(shopId, gid(), now, "click")));
    expect(outcomes.filter(({ outcome }) => outcome === "joined")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "already_joined")).toHaveLength(19);
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 100 });
  });

  it("F04 asks for a verified address", async () => {
    verified = false;
    expect(await post("join", {})).toMatchObject({ status: 200, outcome: "unverified" });
    expect(await queryShop(shopId, "SELECT id FROM member WHERE shop_id = $1", [shopId])).toEqual([]);
    verified = true;
    expect(await post("join", {})).toMatchObject({ outcome: "joined" });
  });

  it("F04 a farm of accounts rings an alarm, and what it earns is held", async () => {
    const now = new Date();
    await inShop(shopId, (tx) =>
      tx.query(
        `WITH made AS (INSERT INTO member (shop_id, customer_gid, tags, search_grams, first_seen_at, joined_at)
           SELECT $1::int, 'gid://shopify/Customer/' || (900000 + n), '{}', '{}', $2::timestamptz, $2::timestamptz FROM generate_series(1, $3::int) n RETURNING id)
         INSERT INTO way_grant (shop_id, member_id, way_id, occasion, kind, points, version, at) SELECT $1, id, 'join', 'join', 'join', 0, 1, $2 FROM made`,
        [shopId, now, JOINS_PER_HOUR],
      ),
    );
    expect(await post("join", {})).toEqual({ status: 200, outcome: "joined", points: 100, state: "pending" });
    expect(await balanceOf(shopId, gid())).toMatchObject({ available: 0, pending: 100 });
    const alerts = await queryShop(shopId, "SELECT kind, params FROM health_alert WHERE shop_id = $1", [shopId]);
    expect(alerts).toEqual([{ kind: "joins_rushed", params: { perHour: JOINS_PER_HOUR } }]);
  });

  it("is closed to who may not take part", async () => {
    await program(
      { participation: { ...yen.participation, who: "tagged", tags: ["vip"] } },
      new Date("2026-02-01T00:00:00Z"),
    );
    expect(await post("join", {})).toMatchObject({ outcome: "not_open", why: "not_tagged" });
  });

  it("E03 is for signed-in shoppers only", async () => {
    for (const path of ["join", "birthday", "social", "invite"])
      expect(await post(path, {}, "")).toMatchObject({ status: 401, outcome: "signed_out" });
  });
});

describe("birthdays and follows", () => {
  it("C13 takes a birthday once and locks it; refuses what is no day", async () => {
    expect(await post("birthday", { birthday: "02-29" })).toMatchObject({ status: 200, outcome: "set" });
    expect(await post("birthday", { birthday: "03-01" })).toMatchObject({ outcome: "locked" });
    expect(await post("birthday", { birthday: "02-30" })).toMatchObject({ outcome: "invalid" });
    expect(await post("birthday", { birthday: 5 })).toMatchObject({ status: 400, outcome: "bad_body" });
  });

  it("takes the shopper's word for a follow, once", async () => {
    expect(await post("social", { wayId: "insta" })).toMatchObject({ outcome: "granted", points: 10 });
    expect(await post("social", { wayId: "insta" })).toMatchObject({ outcome: "already_granted", nextAt: null });
    expect(await post("social", { wayId: "join" })).toMatchObject({ outcome: "not_offered" });
  });
});

describe("friends", () => {
  const made: string[] = [];
  beforeEach(() => {
    made.length = 0;
    shopify.on("CreateBasicCode", ({ variables }) => {
      made.push((variables["discount"] as { code: string }).code);
      return { discountCodeBasicCreate: { codeDiscountNode: { id: newGid("DiscountCodeNode") }, userErrors: [] } };
    });
  });

  it("gives a visitor who followed a link their code at once, and says the same to everybody after", async () => {
    const code = (await post("invite", {})).code;
    const body = { code, email: "friend@example.jp", requestKey: "r".repeat(20) };
    const issued = await post("referral", body, "");
    expect(issued).toMatchObject({ status: 200, outcome: "issued", code: made[0] });
    expect(await post("referral", body, "")).toMatchObject({ outcome: "issued", code: made[0] });
    const other = await post("referral", { code, email: "friend@example.jp" }, "", "192.0.2.2");
    expect(other).toEqual({ status: 200, outcome: "claimed" });
    expect(await post("referral", { code, email: `c${customer}@example.jp` }, "", "192.0.2.3")).toEqual(other);
    expect(made).toHaveLength(1);
  });

  it("F02 one's own link brings nobody, and a customer who has ordered is no new friend", async () => {
    const code = (await post("invite", {})).code;
    expect(await post("referral", { code })).toMatchObject({ outcome: "own_link" });
    const regular = await createTestMember(shopId, { customerId: gid(++customer), email: "regular@example.jp" });
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET orders_count = 2 WHERE shop_id = $1 AND id = $2", [shopId, regular.memberId]),
    );
    expect(await post("referral", { code })).toMatchObject({ outcome: "existing_customer" });
    expect(await post("referral", { code: "NOB-ODY-222", email: "x@example.jp" }, "")).toMatchObject({
      outcome: "unknown_code",
    });
    expect(made).toEqual([]);
  });

  it("F08 slows down one visitor, and remembers the claim when Shopify is away", async () => {
    const code = (await post("invite", {})).code;
    shopify.on("CreateBasicCode", () => HttpResponse.json({ errors: "down" }, { status: 503 }));
    expect(await post("referral", { code, email: "a@example.jp" }, "", "192.0.2.9")).toEqual({
      status: 200,
      outcome: "claimed",
    });
    const statuses: number[] = [];
    for (const name of "bcdefg")
      statuses.push((await post("referral", { code, email: `${name}@example` }, "", "192.0.2.9")).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const rows = await queryShop(shopId, "SELECT status, attempts FROM referral WHERE shop_id = $1", [shopId]);
    expect(rows).toEqual([{ status: "claimed", attempts: 1 }]);
  });
});
