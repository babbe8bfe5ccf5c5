// Friends and who brought them: the first claim counts, checks hold rather than ban, rewards come after the hold.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { HANDLERS } from "../../../app/jobs/handlers.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import type { ReferralProgram } from "../../../app/loyalty/program-parts";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { advanceReferrals } from "../../../app/loyalty/referrals/advance-referrals.server";
import { claimReferral } from "../../../app/loyalty/referrals/claim-referral.server";
import { decideReferral } from "../../../app/loyalty/referrals/decide-referral.server";
import { ensureReferralCode } from "../../../app/loyalty/referrals/ensure-referral-code.server";
import { issueFriendCode } from "../../../app/loyalty/referrals/issue-friend-code.server";
import { listReferrals } from "../../../app/loyalty/referrals/list-referrals.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { INVARIANTS } from "../../../app/operator/invariants";
import { redactCustomer } from "../../../app/privacy/redact-customer.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { useFakeShopify } from "../../builders/fake-shopify";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { later, newGid, orderFacts, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const shopify = useFakeShopify();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const REFERRAL: ReferralProgram = {
  enabled: true,
  friend: { kind: "amount", value: 500, minimumMinor: 3_000, validDays: 30 },
  advocatePoints: 300,
  holdDays: 14,
  minimumOrderMinor: 2_000,
  perMonthMax: 2,
};
const NOW = new Date("2026-06-10T03:00:00Z");
const DAY = 86_400_000;
const days = (count: number) => new Date(NOW.getTime() + count * DAY);
const HOME = { address1: "神南1-2-3", address2: "101", zip: "150-0041", countryCodeV2: "JP" };

let shops = 0;
let shopId: ShopId;
let advocate: TestMember;
let link: string;
/** Codes at Shopify: code → title. */
let codes: Map<string, string>;
/** What Shopify knows of orders. */
let origin: {
  clientIp: string | null;
  address: typeof HOME | null;
  advocateAddress: typeof HOME | null;
  orders: string;
};

beforeEach(async () => {
  const domain = `referrals-${++shops}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
  await program();
  advocate = await createTestMember(shopId, { email: "advocate@example.jp" });
  const made = await ensureReferralCode(shopId, advocate.customerGid, NOW);
  link = made.outcome === "code" ? made.code : "";
  codes = new Map();
  origin = { clientIp: "203.0.113.9", address: null, advocateAddress: null, orders: "1" };
  shopify.on("CreateBasicCode", ({ variables }) => {
    const { code, title } = variables["discount"] as { code: string; title: string };
    if (codes.has(code)) {
      const errors = [{ code: "TAKEN", field: ["code"], message: "taken" }];
      return { discountCodeBasicCreate: { codeDiscountNode: null, userErrors: errors } };
    }
    codes.set(code, title);
    return { discountCodeBasicCreate: { codeDiscountNode: { id: newGid("DiscountCodeNode") }, userErrors: [] } };
  });
  shopify.on("FindCode", ({ variables }) => {
    const title = codes.get(String(variables["code"]));
    const found = {
      __typename: "DiscountCodeBasic",
      title,
      status: "ACTIVE",
      endsAt: null,
      usageLimit: 1,
      asyncUsageCount: 0,
    };
    return {
      codeDiscountNodeByCode: title === undefined ? null : { id: newGid("DiscountCodeNode"), codeDiscount: found },
    };
  });
  shopify.on("ReferralEvidence", () => ({
    order: {
      customer: { numberOfOrders: origin.orders },
      clientIp: origin.clientIp,
      shippingAddress: origin.address,
      billingAddress: null,
    },
    customer: {
      orders: {
        nodes: [
          {
            id: newGid("Order"),
            clientIp: "198.51.100.7",
            shippingAddress: origin.advocateAddress,
            billingAddress: null,
          },
        ],
      },
    },
  }));
});

const program = (change: Partial<EarningRules> = {}, at = new Date("2026-01-01T00:00:00Z")) =>
  saveProgram(shopId, { ...yen, referral: REFERRAL, ...change }, "staff:1", at);
const claim = (email: string, fields: Partial<Parameters<typeof claimReferral>[1]> = {}, now = NOW) =>
  claimReferral(shopId, { code: link, email, visitor: "192.0.2.1", requestKey: null, ...fields }, now);
async function referral(id: number) {
  const page = await listReferrals(shopId);
  const found = page.items.find((each) => each.id === id);
  if (!found) throw new Error("no such referral");
  return found;
}
async function brought(email: string): Promise<{ id: number; code: string }> {
  const claimed = await claim(email);
  if (claimed.outcome !== "claimed") throw new Error(`not claimed: ${claimed.outcome}`);
  const issued = await issueFriendCode(shopId, claimed.referralId, NOW, "interactive");
  if (issued.outcome !== "issued") throw new Error(`not issued: ${issued.outcome}`);
  return { id: claimed.referralId, code: issued.code };
}
const friendOrder = (code: string, fields: Parameters<typeof orderFacts>[0] = {}): OrderFacts =>
  orderFacts({
    customerId: newGid("Customer"),
    email: "friend@example.jp",
    amountMinor: 5_000,
    processedAt: days(1).toISOString(),
    discountCodes: [{ code: code.toLowerCase(), amountMinor: 500 }],
    ...fields,
  });
async function arrive(facts: OrderFacts, now = days(1)): Promise<void> {
  await inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "read", now);
    await settleOrder(tx, orderId, now);
  });
  await advanceReferrals(shopId, now);
}
const available = async () => (await balanceOf(shopId, advocate.customerGid)).available;
async function expectOnceEach(): Promise<void> {
  await expectLedgerAddsUp(database.owner());
  const law = INVARIANTS.find(({ id }) => id === "I9");
  const { rows } = await database.owner().query<{ violations: string }>(law?.sql ?? "");
  expect(Number(rows[0]?.violations), law?.law).toBe(0);
}

describe("a friend's code", () => {
  it("F03 is one of 80 bits or more, used once, with a minimum, marked as ours, the same however often asked for", async () => {
    const { id, code } = await brought("friend@example.jp");
    expect(code).toMatch(/^FRIEND-[2-9B-DF-HJ-NP-TV-Z]{17}$/);
    expect([...codes]).toEqual([[code, `Kizuna referral ${id}`]]);
    const made = shopify.calls.find(({ operation }) => operation === "CreateBasicCode")?.variables["discount"];
    expect(made).toMatchObject({
      usageLimit: 1,
      minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: "3000" } },
    });
    expect(await issueFriendCode(shopId, id, NOW, "interactive")).toMatchObject({ outcome: "issued", code });
    expect(codes.size).toBe(1);
  });

  it("goes to a person when Shopify refuses it, and is made once they ask again", async () => {
    const claimed = await claim("friend@example.jp");
    const id = claimed.outcome === "claimed" ? claimed.referralId : 0;
    const errors = [{ code: "INVALID", field: ["code"], message: "no" }];
    shopify.on("CreateBasicCode", () => ({ discountCodeBasicCreate: { codeDiscountNode: null, userErrors: errors } }));
    expect(await issueFriendCode(shopId, id, NOW, "interactive")).toEqual({ outcome: "not_issued" });
    expect(await referral(id)).toMatchObject({ status: "held", flags: ["not_issued"] });
    expect(await decideReferral(shopId, id, "approve", "staff:1", NOW)).toEqual({ outcome: "approved" });
    expect(await decideReferral(shopId, id, "approve", "staff:1", NOW)).toEqual({ outcome: "not_held" });
  });
});

describe("the reward", () => {
  it("comes once, after the hold, for an order that keeps enough", async () => {
    const { id, code } = await brought("friend@example.jp");
    const order = friendOrder(code);
    await arrive(order);
    expect(await referral(id)).toMatchObject({ status: "ordered", flags: [], friend: { name: "" } });
    await advanceReferrals(shopId, days(14));
    expect(await available()).toBe(0);
    await Promise.all([advanceReferrals(shopId, days(15)), advanceReferrals(shopId, days(15))]);
    await arrive(later(order, { orderTags: ["again"] }), days(16));
    expect(await available()).toBe(300);
    expect(await referral(id)).toMatchObject({ status: "rewarded", points: 300 });
    const told = await queryShop(
      shopId,
      "SELECT kind, params FROM loyalty_event WHERE shop_id = $1 AND kind = 'referral_rewarded'",
      [shopId],
    );
    expect(told).toEqual([{ kind: "referral_rewarded", params: { points: 300 } }]);
    await expectOnceEach();
  });

  it("F01 is not given for an order refunded below the minimum within the hold", async () => {
    const { id, code } = await brought("friend@example.jp");
    const order = friendOrder(code);
    await arrive(order);
    await arrive(
      later(order, { financialStatus: "partially_refunded", refunds: [refundFacts({ unallocatedMinor: 3_500 })] }),
      days(3),
    );
    await advanceReferrals(shopId, days(15));
    expect(await referral(id)).toMatchObject({ status: "rejected", flags: ["refunded"], points: 0 });
    expect(await available()).toBe(0);
    const second = await brought("other@example.jp");
    const cancelled = friendOrder(second.code, { email: "other@example.jp" });
    await arrive(cancelled);
    await arrive(later(cancelled, { cancelledAt: days(2).toISOString() }), days(2));
    expect(await referral(second.id)).toMatchObject({ status: "rejected" });
  });

  it("waits for the payment, and for the end of a dispute", async () => {
    const { id, code } = await brought("friend@example.jp");
    const order = friendOrder(code, { financialStatus: "pending", paidAt: null });
    await arrive(order);
    await advanceReferrals(shopId, days(20));
    expect((await referral(id)).status).toBe("ordered");
    const paid = later(order, { financialStatus: "paid", paidAt: days(20).toISOString(), dispute: "open" });
    await arrive(paid, days(20));
    await advanceReferrals(shopId, days(40));
    expect(await available()).toBe(0);
    await arrive(later(paid, { dispute: "none" }), days(41));
    expect(await available()).toBe(300);
  });

  it("ends with its code when nobody used it", async () => {
    const { id } = await brought("friend@example.jp");
    await advanceReferrals(shopId, days(31));
    expect((await referral(id)).status).toBe("issued");
    await advanceReferrals(shopId, days(35));
    expect((await referral(id)).status).toBe("expired");
  });
});

describe("what a person looks at first", () => {
  it("F01 one's own address, in any spelling, gets no code until then", async () => {
    expect(await claim("Advocate+friend@example.jp")).toEqual({ outcome: "noted" });
    const { items, held } = await listReferrals(shopId, { status: "held" });
    expect(items.map(({ flags, code }) => [flags, code])).toEqual([[["same_email"], null]]);
    expect(held).toBe(1);
    await advanceReferrals(shopId, days(1));
    expect(codes.size).toBe(0);
  });

  it("F01 an order of the advocate themselves, or from their home, is held; a shared network is only shown", async () => {
    const own = await brought("a@example.jp");
    await arrive(friendOrder(own.code, { customerId: advocate.customerGid, email: "x@example.jp" }));
    expect(await referral(own.id)).toMatchObject({ status: "held", flags: ["same_customer"] });
    const [household, network] = [await brought("b@example.jp"), await brought("c@example.jp")];
    origin = { ...origin, address: HOME, advocateAddress: { ...HOME, zip: "1500041" } };
    await arrive(friendOrder(household.code, { email: "b@example.jp" }));
    expect(await referral(household.id)).toMatchObject({ status: "held", flags: ["same_address"] });
    origin = { ...origin, address: null, clientIp: "198.51.100.7" };
    await arrive(friendOrder(network.code, { email: "c@example.jp" }));
    expect(await referral(network.id)).toMatchObject({ status: "ordered", flags: ["same_network"] });
    expect(await decideReferral(shopId, household.id, "approve", "staff:7", days(2))).toEqual({ outcome: "approved" });
    expect(await decideReferral(shopId, own.id, "reject", "staff:7", days(2))).toEqual({ outcome: "rejected" });
    await advanceReferrals(shopId, days(16));
    expect(await available()).toBe(650);
    expect(await referral(household.id)).toMatchObject({
      status: "rewarded",
      decidedBy: "staff:7",
      flags: ["same_address"],
    });
    expect(await referral(own.id)).toMatchObject({ status: "rejected", points: 0 });
    await expectOnceEach();
  });

  it("F02 an existing customer is no friend to bring: by address, by history, by Shopify's own count", async () => {
    await arrive(
      orderFacts({ customerId: newGid("Customer"), email: "known@example.jp", processedAt: days(-30).toISOString() }),
    );
    expect(await claim("known@example.jp")).toEqual({ outcome: "noted" });
    const byHistory = await brought("new@example.jp");
    const regular = newGid("Customer");
    await arrive(
      orderFacts({ customerId: regular, email: "regular@example.jp", processedAt: days(-20).toISOString() }),
    );
    await arrive(friendOrder(byHistory.code, { customerId: regular, email: "new@example.jp" }));
    expect(await referral(byHistory.id)).toMatchObject({ status: "held", flags: ["existing_customer"] });
    const byCount = await brought("newer@example.jp");
    origin = { ...origin, orders: "5" };
    await arrive(friendOrder(byCount.code, { email: "newer@example.jp" }));
    expect(await referral(byCount.id)).toMatchObject({ status: "held", flags: ["existing_customer"] });
  });

  it("F01 more friends than a month allows, or many from one network", async () => {
    const friends = [];
    for (const name of ["a", "b", "c"]) friends.push(await brought(`${name}@example.jp`));
    for (const [index, { code }] of friends.entries())
      await arrive(friendOrder(code, { email: `${"abc"[index]}@example.jp` }), days(1));
    const states = [];
    for (const { id } of friends) states.push((await referral(id)).status);
    expect(states).toEqual(["ordered", "ordered", "held"]);
    const outcomes = [];
    for (const name of ["d", "e", "f"]) outcomes.push((await claim(`${name}@example.jp`)).outcome);
    expect(outcomes).toEqual(["claimed", "claimed", "noted"]);
  });
});

describe("first touch", () => {
  it("F02 the first claim of an address counts; later links overwrite nothing and learn nothing", async () => {
    const rival = await createTestMember(shopId, { email: "rival@example.jp" });
    const made = await ensureReferralCode(shopId, rival.customerGid, NOW);
    const rivalLink = made.outcome === "code" ? made.code : "";
    const { id, code } = await brought("friend@example.jp");
    const again = await Promise.all([
      claim("FRIEND+2@example.jp", { code: rivalLink }),
      claim("friend@example.jp"),
      claim("friend@example.jp", { code: rivalLink, requestKey: "a".repeat(20) }),
    ]);
    expect(again).toEqual([{ outcome: "noted" }, { outcome: "noted" }, { outcome: "noted" }]);
    await arrive(friendOrder(code));
    await advanceReferrals(shopId, days(15));
    expect(await referral(id)).toMatchObject({ advocate: { memberId: advocate.memberId }, status: "rewarded" });
    expect(await balanceOf(shopId, rival.customerGid)).toMatchObject({ available: 0 });
  });

  it("F02 of twenty claims at once one counts; the browser that made it is told again", async () => {
    const requestKey = "k".repeat(24);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => claim("friend@example.jp", { requestKey })));
    expect(outcomes.filter(({ outcome }) => outcome === "claimed")).toHaveLength(1);
    expect((await claim("friend@example.jp", { requestKey })).outcome).toBe("repeated");
    expect((await claim("friend@example.jp", { requestKey: "x".repeat(24) })).outcome).toBe("noted");
  });

  it("knows no address: only keyed hashes, and those of the network end after 90 days", async () => {
    const { id, code } = await brought("friend@example.jp");
    const rows = async () =>
      queryShop<{ row: string; signals: object }>(
        shopId,
        "SELECT r::text AS row, signals FROM referral r WHERE shop_id = $1",
        [shopId],
      );
    expect((await rows())[0]?.row).not.toMatch(/friend@|192\.0\.2/);
    await arrive(friendOrder(code));
    await advanceReferrals(shopId, days(15));
    expect((await rows())[0]?.signals).not.toEqual({});
    await advanceReferrals(shopId, days(91));
    expect((await rows())[0]?.signals).toEqual({});
    expect((await referral(id)).status).toBe("rewarded");
    await inShop(shopId, (tx) =>
      redactCustomer(tx, { customerGid: null, email: "friend@example.jp", orderGids: [] }, days(92)),
    );
    expect((await rows())[0]?.row).toContain(`erased/${id}`);
  });

  it("B09 follows a merge: links of the one who is gone lead to the one who was kept", async () => {
    const kept = await createTestMember(shopId);
    const { id, code } = await brought("friend@example.jp");
    await inShop(shopId, (tx) => mergeMembers(tx, kept.customerGid, advocate.customerGid, NOW));
    await arrive(friendOrder(code));
    await advanceReferrals(shopId, days(15));
    expect(await balanceOf(shopId, kept.customerGid)).toMatchObject({ available: 300 });
    expect((await referral(id)).advocate.memberId).toBe(kept.memberId);
    expect((await claim("another@example.jp")).outcome).toBe("claimed");
    await expectOnceEach();
  });

  it("F01 a friend who turns out to be the advocate, by a merge within the hold, is looked at", async () => {
    const { id, code } = await brought("friend@example.jp");
    const order = friendOrder(code);
    await arrive(order);
    await inShop(shopId, (tx) => mergeMembers(tx, advocate.customerGid, order.customerId ?? "", days(2)));
    await advanceReferrals(shopId, days(15));
    expect(await referral(id)).toMatchObject({ status: "held", flags: ["same_customer"] });
    await expectOnceEach();
  });

  it("F02 nothing but the code attributes: no cookie, no visit, no claim", async () => {
    const { id } = await brought("friend@example.jp");
    await arrive({ ...friendOrder("x"), discountCodes: [] });
    expect(await referral(id)).toMatchObject({ status: "issued", order: null });
  });

  it("is carried on by the shop's own job when something is due", async () => {
    await claim("friend@example.jp");
    const due = await routerPool().query("SELECT FROM due_shops($1) WHERE shop_id = $2 AND work = 'refer'", [
      NOW,
      shopId,
    ]);
    expect(due.rowCount).toBe(1);
    const job = await HANDLERS["advance-referrals"]();
    expect(await job({ shopId }, { now: NOW, signal: new AbortController().signal })).toEqual({ advanced: 1 });
    expect(codes.size).toBe(1);
  });

  it("refuses what is no code, no address, or no program", async () => {
    expect(await claim("friend@example.jp", { code: "NOB-ODY-999" })).toEqual({ outcome: "unknown_code" });
    expect(await claim("not an address")).toEqual({ outcome: "bad_email" });
    await program({ referral: { ...REFERRAL, enabled: false } }, new Date("2026-06-01T00:00:00Z"));
    expect(await claim("friend@example.jp")).toEqual({ outcome: "not_open" });
    expect(await ensureReferralCode(shopId, advocate.customerGid, NOW)).toEqual({ outcome: "not_open" });
  });
});
