// What keeps the shop's facts and subscriptions as they should be.
import { raiseAlertInShop } from "../../ingest/alert.server";
import { sealLedger } from "../../loyalty/seal-ledger.server";
import { sealBirthdays } from "../../loyalty/ways/write-birthday.server";
import { announceRequests } from "../../privacy/announce-requests.server";
import { enforceRetention } from "../../privacy/enforce-retention.server";
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

/** Seals the days of the ledger that are over. */
export async function sealShopLedger(
  { shopId }: JobData<"seal-ledger">,
  { now, signal }: JobContext,
): Promise<{ outcome: string }> {
  return sealLedger(shopId, now, signal);
}

/** Tells of requests nobody was told of, ends what was kept for long enough, and seals what lies open. */
export async function keepPrivacy({ shopId }: JobData<"keep-privacy">, { now, signal }: JobContext): Promise<void> {
  await announceRequests(shopId, now);
  await enforceRetention(shopId, now, signal);
  await sealBirthdays(shopId, "clear");
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
