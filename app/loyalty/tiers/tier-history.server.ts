// What a member's tier is computed from, as the database holds it. Read and written under the member's lock.
import type { Queryable, ShopId, ShopTx } from "../../db.server";
import type { Instant } from "../../shopify/order-facts";
import type { EarningRules } from "../earning-rules";
import type { TierPlan } from "../program-parts";
import { rulesOfVersion, VERSION_STAMPS, type VersionStamp } from "../program-versions.server";
import type { QualifyingStep } from "./qualifying-steps";
import type { TierHistory, TierOverride } from "./tier-timeline";

/** The shop's part of every member's history: the newest list of plans counts, because plans in force never change. */
export interface TierShop {
  timeZone: string;
  isDevelopment: boolean;
  plans: TierPlan[];
  stamps: VersionStamp[];
  /** The newest program; null: none was ever saved. */
  newest: { version: number; rules: EarningRules } | null;
}

/** Zone, versions and plans of the shop. */
export async function readTierShop(tx: Queryable & { shopId: ShopId }): Promise<TierShop> {
  const { rows } = await tx.query<{ timeZone: string; isDevelopment: boolean; stamps: VersionStamp[] }>(
    `SELECT time_zone AS "timeZone", is_development AS "isDevelopment", ${VERSION_STAMPS} AS stamps FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  const { timeZone, isDevelopment, stamps } = rows[0] ?? { timeZone: "UTC", isDevelopment: false, stamps: [] };
  const stamp = stamps.at(-1);
  const newest = stamp ? { version: stamp[0], rules: await rulesOfVersion(tx, stamp) } : null;
  return { timeZone, isDevelopment, stamps, plans: newest?.rules.tierPlans ?? [], newest };
}

/** One member's qualifying steps by order, and the tiers set by hand. */
export interface MemberTierFacts {
  orders: Map<number, QualifyingStep[]>;
  overrides: TierOverride[];
}

/** The facts of members; each of them has an answer. */
export async function readTierFacts(
  tx: Queryable & { shopId: ShopId },
  memberIds: readonly number[],
): Promise<Map<number, MemberTierFacts>> {
  const facts = new Map<number, MemberTierFacts>(memberIds.map((id) => [id, { orders: new Map(), overrides: [] }]));
  const { rows } = await tx.query<{ memberId: number; orderId: number; steps: QualifyingStep[] }>(
    `SELECT member_id AS "memberId", order_id AS "orderId", steps FROM order_qualifying WHERE shop_id = $1 AND member_id = ANY ($2)`,
    [tx.shopId, memberIds],
  );
  for (const { memberId, orderId, steps } of rows) facts.get(memberId)?.orders.set(orderId, steps);
  const { rows: byHand } = await tx.query<{
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
  for (const { memberId, tierId, from, until, endedAt } of byHand) {
    facts.get(memberId)?.overrides.push({
      tierId,
      from: from.toISOString(),
      until: until?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    });
  }
  return facts;
}

/** Facts and shop together: what the timeline asks for. */
export function historyOf(facts: MemberTierFacts, shop: Pick<TierShop, "plans" | "timeZone">): TierHistory {
  const { plans, timeZone } = shop;
  return { plans, timeZone, contributions: [...facts.orders.values()], overrides: facts.overrides };
}

export interface QualifyingRow {
  orderId: number;
  memberId: number;
  processedAt: Instant;
  steps: QualifyingStep[];
}

/** Remembers what orders contribute, where nothing is remembered yet. @returns how many were new */
export async function insertQualifying(tx: ShopTx, rows: readonly QualifyingRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { rowCount } = await tx.query(
    `INSERT INTO order_qualifying (shop_id, order_id, member_id, processed_at, steps)
     SELECT $1, "orderId", "memberId", "processedAt", steps
       FROM jsonb_to_recordset($2::jsonb) AS r ("orderId" bigint, "memberId" bigint, "processedAt" timestamptz, steps jsonb)
     ON CONFLICT (shop_id, order_id) DO NOTHING`,
    [tx.shopId, JSON.stringify(rows)],
  );
  return rowCount ?? 0;
}
