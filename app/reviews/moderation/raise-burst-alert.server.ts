import type { ShopTx } from "../../db.server";

const HOUR_MS = 3_600_000;

/** One line on the health page per product and hour: more reviews came than people write. */
export async function raiseBurstAlert(tx: ShopTx, productGid: string, now: Date): Promise<void> {
  // Whoever raises it at this very moment is enough: nobody waits.
  const { rows } = await tx.query<{ isMine: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('review_burst'), $1) AS "isMine"`,
    [tx.shopId],
  );
  if (!rows[0]?.isMine) return;
  await tx.query(
    `INSERT INTO health_alert (shop_id, kind, params, at)
     SELECT $1, 'review_burst', jsonb_build_object('product', $2::text), $3 WHERE NOT EXISTS (
       SELECT FROM health_alert WHERE shop_id = $1 AND kind = 'review_burst' AND params->>'product' = $2 AND resolved_at IS NULL AND at > $4)`,
    [tx.shopId, productGid, now, new Date(now.getTime() - HOUR_MS)],
  );
}
