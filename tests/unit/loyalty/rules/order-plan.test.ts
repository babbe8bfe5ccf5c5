// From what is posted for an order to what it answers now: which entries that takes, and what is remembered.
import { describe, expect, it } from "vitest";

import { defaultEarningRules, type EarningRules } from "../../../../app/loyalty/earning-rules";
import { needsOtherLots, planRule, type PostedRule, type RulePlanInput } from "../../../../app/loyalty/order-plan";
import type { AccountDraft } from "../../../../app/loyalty/posting-plan";
import { accountOf, linesOf, lotOf, NOW } from "./account";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const DAY_AFTER = "2026-06-07T01:00:00.000Z";
/** What twelve months of the shop's days after NOW end with, and after the day after. */
const [ENDS, ENDS_LATER] = ["2027-06-06T15:00:00.000Z", "2027-06-07T15:00:00.000Z"];
const answer = (target: number, gross = 100): RulePlanInput["answer"] => ({
  ...{ rule: "order", target, gross },
  explanation: { code: target > 0 ? "order_earned" : "refunded", params: { points: target, currency: "JPY" } },
});
const posted = (target: number, fields: Partial<PostedRule> = {}): PostedRule => ({
  ...{ target, gross: 100, revision: 2, state: target > 0 ? "available" : "none" },
  ...{ availableAt: target > 0 ? NOW : null, explanation: answer(target).explanation },
  ...fields,
});
const earning = (state: "none" | "waiting" | "pending" | "available", availableAt: string | null = NOW) => ({
  ...{ state, availableAt, isTest: false, whyNone: null },
});
function plan(change: Partial<RulePlanInput>, rules: Partial<EarningRules> = {}): PostedRule | null {
  return planRule({
    ...{ orderId: 12, posted: null, answer: answer(100), earning: earning("available") },
    ...{ rules: { ...yen, ...rules }, version: 4, timeZone: "Asia/Tokyo", now: NOW },
    ...{ account: accountOf([]), formerAccount: null, actor: "system" },
    ...change,
  });
}
/** The order's own lot, as an earlier posting left it. */
const ownLot = (fields: Parameters<typeof lotOf>[1] = {}) =>
  lotOf(1, { sourceId: "12", size: 100, remaining: 100, expiresAt: ENDS, ...fields });

describe("the first time", () => {
  it("grants the whole answer under the order's own sentence, and remembers it", () => {
    const account = accountOf([]);
    expect(plan({ account })).toEqual({
      ...{ target: 100, gross: 100, revision: 1, state: "available", availableAt: NOW },
      explanation: answer(100).explanation,
    });
    expect(account.entries).toEqual([
      {
        ...{ memberId: 1, lot: account.lots[0], kind: "grant", from: "issued", to: "available", points: 100 },
        ...{ key: "order/12/order/1/grant", reason: "order_earned", params: { points: 100, currency: "JPY" } },
        source: { type: "order", id: "12", rule: "order", version: 4, actor: "system", isTest: false },
      },
    ]);
    expect(account.lots[0]).toMatchObject({ availableAt: NOW, expiresAt: ENDS, createdAt: NOW, size: 100 });
  });

  it("waits where the order waits, without a date to end on", () => {
    const account = accountOf([]);
    expect(plan({ account, earning: earning("waiting", null) })).toMatchObject({ state: "waiting", availableAt: null });
    expect(account.lots[0]).toMatchObject({ state: "pending", availableAt: null, expiresAt: null });
  });

  it("remembers a rule that gives nothing, and posts nothing", () => {
    const account = accountOf([]);
    expect(plan({ account, answer: answer(0), earning: earning("available") })).toEqual({
      ...{ target: 0, gross: 100, revision: 0, state: "none", availableAt: null },
      explanation: answer(0).explanation,
    });
    expect([account.entries, account.lots]).toEqual([[], []]);
  });

  it("B08 an order that belongs to nobody any more holds nothing", () => {
    expect(plan({ account: null, posted: posted(100) })).toMatchObject({ target: 0, revision: 2 });
  });

  it("B08 a guest's order is remembered with nothing posted", () => {
    expect(plan({ account: null })).toMatchObject({ target: 0, gross: 100, revision: 0, state: "available" });
  });

  it("C07 repays debt first only where the program says so", () => {
    const repaid = accountOf([], { debt: 30 });
    plan({ account: repaid });
    expect(linesOf(repaid)[1]).toBe("new repayment available>debt 30 order/12/order/1/repay-new");
    const apart = accountOf([], { debt: 30 });
    plan({ account: apart }, { repayDebtFirst: false });
    expect(linesOf(apart)).toHaveLength(1);
  });
});

describe("the next times", () => {
  it("says nothing when nothing has changed, whatever order the facts are told in", () => {
    const account = accountOf([ownLot()]);
    expect(plan({ account, posted: posted(100) })).toBeNull();
    const turned = { code: "order_earned" as const, params: { currency: "JPY", points: 100, cap: undefined } };
    expect(plan({ account, posted: posted(100, { explanation: turned }) })).toBeNull();
    expect(account.entries).toEqual([]);
  });

  it.each<[string, Partial<PostedRule>]>([
    ["gross", { gross: 99 }],
    ["state", { state: "pending" }],
    ["instant", { availableAt: DAY_AFTER }],
    ["sentence", { explanation: { code: "refunded", params: { points: 100, currency: "JPY" } } }],
    ["figure", { explanation: { code: "order_earned", params: { points: 100, currency: "USD" } } }],
    ["missing figure", { explanation: { code: "order_earned", params: { points: 100 } } }],
  ])("remembers another %s without posting, under the same revision", (_what, was) => {
    const account = accountOf([ownLot()]);
    expect(plan({ account, posted: posted(100, was) })).toMatchObject({ revision: 2, target: 100, gross: 100 });
    expect(account.entries).toEqual([]);
  });

  it("posts only the difference of a larger answer, and says that it grew", () => {
    const account = accountOf([ownLot({ remaining: 60, size: 60 })]);
    expect(plan({ account, posted: posted(60) })).toMatchObject({ target: 100, revision: 3 });
    expect(linesOf(account)).toEqual(["new grant issued>available 40 order/12/order/3/grant"]);
    expect(account.entries[0]).toMatchObject({ reason: "order_increased", params: { points: 40, keptPoints: 100 } });
    expect(account.entries[0]?.params).not.toHaveProperty("isBonus");
  });

  it("B01 takes back only the difference of a smaller answer, and says what is left of what", () => {
    const account = accountOf([ownLot()]);
    const explanation = { code: "order_earned" as const, params: { currency: "JPY", refundedMinor: 4_000 } };
    expect(plan({ account, posted: posted(100), answer: { ...answer(60), explanation } })).toMatchObject({
      target: 60,
    });
    expect(linesOf(account)).toEqual(["1 clawback available>revoked 40 order/12/order/3/take-1"]);
    expect(account.entries[0]).toMatchObject({ reason: "order_reduced" });
    expect(account.entries[0]?.params).toEqual({
      ...{ points: 40, keptPoints: 60, grossPoints: 100, currency: "JPY", refundedMinor: 4_000 },
    });
  });

  it("B01 takes back everything, and says why", () => {
    const account = accountOf([ownLot()]);
    const explanation = { code: "order_cancelled" as const, params: {} };
    const next = plan({
      account,
      posted: posted(100),
      answer: { ...answer(0), explanation },
      earning: earning("none"),
    });
    expect(next).toMatchObject({ target: 0, gross: 100, state: "none", availableAt: null, revision: 3 });
    expect(account.entries[0]?.params).toEqual({
      ...{ points: 100, keptPoints: 0, grossPoints: 100, because: "order_cancelled" },
    });
    expect(account.balances).toMatchObject({ available: 0, revoked: 100 });
  });

  it("a bonus says that it is one, when it grows and when it shrinks", () => {
    const rule = "first_order" as const;
    const own = ownLot({ rule, remaining: 60, size: 60 });
    const [grown, shrunk] = [accountOf([own]), accountOf([{ ...own }])];
    plan({ account: grown, posted: posted(60), answer: { ...answer(100), rule } });
    plan({ account: shrunk, posted: posted(60), answer: { ...answer(50), rule } });
    expect([grown.entries[0]?.params["isBonus"], shrunk.entries[0]?.params["isBonus"]]).toEqual([true, true]);
    expect(grown.entries[0]?.key).toBe("order/12/first_order/3/grant");
  });

  it("C07 forgives what was spent where the program says so", () => {
    const account = accountOf([ownLot({ remaining: 30 })]);
    plan({ account, posted: posted(100), answer: answer(0) }, { clawback: "forgive" });
    expect(linesOf(account).at(-1)).toBe("debt forgiveness issued>debt 70 order/12/order/3/forgive");
  });
});

describe("the order's own lots follow its state", () => {
  const aligned = (
    lot: ReturnType<typeof lotOf>,
    change: Partial<RulePlanInput>,
    rules: Partial<EarningRules> = {},
  ) => {
    const account = accountOf([lot, lotOf(7, { sourceId: "13" }), lotOf(8, { sourceId: "12", rule: "tier" })], {
      debt: 5,
    });
    plan({ account, posted: posted(100), ...change }, rules);
    return account;
  };

  it("B07 points are released when their time has come, and repay debt where so set", () => {
    const lot = ownLot({ state: "pending", availableAt: null, expiresAt: null });
    const account = aligned(lot, {});
    expect(linesOf(account)).toEqual([
      "1 release pending>available 100 order/12/order/3/release-1",
      "1 repayment available>debt 5 order/12/order/3/repay-1",
    ]);
    expect(lot).toMatchObject({ state: "available", availableAt: NOW, expiresAt: ENDS });
    const apart = aligned(ownLot({ state: "pending" }), {}, { repayDebtFirst: false });
    expect(linesOf(apart)).toHaveLength(1);
  });

  it("B07 a dispute holds what is unspent, and what was spent stays spent", () => {
    const lot = ownLot({ remaining: 40 });
    expect(linesOf(aligned(lot, { earning: earning("pending", null) }))).toEqual([
      "1 hold available>pending 40 order/12/order/3/hold-1",
    ]);
    expect(lot).toMatchObject({ state: "pending", availableAt: null });
    const spent = ownLot({ remaining: 0, expiresAt: null });
    expect(aligned(spent, { earning: earning("pending", null) }).entries).toEqual([]);
    expect(spent).toMatchObject({ state: "available", isChanged: false });
  });

  it("B07 a later trigger moves the dates of points that wait", () => {
    const lot = ownLot({ state: "pending", availableAt: NOW });
    const account = aligned(lot, { earning: earning("pending", DAY_AFTER) });
    expect(account.entries).toEqual([]);
    expect(lot).toMatchObject({ state: "pending", availableAt: DAY_AFTER, expiresAt: ENDS_LATER, isChanged: true });
  });

  it("B07 points that wait end with their own beginning, whatever date they had", () => {
    const lot = ownLot({ state: "pending", expiresAt: "2028-01-01T00:00:00.000Z" });
    aligned(lot, { earning: earning("pending", DAY_AFTER) });
    expect(lot.expiresAt).toBe(ENDS_LATER);
  });

  it("C10 a date that was extended is never taken back, one that is later comes", () => {
    const extended = ownLot({ expiresAt: "2028-01-01T00:00:00.000Z" });
    aligned(extended, {});
    expect(extended).toMatchObject({ expiresAt: "2028-01-01T00:00:00.000Z", isChanged: false });
    const earlier = ownLot({ expiresAt: "2027-01-01T00:00:00.000Z" });
    aligned(earlier, {});
    expect(earlier).toMatchObject({ expiresAt: ENDS, isChanged: true });
    const never = ownLot({ expiresAt: null });
    aligned(never, {});
    expect(never.expiresAt).toBe(ENDS);
  });

  it("an order in no state leaves the dates of its lots alone", () => {
    const lot = ownLot({ state: "pending" });
    const account = aligned(lot, { earning: earning("none", null), answer: answer(100) });
    expect(account.entries).toEqual([]);
    expect(lot.isChanged).toBe(false);
  });

  it("C10 points that come past their date end in the same posting, those of inactivity later", () => {
    const past = { kind: "after_days", days: 1 } as const;
    const late = { earning: earning("available", "2026-01-01T00:00:00.000Z") };
    const account = accountOf([lotOf(7, { sourceId: "13", expiresAt: "2026-01-01T00:00:00.000Z" })]);
    plan({ account, ...late }, { expiry: past });
    expect(linesOf(account)).toEqual([
      "new grant issued>available 100 order/12/order/1/grant",
      "new expiry available>expired 100 order/12/order/1/expiry/2026-01-02T15:00:00.000Z",
    ]);
    const active = accountOf([]);
    plan({ account: active, ...late }, { expiry: { kind: "after_inactivity", months: 1 } });
    expect(linesOf(active)).toHaveLength(1);
  });
});

describe("B09 an order that belongs to somebody else now", () => {
  it("B09 takes everything from the one and gives it to the other as if for the first time", () => {
    const [former, account] = [accountOf([ownLot()]), accountOf([])];
    expect(plan({ account, formerAccount: former, posted: posted(100) })).toMatchObject({ target: 100, revision: 3 });
    expect(linesOf(former)).toEqual(["1 clawback available>revoked 100 order/12/order/3/from/take-1"]);
    expect(former.entries[0]).toMatchObject({ reason: "moved_to_other_member", params: { points: 100 } });
    expect(linesOf(account)).toEqual(["new grant issued>available 100 order/12/order/3/grant"]);
    expect(account.entries[0]?.reason).toBe("order_earned");
  });

  it("B09 takes nothing where nothing was posted, and remembers what was taken for nobody", () => {
    const former = accountOf([ownLot()]);
    plan({ formerAccount: former, posted: posted(0) });
    expect(former.entries).toEqual([]);
    const left: AccountDraft = accountOf([ownLot()]);
    expect(plan({ account: null, formerAccount: left, posted: posted(100) })).toMatchObject({ target: 0, revision: 3 });
  });
});

describe("which lots a clawback needs", () => {
  it("C07 others only beyond what the own ones hold, expired points included", () => {
    const lots = [
      ownLot({ remaining: 5, expired: 2 }),
      { ...ownLot({ remaining: 3 }), id: 2 },
      lotOf(3, { sourceId: "13" }),
      lotOf(4, { sourceId: "12", rule: "tier" }),
      lotOf(5, { sourceId: "12", sourceType: "adjustment" }),
    ];
    const needs = (points: number) => needsOtherLots(accountOf(lots), 12, "order", points);
    expect([needs(9), needs(10), needs(11)]).toEqual([false, false, true]);
  });
});
