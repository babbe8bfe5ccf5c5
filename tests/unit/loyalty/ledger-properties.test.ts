// Laws of the pure core, against a naive model that knows nothing of lots, entries or revisions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { computeEarning, defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { planRule, type PostedRule } from "../../../app/loyalty/order-plan";
import { AccountDraft, type DraftLot, type PlannedEntry } from "../../../app/loyalty/posting-plan";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { DAY_MS, ORDER_DAY, orderFacts, orderLine, refundFacts } from "../../builders/order-facts";

const CURRENCIES = { JPY: 100, USD: 100, KWD: 1_000 } as const;
type Currency = keyof typeof CURRENCIES;
const EMPTY = { pending: 0, available: 0, reserved: 0, redeemed: 0, expired: 0, revoked: 0, debt: 0 };

function rulesFor(currency: Currency, change: Partial<EarningRules> = {}): EarningRules {
  return { ...defaultEarningRules({ currency, taxesIncluded: true }), ...change };
}
const context = {
  isDevelopmentShop: false,
  timeZone: "Asia/Tokyo",
  member: { joinedAt: null, tags: [] },
  isFirstOrder: true,
  earnedEarlierTodayPoints: 0,
  now: "2027-01-01T00:00:00.000Z",
};
function pointsOf(facts: OrderFacts, rules: EarningRules): number {
  return computeEarning(facts, rules, context).rules[0]?.target ?? 0;
}

interface Purchase {
  currency: Currency;
  /** Units and unit price of each line. */
  lines: { quantity: number; unit: number }[];
}
const purchase: fc.Arbitrary<Purchase> = fc.record({
  currency: fc.constantFrom<Currency>("JPY", "USD", "KWD"),
  lines: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), unit: fc.integer({ min: 0, max: 250_000 }) }), {
    minLength: 1,
    maxLength: 6,
  }),
});
function factsOf({ currency, lines }: Purchase): OrderFacts {
  return orderFacts({
    currency,
    lines: lines.map(({ quantity, unit }) => orderLine({ quantity, amountMinor: quantity * unit })),
  });
}
/** Naive: whole points of the money that is left. */
function naivePoints(currency: Currency, keptMinor: number): number {
  return Math.floor(Math.max(0, keptMinor) / CURRENCIES[currency]);
}

describe("refunds", () => {
  it("B01 any split of a refund ends where one refund would, and where a naive count of money ends", () => {
    const plan = fc.record({
      order: purchase,
      cuts: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 }),
      amountOnly: fc.nat(300_000),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(plan, ({ order, cuts, amountOnly, seed }) => {
        const facts = factsOf(order);
        const rules = rulesFor(order.currency);
        const lines = order.lines.map(({ quantity }, index) => ({
          quantity: (cuts[index % cuts.length] ?? 0) % (quantity + 1),
          index,
        }));
        const whole = refundFacts({
          lines: lines.map(({ quantity, index }) => refundLine(facts, index, quantity)),
          unallocatedMinor: amountOnly,
        });
        const units = lines.flatMap(({ quantity, index }) =>
          Array.from({ length: quantity }, () => refundFacts({ lines: [refundLine(facts, index, 1)] })),
        );
        const half = Math.floor(amountOnly / 2);
        const split = shuffled(
          [...units, refundFacts({ unallocatedMinor: half }), refundFacts({ unallocatedMinor: amountOnly - half })],
          seed,
        );
        const [one, many] = [
          pointsOf({ ...facts, refunds: [whole] }, rules),
          pointsOf({ ...facts, refunds: split }, rules),
        ];
        const total = order.lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0);
        const back = lines.reduce((sum, { quantity, index }) => sum + quantity * (order.lines[index]?.unit ?? 0), 0);
        expect(many).toBe(one);
        expect(one).toBe(naivePoints(order.currency, total - back - amountOnly));
      }),
      { numRuns: 4_000 },
    );
  });

  it("never earns more after a refund than before, nor less than nothing", () => {
    fc.assert(
      fc.property(
        purchase,
        fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.nat(400_000), fc.constantFrom("success", "pending", "failure")), {
          maxLength: 6,
        }),
        (order, refunds) => {
          const facts = factsOf(order);
          const rules = rulesFor(order.currency, {
            rounding: "half_up",
            firstOrderBonus: { points: 77, onRefund: "proportional" },
          });
          const given = refunds.map(([line, quantity, amount, status]) =>
            refundFacts({
              lines: [refundLine(facts, line % order.lines.length, quantity)],
              unallocatedMinor: amount,
              status: status as "success",
            }),
          );
          const answers = computeEarning({ ...facts, refunds: given }, rules, context).rules;
          for (const { target, gross } of answers) {
            expect(target).toBeGreaterThanOrEqual(0);
            expect(target).toBeLessThanOrEqual(gross);
          }
          expect(pointsOf({ ...facts, refunds: given.filter(({ status }) => status === "success") }, rules)).toBe(
            answers[0]?.target,
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

function refundLine(facts: OrderFacts, index: number, quantity: number) {
  const line = facts.lines[index];
  if (!line) throw new Error("no such line");
  const unit = line.amountMinor / line.quantity;
  return { lineId: line.lineId, quantity, subtotalMinor: quantity * unit, taxMinor: 0 };
}
function shuffled<T>(items: T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, key: Math.imul(seed + index + 1, 2_654_435_761) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

// ─── The ledger's plan: one member, several orders, spending in between ─────────────────────────────

type Step =
  | { kind: "state"; order: number; kept: number; phase: "waiting" | "pending" | "available" }
  | { kind: "spend"; points: number }
  | { kind: "days"; days: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("state" as const),
      order: fc.nat(3),
      kept: fc.integer({ min: 0, max: 500 }),
      phase: fc.constantFrom("waiting" as const, "pending" as const, "available" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("spend" as const), points: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 25 }) }),
  },
);

class World {
  balances = { ...EMPTY };
  lots: DraftLot[] = [];
  entries: PlannedEntry[] = [];
  posted = new Map<number, PostedRule>();
  spent = 0;
  now = ORDER_DAY;
  private nextLot = 1;

  constructor(private readonly rules: EarningRules) {}

  apply(each: Step): void {
    const account = new AccountDraft(1, this.balances, this.lots);
    if (each.kind === "days") this.pass(account, each.days);
    else if (each.kind === "spend") this.spend(account, each.points);
    else this.settle(account, each);
    this.balances = account.balances;
    this.entries.push(...account.entries);
    for (const lot of account.lots) lot.id ??= this.nextLot++;
    this.lots = account.lots.filter(({ remaining, expired }) => remaining + expired > 0);
  }
  private pass(account: AccountDraft, days: number): void {
    this.now = new Date(Date.parse(this.now) + days * DAY_MS).toISOString();
    account.expireDue(this.now);
  }
  private settle(account: AccountDraft, { order, kept, phase }: Extract<Step, { kind: "state" }>): void {
    const next = planRule({
      orderId: order,
      posted: this.posted.get(order) ?? null,
      answer: {
        rule: "order",
        target: kept,
        gross: 500,
        explanation: { code: kept > 0 ? "order_earned" : "refunded", params: { points: kept } },
      },
      earning: {
        state: kept > 0 ? phase : "none",
        availableAt: phase === "waiting" ? null : new Date(Date.parse(ORDER_DAY) + order * DAY_MS).toISOString(),
        isTest: false,
        whyNone: kept > 0 ? null : "refunded",
      },
      rules: this.rules,
      version: 1,
      timeZone: "Asia/Tokyo",
      now: this.now,
      account,
      formerAccount: null,
      actor: "system",
    });
    if (next) this.posted.set(order, next);
  }
  private spend(account: AccountDraft, points: number): void {
    if (points > account.balances.available) return;
    const source = {
      type: "redemption",
      id: String(this.entries.length),
      rule: "redemption",
      version: null,
      actor: "shopper",
      isTest: false,
    };
    const left = account.takeAvailable(
      points,
      { kind: "redemption", to: "redeemed" },
      { source, keyPrefix: `redemption/${this.entries.length}`, reason: "adjust_other", params: {} },
    );
    expect(left).toBe(0);
    this.spent += points;
  }
  get forgiven(): number {
    return this.sum(({ kind }) => kind === "forgiveness");
  }
  sum(test: (entry: PlannedEntry) => boolean): number {
    return this.entries.filter(test).reduce((total, { points }) => total + points, 0);
  }
}

function expectLaws(world: World): void {
  const { balances, lots, entries } = world;
  for (const bucket of Object.keys(EMPTY) as (keyof typeof EMPTY)[]) {
    const flow = world.sum(({ to }) => to === bucket) - world.sum(({ from }) => from === bucket);
    expect(bucket === "debt" ? 0 - flow : flow).toBe(balances[bucket]);
    expect(balances[bucket]).toBeGreaterThanOrEqual(0);
  }
  for (const state of ["pending", "available"] as const) {
    expect(lots.filter((lot) => lot.state === state).reduce((sum, lot) => sum + lot.remaining, 0)).toBe(
      balances[state],
    );
  }
  expect(lots.reduce((sum, lot) => sum + lot.expired, 0)).toBe(balances.expired);
  for (const lot of lots) {
    expect(lot.remaining + lot.expired).toBeLessThanOrEqual(lot.size);
    if (lot.state === "available" && lot.remaining > 0 && lot.expiresAt !== null)
      expect(lot.expiresAt > world.now).toBe(true);
  }
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  for (const [order, { target }] of world.posted) {
    const own = (kind: string) => world.sum((entry) => entry.kind === kind && entry.source.id === String(order));
    expect(own("grant") - own("clawback")).toBe(target);
  }
}

describe("the plan", () => {
  const policies: [string, Partial<EarningRules>][] = [
    ["debt repaid first", { clawback: "debt", repayDebtFirst: true }],
    ["debt kept apart", { clawback: "debt", repayDebtFirst: false }],
    ["forgiveness", { clawback: "forgive" }],
    ["expiry", { expiry: { kind: "after_days", days: 20 } }],
    ["expiry and forgiveness", { expiry: { kind: "after_days", days: 5 }, clawback: "forgive" }],
  ];
  it.each(policies)("I1–I5 conserves points under %s, whatever happens in whatever order", (_name, policy) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = new World(rulesFor("JPY", policy));
        for (const each of steps) {
          world.apply(each);
          expectLaws(world);
        }
        const targets = [...world.posted.values()].reduce((sum, { target }) => sum + target, 0);
        const { pending, available, expired, debt } = world.balances;
        expect(pending + available + expired - debt).toBe(targets - world.spent + world.forgiven);
        // Expired points cost nothing twice: whatever is refunded, nobody owes more than they spent.
        expect(debt + world.forgiven).toBeLessThanOrEqual(world.spent);
        if (policy.repayDebtFirst) expect(Math.min(available, debt)).toBe(0);
      }),
      { numRuns: 1_500 },
    );
  });

  it("a state told twice posts nothing the second time", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        const world = new World(rulesFor("JPY"));
        for (const each of steps) {
          world.apply(each);
          const count = world.entries.length;
          if (each.kind === "state") world.apply(each);
          expect(world.entries.length).toBe(count);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("C07 takes own lots first, then pending, then what expires first, never-expiring last, then makes debt", () => {
    const lot = (id: number, fields: Partial<DraftLot>): DraftLot => ({
      id,
      sourceType: "order",
      sourceId: String(id),
      rule: "order",
      version: 1,
      size: 10,
      remaining: 10,
      expired: 0,
      state: "available",
      availableAt: null,
      expiresAt: null,
      createdAt: ORDER_DAY,
      isTest: false,
      isChanged: false,
      ...fields,
    });
    const lots = [
      lot(1, {}),
      lot(2, { expiresAt: "2026-09-01T00:00:00.000Z" }),
      lot(3, { expiresAt: "2026-08-01T00:00:00.000Z" }),
      lot(4, { state: "pending" }),
      lot(5, { expiresAt: "2027-01-01T00:00:00.000Z" }),
    ];
    const account = new AccountDraft(1, { ...EMPTY, available: 40, pending: 10 }, lots);
    const source = { type: "order", id: "5", rule: "order", version: 1, actor: "system", isTest: false };
    account.clawBack(57, ({ sourceId }) => sourceId === "5", "debt", {
      source,
      keyPrefix: "order/5/order/2",
      reason: "order_reduced",
      params: {},
    });
    expect(account.entries.map((entry) => [entry.lot?.id ?? "debt", entry.from, entry.points])).toEqual([
      [5, "available", 10],
      [4, "pending", 10],
      [3, "available", 10],
      [2, "available", 10],
      [1, "available", 10],
      ["debt", "debt", 7],
    ]);
    expect(account.balances).toMatchObject({ available: 0, pending: 0, debt: 7, revoked: 57 });
  });
});
