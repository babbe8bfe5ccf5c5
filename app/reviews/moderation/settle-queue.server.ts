import type { ShopTx } from "../../db.server";

/**
 * Puts reviews into the queue, or takes them out, by what is true of them now: held, an edit waits, a report or an
 * appeal is open, media nobody has looked at. Whoever is in it already keeps their place. Call it after every act.
 */
export async function settleQueue(tx: ShopTx, ids: readonly number[], now: Date): Promise<void> {
  await tx.query(
    `UPDATE review r SET queued_at = CASE WHEN w.waits THEN coalesce(r.queued_at, $3) END
       FROM (SELECT q.id, q.status <> 'deleted' AND (q.status = 'held' OR q.appeal IS NOT DISTINCT FROM 'open'
                    OR EXISTS (SELECT FROM review_version v WHERE v.shop_id = $1 AND v.review_id = q.id AND v.status = 'held')
                    OR EXISTS (SELECT FROM review_report p WHERE p.shop_id = $1 AND p.review_id = q.id AND p.resolved_at IS NULL)
                    OR q.status = 'published' AND EXISTS (
                      SELECT FROM review_media m WHERE m.shop_id = $1 AND m.review_id = q.id AND m.status = 'ready' AND m.viewed_at IS NULL)) AS waits
               FROM review q WHERE q.shop_id = $1 AND q.id = ANY ($2)) w
      WHERE r.shop_id = $1 AND r.id = w.id AND (r.queued_at IS NOT NULL) <> w.waits`,
    [tx.shopId, ids, now],
  );
}
