// What keeps the shop's facts and subscriptions as they should be.
import { raiseAlertInShop } from "../../ingest/alert.server";
import { checkSubscriptions } from "../../shops/check-subscriptions.server";
import { refreshCollectionFacts } from "../../shops/refresh-collection.server";
import { refreshShop } from "../../shops/refresh-shop.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { enqueue } from "../queue.server";

/** Reads the shop again; a change of currency or zone changes what the storefront shows. */
export async function refreshShopFacts({ shopId }: JobData<"refresh-shop">): Promise<void> {
  await refreshShop(shopId);
  await enqueue(null, "publish-program", { shopId });
}

/** Reads which products a collection holds. */
export async function refreshCollection(
  { shopId, collectionGid }: JobData<"refresh-collection">,
  { now }: JobContext,
): Promise<void> {
  await refreshCollectionFacts(shopId, collectionGid, now);
}

/** Restores missing subscriptions; a gap is closed by a reconciliation from the last high-water mark. */
export async function checkShopSubscriptions({ shopId }: JobData<"check-subscriptions">): Promise<void> {
  const check = await checkSubscriptions(shopId);
  if (check.outcome !== "gap") return;
  await raiseAlertInShop(shopId, "gap_closed", {
    topics: check.restored.length,
    since: check.since?.toISOString() ?? null,
  });
  await enqueue(null, "reconcile-shop", { shopId });
}
