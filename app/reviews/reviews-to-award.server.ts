// Reviews whose points are to be given or taken back: facts for whoever keeps the points, and the mark that
// it was done. Only a purchase earns: an account could write about anything. And only a review that says so: what is
// marked is decided when it is sent in, so nobody is rewarded behind a reader's back.
import { inShop, queryShop, type ShopId } from "../db.server";

export interface DueAward {
  reviewId: number;
  /** give: it is shown. take: its author deleted it. */
  act: "give" | "take" | "none";
  memberId: number | null;
  occasion: string;
  photos: number;
  videos: number;
  isFirst: boolean;
  submittedAt: Date;
  /** What the facts are as of; a later change makes the review due again. */
  updatedAt: string;
}
interface DueRow extends Omit<DueAward, "act" | "occasion"> {
  [column: string]: unknown;
  status: string;
  verified: boolean;
  incentivised: boolean;
  lineId: string | null;
}
const AT_ONCE = 200;

/** The next reviews that wait, oldest first. */
export async function reviewsToAward(shopId: ShopId): Promise<DueAward[]> {
  const rows = await queryShop<DueRow>(
    shopId,
    `SELECT r.id AS "reviewId", r.status, r.verified, r.incentivised, r.line_id AS "lineId", r.member_id AS "memberId", r.photos, r.videos,
            r.submitted_at AS "submittedAt", r.xmin::text AS "updatedAt",
            NOT EXISTS (SELECT FROM review e WHERE e.shop_id = $1 AND e.group_key = r.group_key AND e.status = 'published'
                           AND (e.published_at, e.id) < (r.published_at, r.id)) AS "isFirst"
       FROM review r WHERE r.shop_id = $1 AND r.award_due ORDER BY r.id LIMIT ${AT_ONCE}`,
    [shopId],
  );
  return rows.map(({ status, verified, incentivised, lineId, ...row }) => ({
    ...row,
    act: status === "deleted" ? "take" : status === "published" && verified && incentivised ? "give" : "none",
    occasion: lineId ? `line/${lineId.split("/").at(-1) ?? lineId}` : `review/${row.reviewId}`,
  }));
}

/** Marks a review as done, unless it has changed since its facts were read. */
export async function markAwarded(shopId: ShopId, { reviewId, updatedAt }: DueAward): Promise<void> {
  await inShop(shopId, (tx) =>
    tx.query("UPDATE review SET award_due = false WHERE shop_id = $1 AND id = $2 AND xmin::text = $3", [
      shopId,
      reviewId,
      updatedAt,
    ]),
  );
}
