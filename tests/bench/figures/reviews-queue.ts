// What waits for a moderator, and the list of all reviews, in a shop with very many: the page with one review open.
import { CROWD_PRODUCTS } from "../../builders/crowd";
import { crowdedReviews, measureVisits, type CrowdedShop, type Visits } from "../crowded-shop";
import type { Figure } from "../figure";
import type { Stage } from "../stage";

const PRODUCT = 8_000_000_000 + Math.floor(CROWD_PRODUCTS / 2) + 7;

/** Every tab of the queue, its filters and searches, the first page and one half-way down. */
export async function reviewsQueue(stage: Stage): Promise<Figure> {
  const shop = await crowdedReviews(stage);
  const { rows } = await stage.owner.query<{ at: Date; id: string; length: number }>(
    `SELECT queued_at AS at, id, (count(*) OVER ())::int AS length FROM review WHERE shop_id = $1 AND queued_at IS NOT NULL
      ORDER BY queued_at, id OFFSET $2 LIMIT 1`,
    [shop.shopId, Math.floor(shop.size * 0.015)],
  );
  const [middle] = rows;
  const visits: Visits = {
    "everything that waits": "/app/reviews",
    "half-way down": `/app/reviews?cursor=${middle?.at.getTime() ?? 0}.${middle?.id ?? 0}`,
    ...Object.fromEntries(
      ["held", "reports", "appeals", "edits", "media"].map((tab) => [`tab ${tab}`, `/app/reviews?tab=${tab}`]),
    ),
    "one kind of finding": "/app/reviews?kind=claim",
    "a kind that nothing has": "/app/reviews?tab=held&kind=malware",
    words: "/app/reviews?q=プレゼント",
    "words that nothing has": "/app/reviews?q=鳳凰",
    "one product": `/app/reviews?product=${PRODUCT}`,
    "a product without any": `/app/reviews?product=${PRODUCT - 6}`,
    "an author's address": `/app/reviews?q=author${Math.floor(shop.size / 2) + 7}@example.jp`,
  };
  return measureVisits(stage, shop, {
    name: "reviews.queue",
    visits,
    note: `${middle?.length ?? 0} in the queue of ${shop.size} reviews`,
  });
}

/** The list of all reviews: by status, product, words and addresses, the first page and one half-way down. */
export async function reviewsList(stage: Stage): Promise<Figure> {
  const shop = await crowdedReviews(stage);
  const visits: Visits = {
    newest: "/app/reviews?tab=all",
    "half-way down": `/app/reviews?tab=all&cursor=${await middleOf(stage, shop)}`,
    ...Object.fromEntries(
      ["published", "held", "rejected", "unconfirmed"].map((status) => [
        status,
        `/app/reviews?tab=all&status=${status}`,
      ]),
    ),
    "one product": `/app/reviews?tab=all&product=${PRODUCT}`,
    "one product, rejected": `/app/reviews?tab=all&status=rejected&product=${PRODUCT + 2}`,
    "a product without rejected": `/app/reviews?tab=all&status=rejected&product=${PRODUCT}`,
    words: "/app/reviews?tab=all&q=プレゼント",
    "words that nothing has": "/app/reviews?tab=all&q=鳳凰",
    "an author's address": `/app/reviews?tab=all&q=author${Math.floor(shop.size / 2)}@example.jp`,
    "an order's name": `/app/reviews?tab=all&q=%23C${shop.members.first}`,
    "a number": `/app/reviews?tab=all&q=${shop.reviews.first + Math.floor(shop.size / 3)}`,
    "one kind of finding": "/app/reviews?tab=all&kind=spam",
    "one open": `/app/reviews?tab=all&review=${shop.reviews.first + 9}`,
  };
  return measureVisits(stage, shop, {
    name: "reviews.list",
    visits,
    note: `${shop.size} reviews of ${CROWD_PRODUCTS} products`,
  });
}

async function middleOf(stage: Stage, shop: CrowdedShop): Promise<string> {
  const { rows } = await stage.owner.query<{ at: Date; id: string }>(
    "SELECT submitted_at AS at, id FROM review WHERE shop_id = $1 ORDER BY submitted_at DESC, id DESC OFFSET $2 LIMIT 1",
    [shop.shopId, Math.floor(shop.size / 2)],
  );
  return `${rows[0]?.at.getTime() ?? 0}.${rows[0]?.id ?? 0}`;
}
