// Reviews go where their product's group is. Each step finds for itself what is in the wrong place, so that any
// number of runs, in any order and however interrupted, end the same.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { Finding } from "../moderation/findings";
import { gramsFor } from "../publish-review.server";
import type { ReviewContent } from "../review-content";

const REVIEWS_AT_ONCE = 200;

/** Moves every review that is not in its product's group. @returns how many */
export async function moveReviews(shopId: ShopId, signal: AbortSignal): Promise<{ moved: number }> {
  let moved = 0;
  while (!signal.aborted) {
    const step = await inShop(shopId, moveSome);
    moved += step;
    if (step < REVIEWS_AT_ONCE) break;
  }
  return { moved };
}

interface StrayRow extends ReviewContent {
  [column: string]: unknown;
  id: number;
  groupKey: string;
  published: boolean;
  findings: Finding[];
}

// What is not shown is not found either.
async function moveSome(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<StrayRow>(STRAYS, [tx.shopId, REVIEWS_AT_ONCE]);
  const moves = rows.map((row) => ({
    id: row.id,
    groupKey: row.groupKey,
    grams: row.published ? gramsFor(tx.shopId, row.groupKey, row, row.findings) : [],
  }));
  if (moves.length === 0) return 0;
  await tx.query(
    `UPDATE review r SET group_key = m."groupKey",
            search_grams = coalesce(ARRAY(SELECT jsonb_array_elements_text(m.grams)), '{}')
       FROM jsonb_to_recordset($2::jsonb) AS m (id bigint, "groupKey" text, grams jsonb)
      WHERE r.shop_id = $1 AND r.id = m.id`,
    [tx.shopId, JSON.stringify(moves)],
  );
  await tx.query(
    `UPDATE review_mention m SET group_key = r.group_key FROM review r
      WHERE m.shop_id = $1 AND r.shop_id = $1 AND r.id = m.review_id AND m.review_id = ANY ($2)`,
    [tx.shopId, moves.map(({ id }) => id)],
  );
  return moves.length;
}

const STRAYS = `
SELECT r.id, coalesce(g.group_key, r.product_gid) AS "groupKey", r.status = 'published' AS published, r.rating,
       r.title, r.body, r.pros, r.cons, r.author_name AS "authorName", r.answers, r.findings
  FROM review r LEFT JOIN review_group g ON g.shop_id = r.shop_id AND g.product_gid = r.product_gid
 WHERE r.shop_id = $1 AND r.group_key <> coalesce(g.group_key, r.product_gid) ORDER BY r.id LIMIT $2 FOR NO KEY UPDATE OF r`;
