// Orders placed as a guest become a member's once the member has proved the address: call this only for
// a customer who is signed in (Shopify signs people in by a code sent to that very address).
import type { ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import { isClaimInTime } from "./order-eligibility";
import { rulesOfVersion, versionAt, VERSION_STAMPS, type VersionStamp } from "./program-versions.server";
import { settleOrders } from "./settle-order.server";

export type ClaimOutcome =
  { outcome: "claimed"; orders: number } | { outcome: "nothing_to_claim" } | { outcome: "unknown_member" };

interface Claimant {
  customerGid: string;
  email: string;
  tags: string[];
  timeZone: string;
  stamps: VersionStamp[];
}

/** Gives the member their guest orders of the claim window; each order is claimed once, by one member. */
export async function claimGuestOrders(tx: ShopTx, memberId: number, now: Date): Promise<ClaimOutcome> {
  const { rows } = await tx.query<Claimant & { [column: string]: unknown }>(
    `SELECT m.customer_gid AS "customerGid", m.email, m.tags, coalesce(p.time_zone, 'UTC') AS "timeZone", ${VERSION_STAMPS} AS stamps
       FROM member m LEFT JOIN shop_profile p ON p.shop_id = m.shop_id
      WHERE m.shop_id = $1 AND m.id = $2 AND m.status = 'active' AND m.customer_gid IS NOT NULL`,
    [tx.shopId, memberId],
  );
  const claimant = rows[0];
  if (!claimant) return { outcome: "unknown_member" };
  if (claimant.email === null) return { outcome: "nothing_to_claim" };
  const { rows: orders } = await tx.query<{ id: number; processedAt: Date }>(
    `SELECT id, processed_at AS "processedAt" FROM customer_order
      WHERE shop_id = $1 AND email = $2 AND member_id IS NULL AND customer_gid IS NULL AND facts IS NOT NULL ORDER BY id FOR NO KEY UPDATE`,
    [tx.shopId, claimant.email],
  );
  const orderIds: number[] = [];
  for (const { id, processedAt } of orders)
    if (await isInTime(tx, claimant, processedAt.toISOString(), now)) orderIds.push(id);
  if (orderIds.length === 0) return { outcome: "nothing_to_claim" };
  const claim = {
    customerId: claimant.customerGid,
    claimedAt: now.toISOString(),
    customerTags: claimant.tags,
    areCustomerTagsFixed: true,
  };
  await tx.query(
    "UPDATE customer_order SET customer_gid = $3, facts = facts || $4::jsonb WHERE shop_id = $1 AND id = ANY ($2)",
    [tx.shopId, orderIds, claimant.customerGid, JSON.stringify(claim)],
  );
  await settleOrders(tx, orderIds, now);
  return { outcome: "claimed", orders: orderIds.length };
}

async function isInTime(tx: ShopTx, { stamps, timeZone }: Claimant, processedAt: Instant, now: Date): Promise<boolean> {
  const stamp = versionAt(stamps, processedAt);
  if (!stamp) return false;
  const { guestClaimDays } = await rulesOfVersion(tx, stamp);
  return isClaimInTime({ processedAt, claimedAt: now.toISOString(), guestClaimDays, timeZone });
}
