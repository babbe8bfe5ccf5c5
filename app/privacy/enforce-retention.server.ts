// What has reached the end of its time goes: shop by shop, in small steps, each of which may be the last one.
import { inShop, type ShopId } from "../db.server";
import { endOf, type RetainedKind } from "./retention";

const ROWS_AT_ONCE = 2_000;

// $1 the shop, $2 the instant before which everything has reached its end, $3 how many at once.
const STEPS: Partial<Record<RetainedKind, string>> = {
  data_exports: `UPDATE data_export SET content = '{}', customer_gid = NULL, member_ids = '{}', emptied_at = $2 WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM data_export WHERE shop_id = $1 AND emptied_at IS NULL AND requested_at < $2 LIMIT $3)`,
  data_request_lines: `DELETE FROM data_export WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM data_export WHERE shop_id = $1 AND requested_at < $2 LIMIT $3)`,
  access_log: `DELETE FROM customer_access WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM customer_access WHERE shop_id = $1 AND at < $2 LIMIT $3)`,
  mail_texts: `UPDATE message SET params = '{}' WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM message WHERE shop_id = $1 AND due_at < $2 AND status IN ('sent', 'skipped', 'failed') AND params <> '{}' LIMIT $3)`,
  referral_networks: `UPDATE referral SET signals = '{}' WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM referral WHERE shop_id = $1 AND claimed_at < $2 AND signals <> '{}' LIMIT $3)`,
  review_networks: `UPDATE review SET visitor_key = NULL WHERE (shop_id, id) IN (
     SELECT shop_id, id FROM review WHERE shop_id = $1 AND submitted_at < $2 AND visitor_key IS NOT NULL LIMIT $3)`,
  // The key stays unique without saying anything: the same browser may vote once more after so long.
  visitor_votes: `UPDATE review_vote v SET voter_key = 'old/' || gen_random_uuid() WHERE (v.shop_id, v.review_id, v.voter_key) IN (
     SELECT shop_id, review_id, voter_key FROM review_vote WHERE shop_id = $1 AND at < $2 AND NOT signed_in AND voter_key NOT LIKE 'old/%' LIMIT $3)`,
  import_addresses: `UPDATE adjustment_row r SET email = NULL WHERE (r.shop_id, r.batch_id, r.row) IN (
     SELECT r.shop_id, r.batch_id, r.row FROM adjustment_row r JOIN adjustment_batch b ON b.shop_id = r.shop_id AND b.id = r.batch_id
      WHERE r.shop_id = $1 AND b.at < $2 AND r.email IS NOT NULL LIMIT $3)`,
};

/** Ends what a shop has kept for long enough. */
export async function enforceRetention(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<Partial<Record<RetainedKind, number>>> {
  const ended: Partial<Record<RetainedKind, number>> = {};
  for (const [kind, text] of Object.entries(STEPS) as [RetainedKind, string][]) {
    const rows = await endAll(shopId, text, endOf(kind, now), signal);
    if (rows > 0) ended[kind] = rows;
  }
  return ended;
}

async function endAll(shopId: ShopId, text: string, before: Date, signal: AbortSignal): Promise<number> {
  for (let total = 0; ;) {
    signal.throwIfAborted();
    const { rowCount } = await inShop(shopId, (tx) => tx.query(text, [shopId, before, ROWS_AT_ONCE]));
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE) return total;
  }
}
