// Laws of redemption on one account, against a naive model in which every point is a thing of its own that
// knows its date and nothing else: no lots, no entries, no revisions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AccountDraft, type DraftLot, type HeldPart, type PlannedEntry } from "../../../app/loyalty/posting-plan";

const EMPTY = { pending: 0, available: 0, reserved: 0, redeemed: 0, expired: 0, revoked: 0, debt: 0 };
const GRACE_DAYS = 30;
const NEVER = 100_000;
const iso = (day: number): string => new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString();
const dateOf = (day: number): string | null => (day === NEVER ? null : iso(day));

/** A ledger in memory: what the real one would have stored after each posting. */
class Ledger {
  private balances = { ...EMPTY };
  private lots: DraftLot[] = [];
  private nextLot = 1;
  readonly entries: PlannedEntry[] = [];

  plan(make: (account: AccountDraft) => void): void {
    const account = new AccountDraft(1, this.balances, this.lots);
    make(account);
    this.balances = { ...account.balances };
    for (const lot of this.lots) lot.id ??= this.nextLot++;
    this.entries.push(...account.entries);
  }
  held(id: number, bucket: "reserved" | "redeemed"): HeldPart[] {
    const parts = new Map<DraftLot | null, number>();
    for (const { lot, from, to, points, source } of this.entries) {
      if (source.type !== "redemption" || source.id !== String(id)) continue;
      const change = to === bucket ? points : from === bucket ? -points : 0;
      parts.set(lot, (parts.get(lot) ?? 0) + change);
    }
    return [...parts].filter(([, points]) => points !== 0).map(([lot, points]) => ({ lot, points }));
  }

  expectLaws(): void {
    const keys = this.entries.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const sums: Record<string, number> = {};
    for (const { from, to, points } of this.entries) {
      expect(points).toBeGreaterThan(0);
      sums[from] = (sums[from] ?? 0) - points;
      sums[to] = (sums[to] ?? 0) + points;
    }
    // I1: nothing comes from nowhere. I2: the cached balances are the entries. I8: none is below zero.
    expect(Object.values(sums).reduce((a, b) => a + b, 0)).toBe(0);
    for (const [bucket, balance] of Object.entries(this.balances)) {
      expect(balance).toBeGreaterThanOrEqual(0);
      expect((sums[bucket] ?? 0) * (bucket === "debt" ? -1 : 1) || 0).toBe(balance);
    }
    expect(this.lots.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(this.balances.available);
    for (const lot of this.lots) this.expectLot(lot);
    // The database refuses an entry without a lot that names no debt.
    for (const { lot, from, to } of this.entries) expect(lot !== null || from === "debt" || to === "debt").toBe(true);
  }
  // I3: each point of a lot is accounted for by entries that name it.
  private expectLot(lot: DraftLot): void {
    let [granted, open, expired] = [0, 0, 0];
    for (const entry of this.entries.filter((each) => each.lot === lot)) {
      if (entry.from === "issued") granted += entry.points;
      if (entry.to === "available") open += entry.points;
      if (entry.from === "available") open -= entry.points;
      if (entry.to === "expired") expired += entry.points;
    }
    expect([granted, open, expired]).toEqual([lot.size, lot.remaining, lot.expired]);
    expect(Math.min(lot.remaining, lot.expired)).toBeGreaterThanOrEqual(0);
    expect(lot.remaining + lot.expired).toBeLessThanOrEqual(lot.size);
  }
  shown() {
    const { available, reserved, redeemed, debt, expired } = this.balances;
    return { available, reserved, redeemed, debt, expired, days: this.days() };
  }
  private days(): number[] {
    return this.lots
      .flatMap(({ remaining, expiresAt }) =>
        Array.from({ length: remaining }, () =>
          expiresAt === null ? NEVER : (Date.parse(expiresAt) - Date.UTC(2026, 0, 1)) / 86_400_000,
        ),
      )
      .sort((a, b) => a - b);
  }
}

/** A redemption's points: the day each would end, or null for one that was never there. */
interface Bought {
  points: (number | null)[];
  back: number;
  state: "reserved" | "posted" | "voided";
}
class Naive {
  available: number[] = [];
  debt = 0;
  expired = 0;
  readonly bought: Bought[] = [];

  give(day: number): void {
    if (this.debt > 0) this.debt--;
    else this.available.push(day);
    this.available.sort((a, b) => a - b);
  }
  take(points: number): (number | null)[] {
    const taken: (number | null)[] = this.available.splice(0, points);
    while (taken.length < points) {
      taken.push(null);
      this.debt++;
    }
    return taken;
  }
  giveBack(bought: Bought, points: number, until: number): void {
    // Those never had first, then the one that would have lasted longest.
    bought.points.sort((a, b) => (b ?? Infinity) - (a ?? Infinity));
    for (const day of bought.points.splice(0, points)) this.give(day === null ? until : Math.max(day, until));
  }
  expire(today: number): void {
    const kept = this.available.filter((day) => day > today);
    this.expired += this.available.length - kept.length;
    this.available = kept;
  }
  shown() {
    const sum = (state: Bought["state"]) =>
      this.bought.filter((each) => each.state === state).reduce((total, { points }) => total + points.length, 0);
    return {
      available: this.available.length,
      reserved: sum("reserved"),
      redeemed: sum("posted"),
      debt: this.debt,
      expired: this.expired,
      days: this.available,
    };
  }
}

const step = fc.oneof(
  fc.record({
    act: fc.constant("grant" as const),
    points: fc.integer({ min: 1, max: 30 }),
    days: fc.constantFrom(5, 20, 60, NEVER),
  }),
  fc.record({ act: fc.constant("reserve" as const), points: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ act: fc.constant("post" as const), which: fc.nat(20) }),
  fc.record({ act: fc.constant("void" as const), which: fc.nat(20) }),
  fc.record({ act: fc.constant("return" as const), which: fc.nat(20), points: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ act: fc.constant("charge" as const), which: fc.nat(20), points: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ act: fc.constant("clawback" as const), points: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ act: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 25 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function posting(type: string, id: string | number, prefix: string) {
  return {
    source: { type, id: String(id), rule: "test", version: null, actor: "test", isTest: false },
    keyPrefix: prefix,
    reason: "adjust_gift" as const,
    params: {},
  };
}

function run(steps: Step[]): void {
  const ledger = new Ledger();
  const naive = new Naive();
  let today = 0;
  steps.forEach((each, index) => {
    const key = `step-${index}`;
    const until = today + GRACE_DAYS;
    const terms = { until: iso(until), now: iso(today), repayDebt: true };
    const pick = (which: number, ...states: Bought["state"][]) => {
      const fitting = naive.bought
        .map((bought, id) => ({ bought, id }))
        .filter(({ bought }) => states.includes(bought.state));
      return fitting[which % Math.max(1, fitting.length)];
    };
    if (each.act === "grant") {
      const day = each.days === NEVER ? NEVER : today + each.days;
      const lotTerms = {
        state: "available" as const,
        availableAt: iso(today),
        expiresAt: dateOf(day),
        createdAt: iso(today),
      };
      ledger.plan(
        (account) => void account.grant(each.points, lotTerms, posting("order", index, key), { repayDebt: true }),
      );
      for (let i = 0; i < each.points; i++) naive.give(day);
    } else if (each.act === "reserve" && naive.available.length >= each.points) {
      const id = naive.bought.length;
      ledger.plan((account) => account.reserve(each.points, posting("redemption", id, `${key}/reserve`)));
      naive.bought.push({ points: naive.take(each.points), back: 0, state: "reserved" });
    } else if (each.act === "post") {
      const chosen = pick(each.which, "reserved");
      if (!chosen) return;
      ledger.plan((account) =>
        account.post(ledger.held(chosen.id, "reserved"), posting("redemption", chosen.id, `${key}/post`)),
      );
      chosen.bought.state = "posted";
    } else if (each.act === "void") {
      const chosen = pick(each.which, "reserved");
      if (!chosen) return;
      const { length } = chosen.bought.points;
      const held = { in: "reserved" as const, parts: ledger.held(chosen.id, "reserved") };
      ledger.plan((account) => account.giveBack(length, held, terms, posting("redemption", chosen.id, key)));
      naive.giveBack(chosen.bought, length, until);
      chosen.bought.state = "voided";
    } else if (each.act === "return") {
      const chosen = pick(each.which, "posted");
      const points = Math.min(each.points, chosen?.bought.points.length ?? 0);
      if (!chosen || points === 0) return;
      const held = { in: "redeemed" as const, parts: ledger.held(chosen.id, "redeemed") };
      ledger.plan((account) => account.giveBack(points, held, terms, posting("redemption", chosen.id, key)));
      naive.giveBack(chosen.bought, points, until);
    } else if (each.act === "charge") {
      const chosen = pick(each.which, "posted", "voided");
      if (!chosen) return;
      ledger.plan((account) => account.charge(each.points, posting("redemption", chosen.id, key)));
      chosen.bought.points.push(...naive.take(each.points));
      chosen.bought.state = "posted";
    } else if (each.act === "clawback") {
      ledger.plan((account) => account.clawBack(each.points, () => false, "debt", posting("order", index, key)));
      naive.take(each.points);
    } else if (each.act === "wait") {
      today += each.days;
      ledger.plan((account) => void account.expireDue(iso(today)));
      naive.expire(today);
    }
    ledger.expectLaws();
    expect(ledger.shown()).toEqual(naive.shown());
  });
}

describe("redemption", () => {
  it("C08 C09 C11 any history of buying, using, returning and expiring ends where counting single points ends", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: "max" }), run), { numRuns: 300 });
  });

  it("takes the points that end first, and refuses more than there are", () => {
    const account = new AccountDraft(1, EMPTY, []);
    const terms = (day: number) => ({
      state: "available" as const,
      availableAt: iso(0),
      expiresAt: iso(day),
      createdAt: iso(0),
    });
    const late = account.grant(10, terms(50), posting("order", 1, "a"), { repayDebt: true });
    const early = account.grant(10, terms(5), posting("order", 2, "b"), { repayDebt: true });
    account.reserve(12, posting("redemption", 1, "c"));
    expect([early.remaining, late.remaining]).toEqual([0, 8]);
    expect(() => account.reserve(9, posting("redemption", 2, "d"))).toThrow();
  });
});
