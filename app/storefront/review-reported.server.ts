import { queryShop, type ShopId } from "../db.server";
import { displayName } from "../reviews/display/display-name";
import type { Finding } from "../reviews/moderation/findings";
import { shownTexts } from "../reviews/moderation/mask-text";
import type { ReviewContent } from "../reviews/review-content";
import type { ReviewSettings } from "../reviews/review-settings";
import type { ReportForm } from "./pages/done-pages";

/** A published review as everybody sees it; null: there is none. */
export async function readReported(
  shopId: ShopId,
  reviewId: number,
  { names }: ReviewSettings,
): Promise<ReportForm["review"] | null> {
  const [row] = await queryShop<Omit<ReviewContent, "answers"> & { findings: Finding[] }>(
    shopId,
    `SELECT rating, title, body, pros, cons, author_name AS "authorName", findings FROM review
      WHERE shop_id = $1 AND id = $2 AND status = 'published'`,
    [shopId, reviewId],
  );
  if (!row) return null;
  const { title, body, authorName } = shownTexts(row, row.findings);
  return { rating: row.rating, title, body, authorName: displayName(authorName, names) };
}
