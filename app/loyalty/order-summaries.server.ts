// order_qualifying: one light row per settled order, so that rules which look at all a member ever ordered read
// no order in full whose answer stays the same. Kept only while a version has such rules.
import type { ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import type { OrderSummary } from "./member-sweep";
import type { QualifyingStep } from "./tiers/qualifying-steps";
import type { TierOverride } from "./tiers/tier-timeline";

/** An order of a member, as light as it gets. */
export interface MemberOrderRow {
  id: number;
  orderGid: string;
  memberId: number;
  processedAt: Instant;
  /** The version it was settled under; null: not yet. */
  version: number | null;
  summary: OrderSummary | null;
  tierUsed: string | null;
  /** Whose and of when the stored row says it is. */
  summaryMemberId: number | null;
  summaryAt: Instant | null;
}

/** Every order of locked members, without facts. */
export async function readMemberOrders(tx: ShopTx, memberIds: number[]): Promise<MemberOrderRow[]> {
  const { rows } = await tx.query<{
    id: number;
    orderGid: string;
    memberId: number;
    processedAt: Date;
    version: number | null;
    targets: Record<string, number> | null;
    steps: QualifyingStep[] | null;
    isPurchase: boolean | null;
    inputs: string | null;
    tierUsed: string | null;
    summaryMemberId: number | null;
    summaryAt: Date | null;
  }>(
    `SELECT o.id, o.order_gid AS "orderGid", o.member_id AS "memberId", o.processed_at AS "processedAt", e.version, e.targets, q.steps,
            q.is_purchase AS "isPurchase", q.inputs, q.tier_used AS "tierUsed", q.member_id AS "summaryMemberId", q.processed_at AS "summaryAt"
       FROM customer_order o
       LEFT JOIN order_qualifying q ON q.shop_id = o.shop_id AND q.order_id = o.id
       LEFT JOIN LATERAL (SELECT min(version) AS version, jsonb_object_agg(rule, target) AS targets
                            FROM order_earning WHERE shop_id = $1 AND order_id = o.id) e ON true
      WHERE o.shop_id = $1 AND o.member_id = ANY ($2) AND o.facts IS NOT NULL`,
    [tx.shopId, memberIds],
  );
  return rows.map(({ targets, steps, isPurchase, inputs, processedAt, summaryAt, ...row }) => ({
    ...row,
    processedAt: processedAt.toISOString(),
    summaryAt: summaryAt?.toISOString() ?? null,
    summary:
      targets === null || steps === null || isPurchase === null || inputs === null
        ? null
        : { targets, steps, isPurchase, inputs },
  }));
}

/** Tiers set by hand, by member, in the order in which they were set. */
export async function readOverrides(tx: ShopTx, memberIds: number[]): Promise<Map<number, TierOverride[]>> {
  const { rows } = await tx.query<{
    memberId: number;
    tierId: string;
    from: Date;
    until: Date | null;
    endedAt: Date | null;
  }>(
    `SELECT member_id AS "memberId", tier_id AS "tierId", from_at AS "from", until_at AS "until", ended_at AS "endedAt"
       FROM tier_override WHERE shop_id = $1 AND member_id = ANY ($2) ORDER BY id`,
    [tx.shopId, memberIds],
  );
  const overrides = new Map<number, TierOverride[]>();
  for (const { memberId, tierId, from, until, endedAt } of rows)
    overrides.set(memberId, [
      ...(overrides.get(memberId) ?? []),
      {
        tierId,
        from: from.toISOString(),
        until: until?.toISOString() ?? null,
        endedAt: endedAt?.toISOString() ?? null,
      },
    ]);
  return overrides;
}

/** A summary to keep. */
export interface SummaryRow extends Omit<OrderSummary, "targets"> {
  orderId: number;
  memberId: number;
  processedAt: Instant;
  tierUsed: string | null;
}

/** Writes summaries over older ones, by id like everybody who writes several. */
export async function writeSummaries(tx: ShopTx, rows: SummaryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO order_qualifying (shop_id, order_id, member_id, processed_at, steps, tier_used, is_purchase, inputs)
     SELECT $1, "orderId", "memberId", "processedAt", steps, "tierUsed", "isPurchase", inputs
       FROM jsonb_to_recordset($2::jsonb) AS r ("orderId" bigint, "memberId" bigint, "processedAt" timestamptz, steps jsonb, "tierUsed" text,
                                                "isPurchase" boolean, inputs text)
     ON CONFLICT (shop_id, order_id) DO UPDATE
        SET member_id = EXCLUDED.member_id, processed_at = EXCLUDED.processed_at, steps = EXCLUDED.steps, tier_used = EXCLUDED.tier_used,
            is_purchase = EXCLUDED.is_purchase, inputs = EXCLUDED.inputs`,
    [tx.shopId, JSON.stringify(rows.toSorted((a, b) => a.orderId - b.orderId))],
  );
}
