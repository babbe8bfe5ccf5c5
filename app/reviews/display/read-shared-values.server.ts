// What every page shares of the shop's reviews: the questions' labels, the policy in figures, the gallery, and
// the first page of all reviews.
import { queryShop, type ShopId } from "../../db.server";
import { readReviewSettings } from "../read-settings.server";
import { listGallery } from "./curate-media.server";
import { readShownReviews } from "./read-shown-reviews.server";
import { cut, summaryOf, VALUE_BYTES_MAX } from "./reviews-value";
import { PAGE } from "./shown-query";

export interface PolicyCounts {
  published: number;
  held: number;
  /** Not confirmed by their author in time. */
  unconfirmed: number;
  rejected: number;
  /** Reason → how many were rejected for it. */
  reasons: Record<string, number>;
  verified: number;
  incentivised: number;
}

/** The values of the installation, as publishing takes them. */
export async function readSharedValues(shopId: ShopId) {
  const [settings, policy, sums, gallery, all] = await Promise.all([
    readReviewSettings(shopId),
    readPolicyCounts(shopId),
    readShopSums(shopId),
    listGallery(shopId),
    readShownReviews(shopId, {
      of: "shop", sort: "newest", stars: [], withMedia: false, answers: [], topic: null, words: null, cursor: null, limit: PAGE,
    }), // prettier-ignore
  ]);
  const { questions, open } = settings;
  return {
    reviews: { questions, open, policy, rewarded: policy.incentivised > 0 },
    gallery: { items: gallery },
    shopReviews: fitting({
      summary: summaryOf(sums),
      reviews: all.reviews,
      next: all.next,
    }),
  };
}

type ShopPage = Record<string, unknown> & { reviews: Awaited<ReturnType<typeof readShownReviews>>["reviews"] };
function fitting(page: ShopPage): ShopPage {
  for (const words of [5_000, 1_200, 400]) {
    const value = { ...page, reviews: page.reviews.map((review) => cut(review, { words, media: 4 })) };
    if (Buffer.byteLength(JSON.stringify(value)) <= VALUE_BYTES_MAX) return value;
  }
  return { ...page, reviews: page.reviews.slice(0, 3).map((review) => cut(review, { words: 400, media: 1 })) };
}

/** What became of everything that was written, in public: nothing is counted by its stars. */
export async function readPolicyCounts(shopId: ShopId): Promise<PolicyCounts> {
  const rows = await queryShop<{
    status: string;
    reason: string | null;
    count: number;
    verified: number;
    incentivised: number;
  }>(
    shopId,
    `SELECT status, CASE WHEN status = 'rejected' THEN reject_reason END AS reason, count(*) AS count,
            count(*) FILTER (WHERE verified) AS verified, count(*) FILTER (WHERE incentivised) AS incentivised
       FROM review WHERE shop_id = $1 AND status <> 'deleted' GROUP BY 1, 2`,
    [shopId],
  );
  const sum = (status: string, what: "count" | "verified" | "incentivised" = "count") =>
    rows.filter((row) => row.status === status).reduce((total, row) => total + row[what], 0);
  return {
    published: sum("published"),
    held: sum("held"),
    unconfirmed: sum("unconfirmed"),
    rejected: sum("rejected"),
    reasons: Object.fromEntries(
      rows.flatMap(({ status, reason, count }) => (status === "rejected" && reason ? [[reason, count]] : [])),
    ),
    verified: sum("published", "verified"),
    incentivised: sum("published", "incentivised"),
  };
}

async function readShopSums(shopId: ShopId) {
  const [row] = await queryShop<{ counts: number[]; verified: number; incentivised: number; withMedia: number }>(
    shopId,
    `SELECT ARRAY[coalesce(sum(counts[1]), 0), coalesce(sum(counts[2]), 0), coalesce(sum(counts[3]), 0), coalesce(sum(counts[4]), 0),
              coalesce(sum(counts[5]), 0)]::int[] AS counts, coalesce(sum(verified), 0)::int AS verified,
            coalesce(sum(incentivised), 0)::int AS incentivised, coalesce(sum(with_media), 0)::int AS "withMedia"
       FROM rating_summary WHERE shop_id = $1`,
    [shopId],
  );
  return row ?? { counts: [0, 0, 0, 0, 0], verified: 0, incentivised: 0, withMedia: 0 };
}
