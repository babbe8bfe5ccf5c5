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
  /** order | adjustment | merge | clock */
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
