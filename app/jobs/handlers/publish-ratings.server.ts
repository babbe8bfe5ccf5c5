// What product pages show lags behind the reviews by one of these. Sequence numbers are read before the
// reviews: a value may be newer than its number, never older.
import { inShop, queryShop, routerPool, type ShopId } from "../../db.server";
import { readProductsOfGroup, readProductValue, type GroupSums } from "../../reviews/display/read-product-value.server";
import { readSharedValues } from "../../reviews/display/read-shared-values.server";
import { readReviewSettings } from "../../reviews/read-settings.server";
import {
  ensureReviewDefinitions,
  findStaleProducts,
  publishProductReviews,
  publishSharedReviews,
  type ProductReviews,
} from "../../shopify/publish-reviews.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { beginRun, finishRun } from "./reconciliation-run.server";
import { learnHandles } from "./learn-handles.server";

const GROUPS_AT_ONCE = 20;
const HEAL_EVERY_MS = 24 * 3_600_000;

interface Group extends GroupSums {
  countedSeq: number;
  publishedSeq: number;
}
const SUMS = `SELECT group_key AS "groupKey", counts, verified, incentivised, with_media AS "withMedia", topics, answers,
                     counted_seq AS "countedSeq", published_seq AS "publishedSeq" FROM rating_summary`;

/** Publishes every group whose sums or reviews changed since, then what all pages share. */
export async function publishRatings(
  { shopId }: JobData<"publish-ratings">,
  { signal }: JobContext,
): Promise<{ published: number; refused: number }> {
  const total = { published: 0, refused: 0 };
  await defineOnce(shopId);
  for (let after: string | null = null; !signal.aborted;) {
    const groups: Group[] = await queryShop<Group & Record<string, unknown>>(
      shopId,
      `${SUMS} WHERE shop_id = $1 AND counted_seq > published_seq AND ($2::text IS NULL OR group_key > $2) ORDER BY group_key LIMIT $3`,
      [shopId, after, GROUPS_AT_ONCE],
    );
    const last = groups.at(-1);
    if (!last) break;
    after = last.groupKey;
    const { published, refused } = await publishProductReviews(shopId, await valuesOf(shopId, groups));
    total.published += published;
    total.refused += refused.length;
    await learnHandles(shopId);
    await publishSharedReviews(shopId, await readSharedValues(shopId));
    // A product that is gone, or a scope that is not granted, is no reason to try again until the nightly look.
    await markPublished(shopId, groups);
  }
  return total;
}

async function defineOnce(shopId: ShopId): Promise<void> {
  const [row] = await queryShop<{ known: boolean }>(
    shopId,
    "SELECT EXISTS (SELECT FROM rating_summary WHERE shop_id = $1 AND published_seq > 0) AS known",
    [shopId],
  );
  if (!row?.known) await ensureReviewDefinitions(shopId);
}

async function valuesOf(shopId: ShopId, groups: readonly Group[]): Promise<ProductReviews[]> {
  const settings = await readReviewSettings(shopId);
  const products: ProductReviews[] = [];
  for (const group of groups) {
    const gids = await readProductsOfGroup(shopId, group.groupKey);
    if (gids.length === 0) continue;
    const value = await readProductValue(shopId, group, settings);
    products.push(...gids.map((productGid) => ({ productGid, value })));
  }
  return products;
}

// Who notices that another publisher was quicker makes the group due again: the newest value is the last written.
async function markPublished(shopId: ShopId, groups: readonly Group[]): Promise<void> {
  await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE rating_summary s SET published_seq = CASE WHEN s.published_seq = seen.published THEN seen.counted ELSE 0 END
         FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS seen (group_key, counted, published)
        WHERE s.shop_id = $1 AND s.group_key = seen.group_key`,
      [
        shopId,
        groups.map((each) => each.groupKey),
        groups.map((each) => each.countedSeq),
        groups.map((each) => each.publishedSeq),
      ],
    ),
  );
}

// An uninstall takes the installation's values with it.
async function installedAt(shopId: ShopId): Promise<Date> {
  const { rows } = await routerPool().query<{ at: Date }>("SELECT installed_at AS at FROM shop WHERE id = $1", [
    shopId,
  ]);
  return rows[0]?.at ?? new Date(0);
}

// A shop without a review has nothing to recount, and yet its pages have to know who may write the first one.
async function shareFirst(shopId: ShopId): Promise<void> {
  await inShop(shopId, (tx) =>
    tx.query(
      `INSERT INTO rating_change (shop_id, group_key)
       SELECT $1, '' WHERE NOT EXISTS (SELECT FROM rating_summary WHERE shop_id = $1 AND published_seq > 0)`,
      [shopId],
    ),
  );
}

/**
 * Once a day: compares what stands on every product with what should, and writes what differs; part of a shop's
 * reconciliation. @returns null when the last look is less than a day old and the app was not installed since
 */
export async function healRatings(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ seen: number; healed: number } | null> {
  const [last] = await queryShop<{ at: Date | null }>(
    shopId,
    "SELECT max(started_at) AS at FROM reconciliation_run WHERE shop_id = $1 AND kind = 'ratings' AND status = 'done'",
    [shopId],
  );
  if (last?.at && now.getTime() - last.at.getTime() < HEAL_EVERY_MS && last.at >= (await installedAt(shopId)))
    return null;
  const run = await beginRun(shopId, "ratings", now);
  try {
    await shareFirst(shopId);
    for (let after = ""; ;) {
      signal.throwIfAborted();
      const groups: Group[] = await queryShop<Group & Record<string, unknown>>(
        shopId,
        `${SUMS} WHERE shop_id = $1 AND counted_seq = published_seq AND group_key > $2 ORDER BY group_key LIMIT $3`,
        [shopId, after, GROUPS_AT_ONCE],
      );
      const end = groups.at(-1);
      if (!end) break;
      after = end.groupKey;
      const products = await valuesOf(shopId, groups);
      const stale = await findStaleProducts(shopId, products);
      await publishProductReviews(shopId, stale);
      run.seen += products.length;
      run.healed += stale.length;
      run.matched += products.length - stale.length;
    }
    if (run.seen > 0) {
      await ensureReviewDefinitions(shopId);
      await publishSharedReviews(shopId, await readSharedValues(shopId));
    }
    await finishRun(run, "done");
    return { seen: run.seen, healed: run.healed };
  } catch (error) {
    await finishRun(run, "failed");
    throw error;
  }
}
