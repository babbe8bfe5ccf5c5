// The one place where words become what shoppers see.
import type { ShopTx } from "../db.server";
import { gramsOfReview } from "./display/review-grams";
import type { Finding } from "./moderation/findings";
import { shownTexts } from "./moderation/mask-text";
import type { ReviewContent } from "./review-content";

export interface Publication {
  reviewId: number;
  groupKey: string;
  version: number;
  content: ReviewContent;
  findings: readonly Finding[];
}

/** What a review is found by: its words as they are shown. */
export function gramsFor(
  shopId: number,
  groupKey: string,
  content: ReviewContent,
  findings: readonly Finding[],
): string[] {
  const { title, body, pros, cons } = shownTexts(content, findings);
  return gramsOfReview({ shopId, groupKey }, [title, body, pros, cons], content.answers);
}

/** Shows a version of a locked review; earlier and other versions are superseded. The first day of showing stays. */
export async function publishReview(
  tx: ShopTx,
  { reviewId, groupKey, version, content, findings }: Publication,
  decidedBy: string | null,
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE review SET status = 'published', published_at = coalesce(published_at, $3), updated_at = $3, version = $4, rating = $5, title = $6,
            body = $7, pros = $8, cons = $9, answers = $10, author_name = $11, findings = $12, search_grams = $13, hold_reasons = '{}',
            hold_until = NULL, reject_reason = NULL, decided_at = CASE WHEN $14::text IS NULL THEN decided_at ELSE $3 END,
            decided_by = coalesce($14, decided_by), award_due = true, analysed = NULL
      WHERE shop_id = $1 AND id = $2`,
    [
      tx.shopId,
      reviewId,
      now,
      version,
      content.rating,
      content.title,
      content.body,
      content.pros,
      content.cons,
      JSON.stringify(content.answers),
      content.authorName,
      JSON.stringify(findings),
      gramsFor(tx.shopId, groupKey, content, findings),
      decidedBy,
    ],
  );
  await settleVersions(tx, reviewId, version, { decidedBy, now });
}

/** Marks which version is shown, once its words are the review's own. */
async function settleVersions(
  tx: ShopTx,
  reviewId: number,
  version: number,
  { decidedBy, now }: { decidedBy: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `UPDATE review_version SET status = CASE WHEN version = $3 THEN 'shown' ELSE 'superseded' END, hold_until = NULL,
            decided_at = coalesce(decided_at, $4), decided_by = coalesce(decided_by, $5)
      WHERE shop_id = $1 AND review_id = $2 AND (version = $3 OR status IN ('held', 'shown'))`,
    [tx.shopId, reviewId, version, now, decidedBy],
  );
}
