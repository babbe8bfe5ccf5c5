// The only writer of points_entry, lot and the balance columns of member. Callers lock members through
// here (always by id, always after any order's row), plan on the drafts it hands out, and post them.
import type { Queryable, ShopTx } from "../db.server";
import { AccountDraft, type DraftLot } from "./posting-plan";
import type { StoredTier, TierColumns } from "./tiers/tier-steps";

/** A locked member: who, which tier, and what the ledger's cached sums say. */
export interface LockedMember extends StoredTier {
  customerGid: string | null;
  email: string | null;
  mergedInto: number | null;
  joinedAt: Date | null;
  balanceSeq: number;
  pending: number;
  available: number;
  reserved: number;
  redeemed: number;
  expired: number;
  revoked: number;
  debt: number;
}

const MEMBER_COLUMNS = `id, customer_gid AS "customerGid", email, status, merged_into AS "mergedInto", joined_at AS "joinedAt",
  balance_seq AS "balanceSeq", pending, available, reserved, redeemed, expired, revoked, debt, tier_id AS "tierId", tier_since AS "tierSince",
  tier_until AS "tierUntil", tier_progress AS "tierProgress", tier_review_at AS "tierReviewAt"`;

/**
 * Locks members by id or customer, in order of id. A merged member brings the one it was merged into.
 * NO KEY UPDATE, so that rows which merely point at a member need not wait.
 */
export async function lockMembers(
  tx: ShopTx,
  wanted: { ids?: number[]; customerGids?: string[] },
): Promise<LockedMember[]> {
  const { rows } = await tx.query<LockedMember & { [column: string]: unknown }>(
    `SELECT ${MEMBER_COLUMNS} FROM member WHERE shop_id = $1 AND (id = ANY ($2) OR customer_gid = ANY ($3)) ORDER BY id FOR NO KEY UPDATE`,
    [tx.shopId, wanted.ids ?? [], wanted.customerGids ?? []],
  );
  const locked = new Set(rows.map(({ id }) => id));
  const further = rows.flatMap(({ mergedInto }) =>
    mergedInto !== null && !locked.has(mergedInto) ? [mergedInto] : [],
  );
  return further.length === 0
    ? rows
    : [...rows, ...(await lockMembers(tx, { ids: further })).filter(({ id }) => !locked.has(id))];
}

/** The locked member who stands for `id`: a merged one is represented by the one that was kept. */
export function standing(members: ReadonlyMap<number, LockedMember>, id: number): LockedMember | undefined {
  const member = members.get(id);
  return member?.mergedInto == null ? member : standing(members, member.mergedInto);
}
/** Locked members by id. */
export function byId(members: readonly LockedMember[]): Map<number, LockedMember> {
  return new Map(members.map((member) => [member.id, member]));
}

/** An account to plan on. `lots` may be a part of the member's open lots when the plan needs no others. */
export function openAccount(member: LockedMember, lots: DraftLot[]): AccountDraft {
  const { pending, available, reserved, redeemed, expired, revoked, debt } = member;
  return new AccountDraft(member.id, { pending, available, reserved, redeemed, expired, revoked, debt }, lots);
}

interface LotRow {
  [column: string]: unknown;
  memberId: number;
  availableAt: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
}
const LOT_COLUMNS = `id, member_id AS "memberId", source_type AS "sourceType", source_id AS "sourceId", rule, version, size, remaining, expired, state,
  available_at AS "availableAt", expires_at AS "expiresAt", created_at AS "createdAt", is_test AS "isTest"`;

/** Which lots, beside being open: those of some orders only; also those that hold expired points; also those named. */
interface LotSelection {
  orderIds?: number[];
  lotIds?: number[];
  withExpired?: boolean;
}

/** Open lots of locked members: all of them unless the selection says otherwise. */
export async function readOpenLots(
  tx: Queryable & { shopId: number },
  memberIds: number[],
  { orderIds, lotIds, withExpired = false }: LotSelection = {},
): Promise<Map<number, DraftLot[]>> {
  const named = lotIds ? "OR id = ANY ($3)" : "";
  const open = withExpired ? "(remaining > 0 OR expired > 0)" : `(remaining > 0 ${named})`;
  const ofOrders = orderIds ? "AND source_type = 'order' AND source_id = ANY ($3)" : "";
  const { rows } = await tx.query<LotRow>(
    `SELECT ${LOT_COLUMNS} FROM lot WHERE shop_id = $1 AND member_id = ANY ($2) AND ${open} ${ofOrders} ORDER BY id`,
    [tx.shopId, memberIds, ...(orderIds ? [orderIds.map(String)] : lotIds ? [lotIds] : [])],
  );
  const lots = new Map<number, DraftLot[]>(memberIds.map((id) => [id, []]));
  for (const { memberId, availableAt, expiresAt, createdAt, ...row } of rows) {
    const lot = {
      ...row,
      availableAt: availableAt?.toISOString() ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
      isChanged: false,
    } as unknown as DraftLot;
    lots.get(memberId)?.push(lot);
  }
  return lots;
}

/** Where a redemption's points are, by the lots they came from; null: charged as debt. */
export interface HeldRow {
  lotId: number | null;
  reserved: number;
  redeemed: number;
}
/** What redemptions hold by their entries, by redemption. Read under the member's lock. */
export async function readHeld(tx: ShopTx, redemptionIds: number[]): Promise<Map<number, HeldRow[]>> {
  const { rows } = await tx.query<HeldRow & { id: string; [column: string]: unknown }>(
    `SELECT source_id AS id, lot_id AS "lotId",
            sum(CASE WHEN to_bucket = 'reserved' THEN points WHEN from_bucket = 'reserved' THEN -points ELSE 0 END)::bigint AS reserved,
            sum(CASE WHEN to_bucket = 'redeemed' THEN points WHEN from_bucket = 'redeemed' THEN -points ELSE 0 END)::bigint AS redeemed
       FROM points_entry WHERE shop_id = $1 AND source_type = 'redemption' AND source_id = ANY ($2)
      GROUP BY source_id, lot_id`,
    [tx.shopId, redemptionIds.map(String)],
  );
  const held = new Map<number, HeldRow[]>();
  for (const { id, lotId, reserved, redeemed } of rows)
    if (reserved !== 0 || redeemed !== 0)
      held.set(Number(id), [...(held.get(Number(id)) ?? []), { lotId, reserved, redeemed }]);
  return held;
}

/** What a settlement remembers of each rule beside the ledger (order_earning). */
export interface EarningRow {
  orderId: number;
  rule: string;
  version: number;
  target: number;
  gross: number;
  revision: number;
  state: string;
  availableAt: string | null;
  explanation: unknown;
}
/** Orders a member has more (or fewer) than before. */
export interface CountedOrder {
  memberId: number;
  orders: number;
  lastOrderAt: string | null;
}
export interface PostRequest {
  accounts: AccountDraft[];
  earnings?: EarningRow[];
  counted?: CountedOrder[];
  /** Of members whose tier, or what is told of it, changes along. */
  tiers?: TierColumns[];
  now: Date;
}

/**
 * Writes planned entries, lots and balances in one statement. The plan was made under the members'
 * locks, so a key that exists already is a broken invariant and throws.
 * @returns the ids of the entries by key
 */
export async function postEntries(tx: ShopTx, request: PostRequest): Promise<Map<string, number>> {
  const { accounts, earnings = [], counted = [], tiers = [], now } = request;
  const lots = accounts.flatMap((account) =>
    account.lots.filter((lot) => lot.isChanged).map((lot) => ({ lot, memberId: account.memberId })),
  );
  const entries = accounts.flatMap((account) => account.entries);
  const refs = new Map(lots.map(({ lot }, index) => [lot, index]));
  const members = memberColumns(accounts, counted, tiers);
  const { rows } = await tx.query<{ id: number; key: string }>(POST, [
    tx.shopId,
    now,
    JSON.stringify(lots.map(({ lot, memberId }, ref) => ({ ref, member_id: memberId, ...lotColumns(lot) }))),
    JSON.stringify(
      entries.map((entry) => entryColumns(entry, entry.lot === null ? null : (refs.get(entry.lot) ?? null))),
    ),
    JSON.stringify(members),
    JSON.stringify(earnings.map(earningColumns)),
    lots.flatMap(({ lot }) => lot.id ?? []),
    members.map(({ id }) => id),
  ]);
  return new Map(rows.map(({ id, key }) => [key, id]));
}

interface MemberColumns extends Partial<AccountDraft["balances"]>, Partial<TierColumns> {
  id: number;
  orders?: number;
  last_order_at?: string | null;
}
// Balances of members whose points moved; statistics of those who have another order; tiers of those who rise or fall.
// One row each: every version of a member's row costs as much as its many indexes.
function memberColumns(accounts: AccountDraft[], counted: CountedOrder[], tiers: TierColumns[]): MemberColumns[] {
  const members = new Map<number, MemberColumns>();
  for (const { memberId, balances, entries } of accounts)
    if (entries.length > 0) members.set(memberId, { id: memberId, ...balances });
  for (const { memberId, orders, lastOrderAt } of counted) {
    members.set(memberId, { ...members.get(memberId), id: memberId, orders, last_order_at: lastOrderAt });
  }
  for (const tier of tiers) members.set(tier.id, { ...members.get(tier.id), ...tier });
  return [...members.values()];
}
function lotColumns(lot: DraftLot): Record<string, unknown> {
  return {
    id: lot.id,
    source_type: lot.sourceType,
    source_id: lot.sourceId,
    rule: lot.rule,
    version: lot.version,
    size: lot.size,
    remaining: lot.remaining,
    expired: lot.expired,
    state: lot.state,
    available_at: lot.availableAt,
    expires_at: lot.expiresAt,
    created_at: lot.createdAt,
    is_test: lot.isTest,
  };
}
function entryColumns(entry: AccountDraft["entries"][number], lotRef: number | null): Record<string, unknown> {
  const { source } = entry;
  return {
    member_id: entry.memberId,
    lot_ref: lotRef,
    kind: entry.kind,
    from_bucket: entry.from,
    to_bucket: entry.to,
    points: entry.points,
    key: entry.key,
    source_type: source.type,
    source_id: source.id,
    rule: source.rule,
    version: source.version,
    reason: entry.reason,
    params: entry.params,
    actor: source.actor,
    is_test: source.isTest,
  };
}
function earningColumns(earning: EarningRow): Record<string, unknown> {
  const { orderId, availableAt, ...rest } = earning;
  return { ...rest, order_id: orderId, available_at: availableAt };
}

// $1 shop, $2 now, then JSON: $3 lots, $4 entries, $5 members, $6 earnings; $7 and $8 name the old lots and the members
// once more, so that no plan joins the JSON with everything the shop has.
const POST = `
WITH lots AS MATERIALIZED (
  SELECT ref, coalesce(id, nextval('lot_id_seq')) AS lot_id, id IS NULL AS is_new, member_id, source_type, source_id, rule, version, size,
         remaining, expired, state, available_at, expires_at, created_at, is_test
    FROM jsonb_to_recordset($3::jsonb) AS r (ref int, id bigint, member_id bigint, source_type text, source_id text, rule text, version int,
         size bigint, remaining bigint, expired bigint, state text, available_at timestamptz, expires_at timestamptz, created_at timestamptz,
         is_test boolean)),
new_lots AS (
  INSERT INTO lot (shop_id, id, member_id, source_type, source_id, rule, version, size, remaining, expired, state, available_at, expires_at,
                   created_at, is_test)
  SELECT $1::int, lot_id, member_id, source_type, source_id, rule, version, size, remaining, expired, state, available_at, expires_at,
         created_at, is_test
    FROM lots WHERE is_new),
old_lots AS (
  UPDATE lot SET remaining = r.remaining, expired = r.expired, state = r.state, available_at = r.available_at, expires_at = r.expires_at
    FROM lots r WHERE lot.shop_id = $1::int AND lot.id = ANY ($7::bigint[]) AND lot.id = r.lot_id AND NOT r.is_new),
balances AS (
  UPDATE member m
     SET pending = coalesce(r.pending, m.pending), available = coalesce(r.available, m.available), reserved = coalesce(r.reserved, m.reserved),
         redeemed = coalesce(r.redeemed, m.redeemed), expired = coalesce(r.expired, m.expired), revoked = coalesce(r.revoked, m.revoked),
         debt = coalesce(r.debt, m.debt), orders_count = m.orders_count + coalesce(r.orders, 0), last_order_at = GREATEST(m.last_order_at, r.last_order_at),
         balance_seq = m.balance_seq + CASE WHEN r.pending IS NOT NULL OR r.tier_is_seen THEN 1 ELSE 0 END,
         tier_id = CASE WHEN r.tier_is_seen IS NULL THEN m.tier_id ELSE r.tier_id END,
         tier_since = CASE WHEN r.tier_is_seen IS NULL THEN m.tier_since ELSE r.tier_since END,
         tier_until = CASE WHEN r.tier_is_seen IS NULL THEN m.tier_until ELSE r.tier_until END,
         tier_progress = CASE WHEN r.tier_is_seen IS NULL THEN m.tier_progress ELSE r.tier_progress END,
         tier_review_at = CASE WHEN r.tier_is_seen IS NULL THEN m.tier_review_at ELSE r.tier_review_at END
    FROM jsonb_to_recordset($5::jsonb) AS r (id bigint, pending bigint, available bigint, reserved bigint, redeemed bigint, expired bigint,
                                             revoked bigint, debt bigint, orders int, last_order_at timestamptz, tier_is_seen boolean, tier_id text,
                                             tier_since timestamptz, tier_until timestamptz, tier_progress jsonb, tier_review_at timestamptz)
   WHERE m.shop_id = $1::int AND m.id = ANY ($8::bigint[]) AND m.id = r.id),
earnings AS (
  INSERT INTO order_earning (shop_id, order_id, rule, version, target, gross, revision, state, available_at, explanation, updated_at)
  SELECT $1::int, order_id, rule, version, target, gross, revision, state, available_at, explanation, $2::timestamptz
    FROM jsonb_to_recordset($6::jsonb) AS r (order_id bigint, rule text, version int, target bigint, gross bigint, revision int, state text,
                                             available_at timestamptz, explanation jsonb)
  ON CONFLICT (shop_id, order_id, rule) DO UPDATE
     SET version = EXCLUDED.version, target = EXCLUDED.target, gross = EXCLUDED.gross, revision = EXCLUDED.revision, state = EXCLUDED.state,
         available_at = EXCLUDED.available_at, explanation = EXCLUDED.explanation, updated_at = EXCLUDED.updated_at)
INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, version,
                          reason, params, actor, at, is_test)
SELECT $1::int, e.member_id, l.lot_id, e.kind, e.from_bucket, e.to_bucket, e.points, e.key, e.source_type, e.source_id, e.rule, e.version,
       e.reason, e.params, e.actor, $2::timestamptz, e.is_test
  FROM ROWS FROM (jsonb_to_recordset($4::jsonb) AS (member_id bigint, lot_ref int, kind text, from_bucket text, to_bucket text,
         points bigint, key text, source_type text, source_id text, rule text, version int, reason text, params jsonb, actor text,
         is_test boolean)) WITH ORDINALITY
       AS e (member_id, lot_ref, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, version, reason, params, actor,
             is_test, place)
  LEFT JOIN lots l ON l.ref = e.lot_ref
 ORDER BY e.place
RETURNING id, key`;
