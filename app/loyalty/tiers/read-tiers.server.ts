// What people look at: how many members stand on each step of the ladder, and one member's own tier.
import { queryShop, type ShopId } from "../../db.server";
import { readProgram } from "../program.server";
import type { TierPlan } from "../program-parts";
import { planAt, type TierProgress } from "./tier-timeline";

export interface TierOverview {
  plans: TierPlan[];
  /** The one in force at `now`, whether it has tiers or not. */
  current: TierPlan | null;
  /** Members by tier id; "" without one. */
  heads: Record<string, number>;
  members: number;
}

/** The plans, and who is where. */
export async function readTierOverview(shopId: ShopId, now: Date): Promise<TierOverview> {
  const { rules } = await readProgram(shopId);
  const rows = await queryShop<{ tierId: string | null; count: number }>(
    shopId,
    `SELECT tier_id AS "tierId", count(*)::int AS count FROM member WHERE shop_id = $1 AND status = 'active' GROUP BY tier_id`,
    [shopId],
  );
  return {
    plans: rules.tierPlans,
    current: planAt(rules.tierPlans, now.toISOString()),
    heads: Object.fromEntries(rows.map(({ tierId, count }) => [tierId ?? "", count])),
    members: rows.reduce((sum, { count }) => sum + count, 0),
  };
}

/** The steps of the plan in force, lowest first; empty where there are no tiers. */
export async function readTierNames(
  shopId: ShopId,
  now: Date,
): Promise<Pick<TierPlan["tiers"][number], "id" | "name">[]> {
  const { rules } = await readProgram(shopId);
  const plan = planAt(rules.tierPlans, now.toISOString());
  return plan?.enabled ? plan.tiers.map(({ id, name }) => ({ id, name })) : [];
}

export interface MemberTier {
  tiers: TierPlan["tiers"];
  tierId: string | null;
  since: string | null;
  until: string | null;
  progress: TierProgress | null;
  /** The tier set by hand that lasts now. */
  override: { tierId: string; until: string | null; actor: string } | null;
  changes: { from: string | null; to: string | null; cause: string; at: string }[];
}

/** One member's tier for the staff; null when the shop has no tiers or nobody has that id. */
export async function readMemberTier(shopId: ShopId, memberId: number, now: Date): Promise<MemberTier | null> {
  const { rules } = await readProgram(shopId);
  const plan = planAt(rules.tierPlans, now.toISOString());
  if (!plan?.enabled) return null;
  const [row] = await queryShop<Omit<MemberTier, "tiers">>(
    shopId,
    `SELECT m.tier_id AS "tierId", to_jsonb(m.tier_since) #>> '{}' AS since, to_jsonb(m.tier_until) #>> '{}' AS until, m.tier_progress AS progress,
            (SELECT jsonb_build_object('tierId', o.tier_id, 'until', o.until_at, 'actor', o.actor) FROM tier_override o
              WHERE o.shop_id = m.shop_id AND o.member_id = m.id AND o.from_at <= $3 AND o.ended_at IS NULL AND (o.until_at IS NULL OR o.until_at > $3)
              ORDER BY o.from_at DESC, o.id DESC LIMIT 1) AS override,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('from', c.from_tier_id, 'to', c.to_tier_id, 'cause', c.cause, 'at', c.at) ORDER BY c.id DESC), '[]')
               FROM (SELECT * FROM tier_change t WHERE t.shop_id = m.shop_id AND t.member_id = m.id ORDER BY t.id DESC LIMIT 5) c) AS changes
       FROM member m WHERE m.shop_id = $1 AND m.id = $2`,
    [shopId, memberId, now],
  );
  return row ? { tiers: plan.tiers, ...row } : null;
}
