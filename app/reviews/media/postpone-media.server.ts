import { inShop, type ShopId } from "../../db.server";

const SOONEST_MS = 5_000;
const LATEST_MS = 15 * 60_000;

/** Asks the store about media again later: soon for what is new, less and less often for what is not. */
export async function postponeMedia(
  shopId: ShopId,
  { id, createdAt }: { id: number; createdAt: Date },
  now: Date,
): Promise<void> {
  const age = now.getTime() - createdAt.getTime();
  const wait = Math.min(LATEST_MS, Math.max(SOONEST_MS, age / 2));
  await inShop(shopId, (tx) =>
    tx.query("UPDATE review_media SET check_at = $3 WHERE shop_id = $1 AND id = $2", [
      shopId,
      id,
      new Date(now.getTime() + wait),
    ]),
  );
}
