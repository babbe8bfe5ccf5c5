// Each movement of points by itself: which entries it writes, under which keys, and what becomes of the lots.
import { describe, expect, it } from "vitest";

import type { DraftLot, HeldPart } from "../../../../app/loyalty/posting-plan";
import { accountOf, linesOf, lotOf, NAME, NOW, postingOf } from "./account";

const [MARCH, JUNE, JULY, AUGUST] = ["2026-03-01", "2026-06-01", "2026-07-01", "2026-08-01"].map(
  (day) => `${day}T00:00:00.000Z`,
) as [string, string, string, string];
const own = (id: number) => (lot: DraftLot) => lot.id === id;

describe("a grant", () => {
  const terms = { availableAt: NOW, expiresAt: AUGUST, createdAt: NOW };

  it("makes a lot of its source, and an entry that says what for", () => {
    const account = accountOf([]);
    const posting = postingOf("order", { source: { ...postingOf("order").source, isTest: true } });
    const lot = account.grant(30, { ...terms, state: "pending" }, posting, { repayDebt: true });
    expect(lot).toEqual({
      ...{ id: null, sourceType: "order", sourceId: "77", rule: "r", version: 5, size: 30, remaining: 30, expired: 0 },
      ...{ state: "pending", ...terms, isTest: true, isChanged: true },
    });
    expect(account.lots).toEqual([lot]);
    expect(account.entries).toEqual([
      {
        ...{ memberId: 1, lot, kind: "grant", from: "issued", to: "pending", points: 30, key: "order/77/grant" },
        ...{ source: posting.source, reason: "adjust_other", params: { name: NAME, points: 30 } },
      },
    ]);
    expect(account.balances).toMatchObject({ pending: 30, available: 0 });
  });

  it("is called an adjustment when a person made it", () => {
    const account = accountOf([]);
    account.grant(5, { ...terms, state: "available" }, postingOf("adjustment"), { repayDebt: false });
    expect(linesOf(account)).toEqual(["new adjustment issued>available 5 adjustment/77/grant"]);
  });

  it("C07 repays what is owed with what is available, and only when asked to", () => {
    const grant = (state: "pending" | "available", repayDebt: boolean, debt = 4) => {
      const account = accountOf([], { debt });
      account.grant(10, { ...terms, state }, postingOf("order"), { repayDebt });
      return account;
    };
    const repaid = grant("available", true);
    expect(linesOf(repaid)).toEqual([
      "new grant issued>available 10 order/77/grant",
      "new repayment available>debt 4 order/77/repay-new",
    ]);
    expect(repaid.entries[1]).toMatchObject({ reason: "debt_repaid", params: { points: 4 } });
    expect(repaid.entries[1]?.params).not.toHaveProperty("name");
    expect(repaid.balances).toMatchObject({ available: 6, debt: 0 });
    expect(repaid.lots[0]?.remaining).toBe(6);
    expect(linesOf(grant("available", true, 25))[1]).toBe("new repayment available>debt 10 order/77/repay-new");
    expect(linesOf(grant("available", false))).toHaveLength(1);
    expect(linesOf(grant("pending", true))).toHaveLength(1);
    expect(linesOf(grant("available", true, 0))).toHaveLength(1);
  });
});

describe("C07 taking back", () => {
  it("C07 what expired of the own lot goes first, then the own, others waiting, others by their end, then debt", () => {
    const lots = [
      lotOf(1),
      lotOf(2, { expiresAt: AUGUST }),
      lotOf(3, { expiresAt: JULY }),
      lotOf(4, { state: "pending" }),
      lotOf(5, { expired: 3, size: 13 }),
      lotOf(6, { expired: 9, size: 19 }),
    ];
    const account = accountOf(lots);
    account.clawBack(67, own(5), "debt", postingOf("order"));
    expect(linesOf(account)).toEqual([
      "5 clawback expired>revoked 3 order/77/take-expired-5",
      "5 clawback available>revoked 10 order/77/take-5",
      "4 clawback pending>revoked 10 order/77/take-4",
      "3 clawback available>revoked 10 order/77/take-3",
      "2 clawback available>revoked 10 order/77/take-2",
      "1 clawback available>revoked 10 order/77/take-1",
      "6 clawback available>revoked 10 order/77/take-6",
      "debt clawback debt>revoked 4 order/77/debt",
    ]);
    expect(account.balances).toMatchObject({ available: 0, pending: 0, expired: 9, revoked: 67, debt: 4 });
    expect(lots[4]).toMatchObject({ expired: 0, remaining: 0, isChanged: true });
    expect(lots[5]).toMatchObject({ expired: 9, remaining: 0 });
  });

  it("C07 own lots that wait go before own lots that do not, and of equal ends the older", () => {
    const lots = [
      lotOf(1, { sourceId: "a" }),
      lotOf(2, { sourceId: "a", state: "pending" }),
      lotOf(null, { sourceId: "b", expiresAt: JULY }),
      lotOf(9, { sourceId: "b", expiresAt: JULY }),
      lotOf(8, { sourceId: "b", expiresAt: JULY }),
    ];
    const account = accountOf(lots);
    account.clawBack(45, ({ sourceId }) => sourceId === "a", "debt", postingOf("order"));
    expect(linesOf(account).map((line) => line.split(" ")[0])).toEqual(["2", "1", "8", "9", "new"]);
    expect(account.balances).toMatchObject({ available: 5, debt: 0 });
  });

  it("C07 own lots that expired pay in the order of their ends, as far as needed", () => {
    const lots = [
      lotOf(1, { expired: 5, remaining: 0, expiresAt: JULY }),
      lotOf(2, { expired: 5, remaining: 0, expiresAt: JUNE }),
      lotOf(3, { expired: 5, remaining: 0, expiresAt: MARCH }),
    ];
    const account = accountOf(lots);
    account.clawBack(7, () => true, "debt", postingOf("order"));
    expect(linesOf(account)).toEqual([
      "3 clawback expired>revoked 5 order/77/take-expired-3",
      "2 clawback expired>revoked 2 order/77/take-expired-2",
    ]);
    expect(account.balances).toMatchObject({ expired: 8, debt: 0, revoked: 7 });
  });

  it("C07 forgiveness writes the debt off with an entry of its own", () => {
    const account = accountOf([lotOf(1)]);
    account.clawBack(12, () => true, "forgive", postingOf("order"));
    expect(linesOf(account).slice(1)).toEqual([
      "debt clawback debt>revoked 2 order/77/debt",
      "debt forgiveness issued>debt 2 order/77/forgive",
    ]);
    expect(account.entries.at(-1)).toMatchObject({ reason: "debt_forgiven", params: { points: 2 } });
    expect(account.entries.at(-1)?.params).not.toHaveProperty("name");
    expect(account.balances).toMatchObject({ available: 0, debt: 0, revoked: 12 });
    const enough = accountOf([lotOf(1)]);
    enough.clawBack(10, () => true, "forgive", postingOf("order"));
    expect(linesOf(enough)).toHaveLength(1);
  });
});

describe("spending", () => {
  it("C01 takes what ends first in whatever order the lots come", () => {
    const ends = [JUNE, null, MARCH, AUGUST, JULY];
    const account = accountOf(ends.map((expiresAt, index) => lotOf(index + 1, { expiresAt })));
    account.takeAvailable(50, { kind: "redemption", to: "redeemed" }, postingOf());
    expect(account.entries.map(({ lot }) => lot?.expiresAt)).toEqual([MARCH, JUNE, JULY, AUGUST, null]);
    // What is issued comes from nowhere: no balance of it is kept.
    expect(account.balances).toEqual({
      ...{ pending: 0, available: 0, reserved: 0, redeemed: 50, expired: 0, revoked: 0, debt: 0 },
    });
  });

  it("C01 takes what ends first, never what waits, and says what is missing", () => {
    const lots = [
      lotOf(1),
      lotOf(2, { expiresAt: AUGUST }),
      lotOf(3, { state: "pending" }),
      lotOf(4, { remaining: 0 }),
    ];
    const account = accountOf(lots);
    expect(account.takeAvailable(13, { kind: "redemption", to: "redeemed" }, postingOf())).toBe(0);
    expect(account.takeAvailable(13, { kind: "adjustment", to: "revoked" }, postingOf())).toBe(6);
    expect(linesOf(account)).toEqual([
      "2 redemption available>redeemed 10 redemption/77/take-2",
      "1 redemption available>redeemed 3 redemption/77/take-1",
      "1 adjustment available>revoked 7 redemption/77/take-1",
    ]);
    expect(lots[3]?.isChanged).toBe(false);
  });

  it("C01 reserves all or nothing, and what is used leaves the reserve under its lot's name", () => {
    const account = accountOf([lotOf(1), lotOf(2)]);
    expect(() => account.reserve(21, postingOf())).toThrow("more points were reserved than the lots hold");
    const enough = accountOf([lotOf(1), lotOf(2)]);
    enough.reserve(20, postingOf());
    expect(linesOf(enough)).toEqual([
      "1 redemption available>reserved 10 redemption/77/take-1",
      "2 redemption available>reserved 10 redemption/77/take-2",
    ]);
    const [first] = enough.lots;
    if (first) first.isChanged = false;
    enough.post(
      [
        { lot: first ?? null, points: 10 },
        { lot: null, points: 4 },
      ],
      postingOf("order"),
    );
    expect(linesOf(enough).slice(2)).toEqual([
      "1 redemption reserved>redeemed 10 order/77/post-1",
      "debt redemption reserved>redeemed 4 order/77/post-debt",
    ]);
    expect(first).toMatchObject({ remaining: 0, isChanged: true });
    expect(enough.balances).toMatchObject({ reserved: 6, redeemed: 14 });
  });

  it("C06 a use that nothing is reserved for takes what there is and owes the rest", () => {
    const account = accountOf([lotOf(1)]);
    account.charge(14, postingOf());
    expect(linesOf(account)).toEqual([
      "1 redemption available>redeemed 10 redemption/77/take-1",
      "debt redemption debt>redeemed 4 redemption/77/debt",
    ]);
    expect(account.balances).toMatchObject({ available: 0, redeemed: 14, debt: 4 });
    const enough = accountOf([lotOf(1)]);
    enough.charge(10, postingOf());
    expect(linesOf(enough)).toHaveLength(1);
  });

  it("I2 a plan that would take more than a bucket holds is refused", () => {
    const account = accountOf([lotOf(1)], { reserved: 3 });
    expect(() => account.post([{ lot: account.lots[0] ?? null, points: 4 }], postingOf())).toThrow(
      "a plan would make reserved negative",
    );
  });
});

describe("C09 expiry", () => {
  it("C09 ends what is available and over, in the order of the ends, under a key per lot and date", () => {
    const lots = [
      lotOf(1, { expiresAt: NOW }),
      lotOf(2, { expiresAt: MARCH }),
      lotOf(3, { expiresAt: AUGUST }),
      lotOf(4, { expiresAt: MARCH, state: "pending" }),
      lotOf(5, { expiresAt: MARCH, remaining: 0 }),
      lotOf(6),
    ];
    const account = accountOf(lots);
    expect(account.expireDue(NOW)).toBe(2);
    expect(linesOf(account)).toEqual([
      `2 expiry available>expired 10 expiry/2/${MARCH}`,
      `1 expiry available>expired 10 expiry/1/${NOW}`,
    ]);
    expect(account.entries[0]).toMatchObject({
      reason: "points_expired",
      params: { points: 10 },
      source: { type: "order", id: "2", rule: "order", version: 3, actor: "system", isTest: false },
    });
    expect(lots[1]).toMatchObject({ remaining: 0, expired: 10, isChanged: true });
    expect(account.balances).toMatchObject({ available: 20, expired: 20, pending: 10 });
    expect(account.expireDue(NOW)).toBe(0);
  });

  it("C09 only the lots that are asked for, and a lot that is not written yet by the key it is given", () => {
    const lots = () => [lotOf(1, { expiresAt: MARCH }), lotOf(null, { expiresAt: MARCH })];
    const account = accountOf(lots());
    expect(account.expireDue(NOW, { isConcerned: ({ id }) => id === null, newLotKey: "order/5/order/1" })).toBe(1);
    expect(linesOf(account)).toEqual([`new expiry available>expired 10 order/5/order/1/expiry/${MARCH}`]);
    expect(() => accountOf(lots()).expireDue(NOW)).toThrow("a lot that is not written yet has no key to expire by");
  });
});

describe("C08 points of a redemption come back", () => {
  const terms = { until: JULY, now: NOW, repayDebt: false };
  const parts = (...each: [DraftLot | null, number][]): HeldPart[] => each.map(([lot, points]) => ({ lot, points }));

  it("C08 to the lot that ends last first, and to its own date when that lasts long enough", () => {
    const [forever, august, july] = [lotOf(1), lotOf(2, { expiresAt: AUGUST }), lotOf(3, { expiresAt: JULY })];
    const account = accountOf([forever, august, july], { reserved: 12 });
    account.giveBack(12, { in: "reserved", parts: parts([july, 4], [forever, 4], [august, 4]) }, terms, postingOf());
    expect(linesOf(account)).toEqual([
      "1 redemption reserved>available 4 redemption/77/back-1",
      "2 redemption reserved>available 4 redemption/77/back-2",
      "3 redemption reserved>available 4 redemption/77/back-3",
    ]);
    expect([forever, august, july].map(({ remaining, isChanged }) => [remaining, isChanged])).toEqual([
      [14, true],
      [14, true],
      [14, true],
    ]);
    expect(account.balances).toMatchObject({ reserved: 0, available: 42 });
  });

  it("C11 into a new lot of the same origin where the old one would end before the grace does", () => {
    const old = lotOf(1, { expiresAt: JUNE, remaining: 0, isTest: true, version: 9, sourceId: "12", rule: "tier" });
    const account = accountOf([old], { redeemed: 10 });
    account.giveBack(6, { in: "redeemed", parts: parts([old, 10]) }, terms, postingOf());
    expect(linesOf(account)).toEqual([
      "1 transfer redeemed>issued 6 redemption/77/out-1",
      "new transfer issued>available 6 redemption/77/in-1",
    ]);
    expect(account.lots[1]).toEqual({
      ...{ id: null, sourceType: "order", sourceId: "12", rule: "tier", version: 9, size: 6, remaining: 6, expired: 0 },
      ...{ state: "available", availableAt: NOW, expiresAt: JULY, createdAt: NOW, isTest: true, isChanged: true },
    });
    expect(old).toMatchObject({ remaining: 0, isChanged: true });
    expect(account.balances).toMatchObject({ redeemed: 4, available: 6 });
  });

  it("C08 a lot that waits takes them back as waiting points, whatever its date", () => {
    const waits = lotOf(1, { state: "pending", expiresAt: MARCH, remaining: 2 });
    const account = accountOf([waits], { reserved: 5, debt: 3 });
    account.giveBack(5, { in: "reserved", parts: parts([waits, 5]) }, { ...terms, repayDebt: true }, postingOf());
    expect(linesOf(account)).toEqual(["1 redemption reserved>pending 5 redemption/77/back-1"]);
    expect(waits.remaining).toBe(7);
    expect(account.balances).toMatchObject({ pending: 7, debt: 3 });
  });

  it("C08 what was charged as debt comes back first: it ends the debt, and what was repaid becomes points", () => {
    const lot = lotOf(1, { remaining: 0 });
    const account = accountOf([lot], { redeemed: 10, debt: 2 });
    account.giveBack(7, { in: "redeemed", parts: parts([lot, 5], [null, 5]) }, terms, postingOf());
    expect(linesOf(account)).toEqual([
      "debt redemption redeemed>debt 2 redemption/77/debt-back",
      "debt transfer debt>issued 3 redemption/77/debt-issued",
      "debt transfer redeemed>debt 3 redemption/77/redeemed-debt",
      "new transfer issued>available 3 redemption/77/in-debt",
      "1 redemption redeemed>available 2 redemption/77/back-1",
    ]);
    expect(account.lots[1]).toMatchObject({
      ...{ sourceType: "redemption", sourceId: "77", size: 3, state: "available" },
      ...{ availableAt: NOW, expiresAt: JULY, createdAt: NOW },
    });
    expect(account.balances).toMatchObject({ redeemed: 3, debt: 0, available: 5 });
  });

  it("C08 what was charged as debt comes back first, whichever part is named first", () => {
    const lot = lotOf(1, { remaining: 0 });
    const account = accountOf([lot], { redeemed: 10, debt: 5 });
    account.giveBack(6, { in: "redeemed", parts: parts([null, 5], [lot, 5]) }, terms, postingOf());
    expect(linesOf(account)).toEqual([
      "debt redemption redeemed>debt 5 redemption/77/debt-back",
      "1 redemption redeemed>available 1 redemption/77/back-1",
    ]);
  });

  it("C08 all of the debt that is still owed, and no lot for nothing", () => {
    const account = accountOf([], { redeemed: 5, debt: 9 });
    account.giveBack(5, { in: "redeemed", parts: parts([null, 5]) }, { ...terms, repayDebt: true }, postingOf());
    expect(linesOf(account)).toEqual(["debt redemption redeemed>debt 5 redemption/77/debt-back"]);
    expect(account.lots).toEqual([]);
    const repaid = accountOf([], { redeemed: 5 });
    repaid.giveBack(5, { in: "redeemed", parts: parts([null, 5]) }, terms, postingOf());
    expect(linesOf(repaid).map((line) => line.split(" ")[3])).toEqual(["5", "5", "5"]);
    expect(repaid.balances).toMatchObject({ redeemed: 0, debt: 0, available: 5 });
  });

  it("C08 what comes back repays what is owed for something else, each part under its own key", () => {
    const [first, second] = [lotOf(1, { remaining: 0 }), lotOf(2, { remaining: 0, expiresAt: JUNE })];
    const account = accountOf([first, second], { redeemed: 8, debt: 6 });
    const held = { in: "redeemed", parts: parts([first, 4], [second, 4]) } as const;
    account.giveBack(8, held, { ...terms, repayDebt: true }, postingOf());
    expect(linesOf(account)).toEqual([
      "1 redemption redeemed>available 4 redemption/77/back-1",
      "1 repayment available>debt 4 redemption/77/1/repay-1",
      "2 transfer redeemed>issued 4 redemption/77/out-2",
      "new transfer issued>available 4 redemption/77/in-2",
      "new repayment available>debt 2 redemption/77/2/repay-new",
    ]);
    expect(account.balances).toMatchObject({ debt: 0, available: 2 });
    const kept = accountOf([lotOf(1, { remaining: 0 })], { redeemed: 4, debt: 6 });
    kept.giveBack(4, { in: "redeemed", parts: parts([kept.lots[0] ?? null, 4]) }, terms, postingOf());
    expect(linesOf(kept)).toHaveLength(1);
  });

  it("C08 never more than is held", () => {
    const account = accountOf([lotOf(1)], { reserved: 9 });
    const held = { in: "reserved", parts: parts([account.lots[0] ?? null, 5]) } as const;
    expect(() => account.giveBack(6, held, terms, postingOf())).toThrow(
      "more points would come back than a redemption holds",
    );
    account.giveBack(0, held, terms, postingOf());
    expect(linesOf(account)).toHaveLength(1);
  });
});

describe("waiting and being there", () => {
  const terms = { availableAt: JULY, expiresAt: AUGUST };

  it("releases what is left of a lot, and repays debt when asked to", () => {
    const lot = lotOf(1, { state: "pending", remaining: 8 });
    const account = accountOf([lot], { debt: 3 });
    account.release(lot, terms, postingOf("clock"), { repayDebt: true });
    expect(linesOf(account)).toEqual([
      "1 release pending>available 8 clock/77/release-1",
      "1 repayment available>debt 3 clock/77/repay-1",
    ]);
    expect(account.entries[0]).toMatchObject({ reason: "hold_passed", params: { points: 8 } });
    expect(account.entries[0]?.params).not.toHaveProperty("name");
    expect(lot).toMatchObject({ state: "available", remaining: 5, ...terms, isChanged: true });
    const other = lotOf(1, { state: "pending" });
    const kept = accountOf([other], { debt: 3 });
    kept.release(other, terms, postingOf("clock"), { repayDebt: false });
    expect(linesOf(kept)).toHaveLength(1);
    expect(other.remaining).toBe(10);
  });

  it("holds again what is unspent", () => {
    const lot = lotOf(1, { remaining: 8 });
    const account = accountOf([lot]);
    account.holdAgain(lot, terms, postingOf("order"));
    expect(linesOf(account)).toEqual(["1 hold available>pending 8 order/77/hold-1"]);
    expect(account.entries[0]).toMatchObject({ reason: "held_again", params: { points: 8 } });
    expect(account.entries[0]?.params).not.toHaveProperty("name");
    expect(lot).toMatchObject({ state: "pending", remaining: 8, ...terms, isChanged: true });
    expect(account.balances).toMatchObject({ available: 0, pending: 8 });
  });

  it("moves dates and no points of a lot that is empty", () => {
    const [pending, available] = [lotOf(1, { state: "pending", remaining: 0 }), lotOf(2, { remaining: 0 })];
    const account = accountOf([pending, available]);
    account.release(pending, terms, postingOf(), { repayDebt: true });
    account.holdAgain(available, terms, postingOf());
    expect([pending.state, available.state, account.entries]).toEqual(["available", "pending", []]);
    expect([pending.isChanged, available.isChanged]).toEqual([true, true]);
  });

  it.each([
    ["state", { state: "pending" as const, availableAt: NOW, expiresAt: null }],
    ["beginning", { state: "available" as const, availableAt: JULY, expiresAt: null }],
    ["end", { state: "available" as const, availableAt: NOW, expiresAt: JULY }],
  ])("a new %s marks the lot, the same terms do not", (_what, changed) => {
    const lot = lotOf(1);
    const account = accountOf([lot]);
    account.setTerms(lot, { state: "available", availableAt: NOW, expiresAt: null });
    expect(lot.isChanged).toBe(false);
    account.setTerms(lot, changed);
    expect(lot).toMatchObject({ ...changed, isChanged: true });
  });
});

describe("B09 an account moves into another", () => {
  it("B09 a lot goes with what is left and what expired of it, and keeps its origin and dates", () => {
    const lot = lotOf(4, { remaining: 6, expired: 3, expiresAt: JULY, isTest: true, state: "pending" });
    const [from, into] = [accountOf([lot]), accountOf([])];
    const sent = from.sendLot(lot, postingOf("merge"));
    expect(sent).toEqual({ open: 6, expired: 3 });
    expect(linesOf(from)).toEqual([
      "4 transfer pending>issued 6 merge/77/take-4",
      "4 transfer expired>issued 3 merge/77/take-expired-4",
    ]);
    expect(from.balances).toMatchObject({ pending: 0, expired: 0 });
    expect(lot).toMatchObject({ remaining: 0, expired: 0 });
    into.receiveLot(lot, sent, postingOf("merge"));
    expect(linesOf(into)).toEqual([
      "new transfer issued>pending 6 merge/77/in-4",
      "new transfer issued>expired 3 merge/77/in-expired-4",
    ]);
    expect(into.lots).toEqual([{ ...lot, id: null, size: 9, remaining: 6, expired: 3, isChanged: true }]);
    expect(into.balances).toMatchObject({ pending: 6, expired: 3 });
  });

  it("B09 only what there is: an empty lot leaves no trace, a half empty one no entry of nothing", () => {
    const into = accountOf([]);
    into.receiveLot(lotOf(4), { open: 0, expired: 0 }, postingOf("merge"));
    expect([into.lots, into.entries]).toEqual([[], []]);
    into.receiveLot(lotOf(5), { open: 2, expired: 0 }, postingOf("merge"));
    into.receiveLot(lotOf(6), { open: 0, expired: 2 }, postingOf("merge"));
    into.receiveLot(lotOf(7), { open: 3, expired: 3 }, postingOf("merge"));
    expect(linesOf(into)).toEqual([
      "new transfer issued>available 2 merge/77/in-5",
      "new transfer issued>expired 2 merge/77/in-expired-6",
      "new transfer issued>available 3 merge/77/in-7",
      "new transfer issued>expired 3 merge/77/in-expired-7",
    ]);
    expect(into.lots.map(({ isChanged }) => isChanged)).toEqual([true, true, true]);
    expect(Object.keys(into.balances)).not.toContain("issued");
    const empty = lotOf(7, { remaining: 0 });
    const from = accountOf([empty]);
    expect(from.sendLot(empty, postingOf("merge"))).toEqual({ open: 0, expired: 0 });
    expect(from.entries).toEqual([]);
  });

  it("B09 debt is owed by one account only", () => {
    const [from, into] = [accountOf([], { debt: 7 }), accountOf([])];
    expect(from.settleDebtByTransfer(postingOf("merge"))).toBe(7);
    into.takeOverDebt(7, postingOf("merge"));
    expect([linesOf(from), linesOf(into)]).toEqual([
      ["debt transfer issued>debt 7 merge/77/debt"],
      ["debt transfer debt>issued 7 merge/77/debt"],
    ]);
    expect([from.balances.debt, into.balances.debt]).toEqual([0, 7]);
    expect(from.settleDebtByTransfer(postingOf("merge"))).toBe(0);
    into.takeOverDebt(0, postingOf("merge"));
    expect([from.entries.length, into.entries.length]).toEqual([1, 1]);
  });

  it.each(["reserved", "redeemed"] as const)("B09 what a redemption holds follows, %s as it is", (bucket) => {
    const lot = lotOf(4, { remaining: 2, expiresAt: JULY, isChanged: false, expired: 1 });
    const held = {
      in: bucket,
      parts: [
        { lot, points: 8 },
        { lot: null, points: 3 },
      ],
    };
    const [from, into] = [accountOf([lot], { [bucket]: 11 }), accountOf([])];
    from.sendHeld(held, postingOf("merge"));
    into.receiveHeld(held, postingOf("merge"));
    expect(linesOf(from)).toEqual([
      `4 transfer ${bucket}>issued 8 merge/77/${bucket}-4`,
      "debt transfer debt>issued 3 merge/77/debt-issued",
      `debt transfer ${bucket}>debt 3 merge/77/${bucket}-debt`,
    ]);
    expect(linesOf(into)).toEqual([
      `new transfer issued>${bucket} 8 merge/77/${bucket}-4`,
      `debt transfer debt>${bucket} 3 merge/77/debt-${bucket}`,
      "debt transfer issued>debt 3 merge/77/issued-debt",
    ]);
    expect(lot).toMatchObject({ remaining: 2, isChanged: true });
    expect(into.lots).toEqual([{ ...lot, id: null, size: 8, remaining: 0, expired: 0, isChanged: true }]);
    expect([from.balances[bucket], into.balances[bucket], into.balances.debt]).toEqual([0, 11, 0]);
  });
});
