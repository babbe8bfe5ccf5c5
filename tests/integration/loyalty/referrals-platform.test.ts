// A referral against the simulated platform, over HTTP: the code works at a real checkout, once, for a new friend,
// and whatever Shopify answers there is one code.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { advanceReferrals } from "../../../app/loyalty/referrals/advance-referrals.server";
import { claimReferral } from "../../../app/loyalty/referrals/claim-referral.server";
import { ensureReferralCode } from "../../../app/loyalty/referrals/ensure-referral-code.server";
import { issueFriendCode } from "../../../app/loyalty/referrals/issue-friend-code.server";
import { listReferrals } from "../../../app/loyalty/referrals/list-referrals.server";
import { useTestDatabase } from "../../setup/postgres";
import { refundOrder } from "../../simulator/order-engine";
import { DOMAIN } from "../simulator/platform";
import { expectLedgerAddsUp } from "./ledger-invariants";
import { startRedemptionShop, type RedemptionShop } from "./redemption-shop";

const database = useTestDatabase();
const DAY_MS = 86_400_000;
let shop: RedemptionShop;
let advocate: Awaited<ReturnType<RedemptionShop["member"]>>;
let link = "";

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), {
    referral: {
      enabled: true,
      friend: { kind: "amount", value: 300, minimumMinor: 500, validDays: 30 },
      advocatePoints: 200,
      holdDays: 7,
      minimumOrderMinor: 500,
      perMonthMax: 100,
    },
  });
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  await shop.stop();
});
beforeEach(async () => {
  shop.now = shop.platform.sim.now();
  advocate = await shop.member(0);
  const made = await ensureReferralCode(shop.shopId, advocate.customerGid, shop.now);
  link = made.outcome === "code" ? made.code : "";
});

let friends = 0;
async function claim(): Promise<number> {
  const friend = {
    code: link,
    email: `new-friend-${friends++}@example.net`,
    visitor: `192.0.2.${friends}`,
    requestKey: null,
  };
  const claimed = await claimReferral(shop.shopId, friend, shop.now);
  if (claimed.outcome !== "claimed") throw new Error(`not claimed: ${claimed.outcome}`);
  return claimed.referralId;
}
const advance = () => advanceReferrals(shop.shopId, shop.now);
async function read(id: number) {
  const found = (await listReferrals(shop.shopId)).items.find((each) => each.id === id);
  if (!found) throw new Error("no such referral");
  return found;
}
const codesOf = (id: number) =>
  Object.values(shop.platform.shop.discounts).filter((each) => JSON.stringify(each).includes(`Kizuna referral ${id}"`));

describe("a friend at the checkout", () => {
  it("F03 uses the code once; the advocate is rewarded after the hold", async () => {
    const id = await claim();
    const issued = await issueFriendCode(shop.shopId, id, shop.now, "interactive");
    if (issued.outcome !== "issued") throw new Error(issued.outcome);
    expect(codesOf(id)).toMatchObject([{ code: issued.code, usageLimit: 1, minimumMinor: 500, value: 300 }]);
    const friend = await shop.member(0);
    const order = shop.order({ customerId: friend.customerId, discountCodes: [issued.code] });
    expect(() => shop.order({ customerId: friend.customerId, discountCodes: [issued.code] })).toThrow();
    await shop.hear(order);
    await advance();
    expect(await read(id)).toMatchObject({ status: "ordered", flags: [], friend: { memberId: friend.memberId } });
    shop.later(6 * DAY_MS);
    await advance();
    expect((await shop.balance(advocate.memberId)).available).toBe(0);
    shop.later(2 * DAY_MS);
    await advance();
    expect(await read(id)).toMatchObject({ status: "rewarded", points: 200 });
    expect((await shop.balance(advocate.memberId)).available).toBe(200);
  });

  it("F01 brings nothing when the goods go back within the hold", async () => {
    const id = await claim();
    const issued = await issueFriendCode(shop.shopId, id, shop.now, "interactive");
    const friend = await shop.member(0);
    const code = issued.outcome === "issued" ? issued.code : "";
    const order = shop.order({ customerId: friend.customerId, discountCodes: [code] });
    await shop.hear(order);
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    shop.later(8 * DAY_MS);
    await advance();
    expect(await read(id)).toMatchObject({ status: "rejected", flags: ["refunded"] });
    expect((await shop.balance(advocate.memberId)).available).toBe(0);
  });

  it("F02 an old customer who uses a friend's code is looked at by a person", async () => {
    const id = await claim();
    const issued = await issueFriendCode(shop.shopId, id, shop.now, "interactive");
    const regular = await shop.member(0);
    // We never heard of this one: Shopify's own count tells.
    shop.order({ customerId: regular.customerId });
    const code = issued.outcome === "issued" ? issued.code : "";
    await shop.hear(shop.order({ customerId: regular.customerId, discountCodes: [code] }));
    await advance();
    expect(await read(id)).toMatchObject({ status: "held", flags: ["existing_customer"] });
  });
});

describe("what Shopify may answer", () => {
  const faults = ["status5xx", "htmlBody", "answerLost", "throttle", "status429"] as const;
  it.each(faults)("C04 C05 %s: never two codes, and one in the end", async (fault) => {
    const id = await claim();
    shop.platform.sim.faults.api[fault] = 1;
    await issueFriendCode(shop.shopId, id, shop.now, "interactive");
    shop.platform.sim.faults.api[fault] = 0;
    for (let round = 0; round < 3; round++) {
      shop.later(DAY_MS / 4);
      await advance();
    }
    expect((await read(id)).status).toBe("issued");
    expect(codesOf(id)).toHaveLength(1);
  });

  it("C01 two at once make one code", async () => {
    const id = await claim();
    const both = await Promise.all([
      issueFriendCode(shop.shopId, id, shop.now, "interactive"),
      issueFriendCode(shop.shopId, id, shop.now, "background"),
    ]);
    expect(both.map(({ outcome }) => outcome)).toContain("issued");
    expect(codesOf(id)).toHaveLength(1);
  });
});
