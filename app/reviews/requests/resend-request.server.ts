import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { log } from "../../log.server";
import { PLAN_FACTS } from "./note-orders.server";
import { reviewableProducts, type RequestFacts } from "./request-plan";

export type ResendOutcome = { outcome: "resending" | "unknown" | "nothing_to_review" | "already_reviewed" | "erased" };

/**
 * Asks again, whatever the plan said: a new link, and every earlier one ends. The next sweep writes it; the
 * contact gate still has the last word, and what it says stands on the request.
 */
export async function resendRequest(
  shopId: ShopId,
  requestId: number,
  actor: string,
  now: Date,
): Promise<ResendOutcome> {
  const outcome = await inShop(shopId, (tx) => beginAgain(tx, requestId, now));
  if (outcome.outcome === "resending") log().info({ shopId, requestId, actor }, "a review request is sent again");
  return outcome;
}

async function beginAgain(tx: ShopTx, requestId: number, now: Date): Promise<ResendOutcome> {
  const { rows } = await tx.query<{ kind: string; facts: RequestFacts; reviewedLines: string[] }>(
    `SELECT o.kind, ${PLAN_FACTS} AS facts,
            (SELECT coalesce(array_agg(v.line_id), '{}') FROM review v WHERE v.shop_id = $1 AND v.order_id = o.id AND v.status <> 'deleted') AS "reviewedLines"
       FROM review_request r JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id WHERE r.shop_id = $1 AND r.id = $2 FOR UPDATE OF r`,
    [tx.shopId, requestId],
  );
  const row = rows[0];
  if (!row) return { outcome: "unknown" };
  if (row.kind === "anonymised") return { outcome: "erased" };
  const products = reviewableProducts(row.facts);
  if (products.length === 0 || row.facts.cancelledAt !== null) return { outcome: "nothing_to_review" };
  if (products.every(({ lineId }) => row.reviewedLines.includes(lineId))) return { outcome: "already_reviewed" };
  await tx.query(
    `UPDATE review_request SET status = 'due', why = NULL, due_at = $3, generation = generation + 1, token_hash = NULL, token_expires_at = NULL,
            invited_at = NULL, reminded_at = NULL, updated_at = $3 WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, requestId, now],
  );
  return { outcome: "resending" };
}
