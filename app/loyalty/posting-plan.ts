// How points move between buckets and lots: the plan, before anything is written. Pure; the ledger
// applies it. A draft is one member's account as locked and read; its methods keep lots, balances and
// entries in step, so that a plan that adds up cannot be applied wrongly.
import type { Instant } from "../shopify/order-facts";
import type { ReasonCode, ReasonParams } from "./reasons";

export type Bucket = "issued" | "pending" | "available" | "reserved" | "redeemed" | "expired" | "revoked" | "debt";
export type EntryKind =
  | "grant"
  | "release"
  | "hold"
  | "clawback"
  | "repayment"
  | "adjustment"
  | "transfer"
  | "redemption"
  | "expiry"
  | "forgiveness";

/** What moved the points: the first part of each entry's key. */
export interface PostingSource {
  /** order | adjustment | merge | redemption | clock */
  type: string;
  id: string;
  rule: string;
  version: number | null;
  actor: string;
  isTest: boolean;
}
export interface DraftLot {
  /** null until the ledger has inserted it. */
  id: number | null;
  sourceType: string;
  sourceId: string;
  rule: string;
  version: number | null;
  size: number;
  remaining: number;
  /** Expired and not taken back since. */
  expired: number;
  state: "pending" | "available";
  availableAt: Instant | null;
  expiresAt: Instant | null;
  createdAt: Instant;
  isTest: boolean;
  isChanged: boolean;
}
export interface PlannedEntry {
  memberId: number;
  lot: DraftLot | null;
  kind: EntryKind;
  from: Bucket;
  to: Bucket;
  points: number;
  key: string;
  source: PostingSource;
  reason: ReasonCode;
  params: ReasonParams;
}
export type Balances = Record<Exclude<Bucket, "issued">, number>;

/** One set of movements that share a source, a key prefix and a reason. */
export interface Posting {
  source: PostingSource;
  /** Unique per posting of this source and rule: "order/12/order/3". */
  keyPrefix: string;
  reason: ReasonCode;
  params: ReasonParams;
}
/** What another account gets of a lot. */
interface SentLot {
  open: number;
  expired: number;
}
/** Points of one redemption by the lot they came from; null: charged without having been there (debt). */
export interface HeldPart {
  lot: DraftLot | null;
  points: number;
}
/** Where a redemption's points are: waiting for its use, or used. */
export type HeldIn = "reserved" | "redeemed";
export interface GrantTerms {
  state: "pending" | "available";
  availableAt: Instant | null;
  expiresAt: Instant | null;
  createdAt: Instant;
}

const lotKey = (lot: DraftLot): string => (lot.id === null ? "new" : String(lot.id));
// Never-expiring last, then by id; a lot not yet written is the youngest.
function byExpiry(a: DraftLot, b: DraftLot): number {
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === null) return 1;
    if (b.expiresAt === null) return -1;
    return Date.parse(a.expiresAt) - Date.parse(b.expiresAt);
  }
  return (a.id ?? Number.MAX_SAFE_INTEGER) - (b.id ?? Number.MAX_SAFE_INTEGER);
}
function isPast({ remaining, state, expiresAt }: DraftLot, now: Instant): boolean {
  return remaining > 0 && state === "available" && expiresAt !== null && Date.parse(expiresAt) <= Date.parse(now);
}
const heldKey = (lot: DraftLot | null): string => (lot === null ? "debt" : lotKey(lot));
function lastTakenFirst(a: HeldPart, b: HeldPart): number {
  if (a.lot === null || b.lot === null) return a.lot === b.lot ? 0 : a.lot === null ? -1 : 1;
  return byExpiry(b.lot, a.lot);
}
function pendingFirst(a: DraftLot, b: DraftLot): number {
  if (a.state !== b.state) return a.state === "pending" ? -1 : 1;
  return byExpiry(a, b);
}

/** One member's account while a plan is made on it. */
export class AccountDraft {
  readonly entries: PlannedEntry[] = [];
  readonly balances: Balances;

  constructor(
    readonly memberId: number,
    balances: Balances,
    /** Every open lot of the member; lots that expired where a clawback may concern them. */
    readonly lots: DraftLot[],
  ) {
    this.balances = { ...balances };
  }

  /** A new lot; what becomes available at once repays debt first when asked to. */
  grant(points: number, terms: GrantTerms, posting: Posting, options: { repayDebt: boolean }): DraftLot {
    const lot = this.addLot(points, terms, posting.source);
    this.write(
      lot,
      {
        kind: posting.source.type === "adjustment" ? "adjustment" : "grant",
        from: "issued",
        to: terms.state,
        points,
        step: "grant",
      },
      posting,
    );
    if (terms.state === "available" && options.repayDebt) this.repayDebt(lot, posting);
    return lot;
  }

  /**
   * Takes points back: what expired of the own lots, own lots, other lots (pending first, then earliest
   * expiry), then debt or forgiveness. Nobody pays for points that were gone before.
   */
  clawBack(points: number, isOwn: (lot: DraftLot) => boolean, policy: "debt" | "forgive", posting: Posting): void {
    const unexpired = points - this.takeExpired(this.lots.filter(isOwn).sort(byExpiry), points, posting);
    const open = this.lots.filter((lot) => lot.remaining > 0);
    const order = [...open.filter(isOwn).sort(pendingFirst), ...open.filter((lot) => !isOwn(lot)).sort(pendingFirst)];
    const left = this.takeFrom(order, unexpired, { kind: "clawback", to: "revoked" }, posting);
    if (left === 0) return;
    this.write(null, { kind: "clawback", from: "debt", to: "revoked", points: left, step: "debt" }, posting);
    if (policy === "forgive") {
      this.write(
        null,
        { kind: "forgiveness", from: "issued", to: "debt", points: left, step: "forgive" },
        { ...posting, reason: "debt_forgiven", params: { points: left } },
      );
    }
  }

  /** Takes available points, earliest expiry first. @returns what could not be taken */
  takeAvailable(points: number, move: { kind: EntryKind; to: Bucket }, posting: Posting): number {
    const order = this.lots.filter((lot) => lot.remaining > 0 && lot.state === "available").sort(byExpiry);
    return this.takeFrom(order, points, move, posting);
  }

  /**
   * Available lots whose last day is over at `now` lose what is left. Pending points expire after their
   * release. A lot expires once per date: its key says so.
   * @returns how many lots
   */
  expireDue(now: Instant, which: { isConcerned?: (lot: DraftLot) => boolean; newLotKey?: string } = {}): number {
    const { isConcerned = () => true, newLotKey } = which;
    const due = this.lots.filter((lot) => isPast(lot, now) && isConcerned(lot)).sort(byExpiry);
    for (const lot of due) {
      const { sourceType: type, sourceId, rule, version, isTest, remaining: points } = lot;
      const keyPrefix = lot.id === null ? newLotKey && `${newLotKey}/expiry` : `expiry/${lot.id}`;
      if (keyPrefix === undefined) throw new Error("a lot that is not written yet has no key to expire by");
      this.write(
        lot,
        { kind: "expiry", from: "available", to: "expired", points, step: String(lot.expiresAt) },
        {
          source: { type, id: sourceId, rule, version, actor: "system", isTest },
          keyPrefix,
          reason: "points_expired",
          params: {},
        },
      );
    }
    return due.length;
  }

  /** available → reserved, earliest expiry first. @throws when there are not enough */
  reserve(points: number, posting: Posting): void {
    const missing = this.takeAvailable(points, { kind: "redemption", to: "reserved" }, posting);
    if (missing > 0) throw new Error("more points were reserved than the lots hold");
  }

  /** reserved → redeemed: what was bought is used. */
  post(held: readonly HeldPart[], posting: Posting): void {
    for (const { lot, points } of held)
      this.write(
        lot,
        { kind: "redemption", from: "reserved", to: "redeemed", points, step: `post-${heldKey(lot)}` },
        posting,
      );
  }

  /**
   * A redemption's points come back: those charged as debt first, then the lot that expires last. A lot that
   * would end before `until` hands them to a new lot of the same origin that ends then; a lot that waits
   * takes them back as waiting points.
   * @throws when fewer are held
   */
  giveBack(
    points: number,
    held: { in: HeldIn; parts: readonly HeldPart[] },
    terms: { until: Instant; now: Instant; repayDebt: boolean },
    posting: Posting,
  ): void {
    let left = points;
    for (const part of [...held.parts].sort(lastTakenFirst)) {
      const taken = Math.min(left, part.points);
      if (taken === 0) continue;
      left -= taken;
      const lot =
        part.lot === null
          ? this.giveBackDebt(taken, terms, posting)
          : this.giveBackTo(part.lot, taken, { ...terms, from: held.in }, posting);
      if (terms.repayDebt && lot)
        this.repayDebt(lot, { ...posting, keyPrefix: `${posting.keyPrefix}/${heldKey(part.lot)}` });
    }
    if (left > 0) throw new Error("more points would come back than a redemption holds");
  }

  /** available → redeemed for a use that nothing was reserved for any more; what is missing is owed. */
  charge(points: number, posting: Posting): void {
    const missing = this.takeAvailable(points, { kind: "redemption", to: "redeemed" }, posting);
    if (missing > 0)
      this.write(null, { kind: "redemption", from: "debt", to: "redeemed", points: missing, step: "debt" }, posting);
  }

  /** What a redemption holds leaves for another account (merge). */
  sendHeld(held: { in: HeldIn; parts: readonly HeldPart[] }, posting: Posting): void {
    const move = { kind: "transfer" } as const;
    for (const { lot, points } of held.parts) {
      const step = `${held.in}-${heldKey(lot)}`;
      if (lot === null) this.passThroughDebt(held.in, "issued", points, posting);
      else this.write(lot, { ...move, from: held.in, to: "issued", points, step }, posting);
    }
  }
  /** The other half: each part gets a lot of its own, of the same origin and dates, with nothing left in it. */
  receiveHeld(held: { in: HeldIn; parts: readonly HeldPart[] }, posting: Posting): void {
    for (const { lot, points } of held.parts) {
      const step = `${held.in}-${heldKey(lot)}`;
      if (lot === null) {
        this.passThroughDebt("issued", held.in, points, posting);
        continue;
      }
      const copy = { ...lot, id: null, size: points, remaining: 0, expired: 0, isChanged: true };
      this.lots.push(copy);
      this.write(copy, { kind: "transfer", from: "issued", to: held.in, points, step }, posting);
    }
  }

  /** pending → available, then debt. */
  release(
    lot: DraftLot,
    terms: Pick<GrantTerms, "availableAt" | "expiresAt">,
    posting: Posting,
    options: { repayDebt: boolean },
  ): void {
    const points = lot.remaining;
    this.setTerms(lot, { ...terms, state: "available" });
    if (points === 0) return;
    this.write(
      lot,
      { kind: "release", from: "pending", to: "available", points, step: `release-${lotKey(lot)}`, isLotKept: true },
      { ...posting, reason: "hold_passed", params: { points } },
    );
    if (options.repayDebt) this.repayDebt(lot, posting);
  }

  /** available → pending: what is unspent waits again. */
  holdAgain(lot: DraftLot, terms: Pick<GrantTerms, "availableAt" | "expiresAt">, posting: Posting): void {
    const points = lot.remaining;
    this.setTerms(lot, { ...terms, state: "pending" });
    if (points === 0) return;
    this.write(
      lot,
      { kind: "hold", from: "available", to: "pending", points, step: `hold-${lotKey(lot)}`, isLotKept: true },
      { ...posting, reason: "held_again", params: { points } },
    );
  }

  /** New dates for a lot whose bucket does not change: no entry. */
  setTerms(lot: DraftLot, terms: Pick<GrantTerms, "state" | "availableAt" | "expiresAt">): void {
    if (lot.state === terms.state && lot.availableAt === terms.availableAt && lot.expiresAt === terms.expiresAt) return;
    Object.assign(lot, terms);
    lot.isChanged = true;
  }

  /** Debt moves to another member's account (merge): this account owes nothing afterwards. */
  settleDebtByTransfer(posting: Posting): number {
    const points = this.balances.debt;
    if (points > 0) this.write(null, { kind: "transfer", from: "issued", to: "debt", points, step: "debt" }, posting);
    return points;
  }
  /** The other half: this account owes what the other one owed. */
  takeOverDebt(points: number, posting: Posting): void {
    if (points > 0) this.write(null, { kind: "transfer", from: "debt", to: "issued", points, step: "debt" }, posting);
  }
  /** A lot leaves for another account: what is left of it and what of it expired. */
  sendLot(lot: DraftLot, posting: Posting): SentLot {
    const sent = { open: lot.remaining, expired: lot.expired };
    this.takeFrom([lot], sent.open, { kind: "transfer", to: "issued" }, posting);
    this.takeExpired([lot], sent.expired, posting, { kind: "transfer", to: "issued" });
    return sent;
  }
  /** A lot that came from another account keeps its source and dates. */
  receiveLot(lot: DraftLot, { open, expired }: SentLot, posting: Posting): void {
    if (open + expired === 0) return;
    const copy: DraftLot = { ...lot, id: null, size: open + expired, remaining: open, expired: 0, isChanged: true };
    this.lots.push(copy);
    const move = { kind: "transfer", from: "issued" } as const;
    if (open > 0) this.write(copy, { ...move, to: lot.state, points: open, step: `in-${lotKey(lot)}` }, posting);
    if (expired > 0)
      this.write(copy, { ...move, to: "expired", points: expired, step: `in-expired-${lotKey(lot)}` }, posting);
  }

  /** Available points of a lot go towards what is owed. */
  repayDebt(lot: DraftLot, posting: Posting): void {
    const points = Math.min(this.balances.debt, lot.remaining);
    if (points === 0 || lot.state !== "available") return;
    this.write(
      lot,
      { kind: "repayment", from: "available", to: "debt", points, step: `repay-${lotKey(lot)}` },
      { ...posting, reason: "debt_repaid", params: { points } },
    );
  }

  private giveBackTo(
    lot: DraftLot,
    points: number,
    { from, until, now }: { from: HeldIn; until: Instant; now: Instant },
    posting: Posting,
  ): DraftLot {
    const isLongEnough =
      lot.state === "pending" || lot.expiresAt === null || Date.parse(lot.expiresAt) >= Date.parse(until);
    const key = lotKey(lot);
    if (isLongEnough) {
      this.write(lot, { kind: "redemption", from, to: lot.state, points, step: `back-${key}` }, posting);
      return lot;
    }
    const { sourceType: type, sourceId: id, rule, version, isTest } = lot;
    const origin: PostingSource = { ...posting.source, type, id, rule, version, isTest };
    this.write(lot, { kind: "transfer", from, to: "issued", points, step: `out-${key}` }, posting);
    const fresh = this.addLot(
      points,
      { state: "available", availableAt: now, expiresAt: until, createdAt: now },
      origin,
    );
    this.write(fresh, { kind: "transfer", from: "issued", to: "available", points, step: `in-${key}` }, posting);
    return fresh;
  }

  // What was charged beyond the balance ends what is owed; where that was repaid meanwhile, it becomes points.
  private giveBackDebt(
    points: number,
    { until, now }: { until: Instant; now: Instant },
    posting: Posting,
  ): DraftLot | null {
    const owed = Math.min(points, this.balances.debt);
    if (owed > 0)
      this.write(null, { kind: "redemption", from: "redeemed", to: "debt", points: owed, step: "debt-back" }, posting);
    const rest = points - owed;
    if (rest === 0) return null;
    this.passThroughDebt("redeemed", "issued", rest, posting);
    const terms: GrantTerms = { state: "available", availableAt: now, expiresAt: until, createdAt: now };
    const fresh = this.addLot(rest, terms, posting.source);
    this.write(fresh, { kind: "transfer", from: "issued", to: "available", points: rest, step: "in-debt" }, posting);
    return fresh;
  }
  // An entry without a lot names debt on one of its sides.
  private passThroughDebt(from: Bucket, to: Bucket, points: number, posting: Posting): void {
    this.write(null, { kind: "transfer", from: "debt", to, points, step: `debt-${to}` }, posting);
    this.write(null, { kind: "transfer", from, to: "debt", points, step: `${from}-debt` }, posting);
  }

  private addLot(points: number, terms: GrantTerms, source: PostingSource): DraftLot {
    const lot: DraftLot = {
      id: null,
      sourceType: source.type,
      sourceId: source.id,
      rule: source.rule,
      version: source.version,
      size: points,
      remaining: points,
      expired: 0,
      ...terms,
      isTest: source.isTest,
      isChanged: true,
    };
    this.lots.push(lot);
    return lot;
  }

  private takeFrom(order: DraftLot[], points: number, move: { kind: EntryKind; to: Bucket }, posting: Posting): number {
    let left = points;
    for (const lot of order) {
      if (left === 0) break;
      const taken = Math.min(left, lot.remaining);
      if (taken === 0) continue;
      this.write(
        lot,
        { kind: move.kind, from: lot.state, to: move.to, points: taken, step: `take-${lotKey(lot)}` },
        posting,
      );
      left -= taken;
    }
    return left;
  }

  private takeExpired(
    order: DraftLot[],
    points: number,
    posting: Posting,
    move: { kind: EntryKind; to: Bucket } = { kind: "clawback", to: "revoked" },
  ): number {
    let taken = 0;
    for (const lot of order) {
      const part = Math.min(points - taken, lot.expired);
      if (part === 0) continue;
      this.write(lot, { ...move, from: "expired", points: part, step: `take-expired-${lotKey(lot)}` }, posting);
      taken += part;
    }
    return taken;
  }

  private write(
    lot: DraftLot | null,
    move: { kind: EntryKind; from: Bucket; to: Bucket; points: number; step: string; isLotKept?: boolean },
    posting: Posting,
  ): void {
    const { kind, from, to, points, step } = move;
    // Leaving pending or available eats the lot; a lot's own grant and a change of its bucket do not.
    if (lot && (from === "pending" || from === "available") && !move.isLotKept) {
      lot.remaining -= points;
      lot.isChanged = true;
    }
    // What comes back from a redemption fills its lot again; either way its entry names the lot.
    if (lot && (from === "reserved" || from === "redeemed")) {
      if (to === "pending" || to === "available") lot.remaining += points;
      lot.isChanged = true;
    }
    if (lot && (from === "expired" || to === "expired")) {
      lot.expired += to === "expired" ? points : -points;
      lot.isChanged = true;
    }
    this.move(from, -points);
    this.move(to, points);
    this.entries.push({
      memberId: this.memberId,
      lot,
      kind,
      from,
      to,
      points,
      key: `${posting.keyPrefix}/${step}`,
      source: posting.source,
      reason: posting.reason,
      params: { ...posting.params, points },
    });
  }

  private move(bucket: Bucket, points: number): void {
    if (bucket === "issued") return;
    // What a member owes is kept as a positive number; the bucket itself stands below zero.
    this.balances[bucket] += bucket === "debt" ? -points : points;
    if (this.balances[bucket] < 0) throw new Error(`a plan would make ${bucket} negative`);
  }
}
