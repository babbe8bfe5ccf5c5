// Tiers set by hand: they win over what was earned, up or down, until their date or until somebody ends them.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { Instant } from "../../shopify/order-facts";
import { lockMembers } from "../ledger.server";
import { applyTiers } from "./apply-tier.server";
import { historyOf, readTierFacts, readTierShop } from "./tier-history.server";
import { tierOf } from "./tier-timeline";

export interface OverrideRequest {
  memberId: number;
  tierId: string;
  /** null: for good. */
  until: Instant | null;
  /** staff:<id> */
  actor: string;
}
export type OverrideOutcome =
  | { outcome: "set" }
  | { outcome: "unknown_member" }
  | { outcome: "member_inactive" }
  /** The plan in force has no such tier. */
  | { outcome: "unknown_tier" }
  | { outcome: "ends_in_past" };

/** Sets a member's tier by hand; an earlier setting that still lasts ends now. */
export async function setTierOverride(shopId: ShopId, request: OverrideRequest, now: Date): Promise<OverrideOutcome> {
  const { memberId, tierId, until, actor } = request;
  if (until !== null && !(Date.parse(until) > now.getTime())) return { outcome: "ends_in_past" };
  return inShop(shopId, async (tx) => {
    const member = (await lockMembers(tx, { ids: [memberId] })).find(({ id }) => id === memberId);
    if (!member) return { outcome: "unknown_member" };
    if (member.status !== "active") return { outcome: "member_inactive" };
    if (!tierOf((await readTierShop(tx)).plans, now.toISOString(), tierId)) return { outcome: "unknown_tier" };
    await endLasting(tx, memberId, now);
    await tx.query(
      "INSERT INTO tier_override (shop_id, member_id, tier_id, from_at, until_at, actor) VALUES ($1, $2, $3, $4, $5, $6)",
      [shopId, memberId, tierId, now, until, actor],
    );
    await recompute(tx, memberId, now);
    return { outcome: "set" };
  });
}

/** Lets the member have the tier they earned, from now on. */
export async function endTierOverride(
  shopId: ShopId,
  memberId: number,
  now: Date,
): Promise<{ outcome: "ended" } | { outcome: "nothing_to_end" }> {
  return inShop(shopId, async (tx) => {
    await lockMembers(tx, { ids: [memberId] });
    if (!(await endLasting(tx, memberId, now))) return { outcome: "nothing_to_end" };
    await recompute(tx, memberId, now);
    return { outcome: "ended" };
  });
}

async function endLasting(tx: ShopTx, memberId: number, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE tier_override SET ended_at = $3
      WHERE shop_id = $1 AND member_id = $2 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)`,
    [tx.shopId, memberId, now],
  );
  return (rowCount ?? 0) > 0;
}
async function recompute(tx: ShopTx, memberId: number, now: Date): Promise<void> {
  const facts = (await readTierFacts(tx, [memberId])).get(memberId);
  if (facts) await applyTiers(tx, [{ memberId, history: historyOf(facts, await readTierShop(tx)) }], now);
}
