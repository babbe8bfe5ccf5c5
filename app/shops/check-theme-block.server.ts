import { inShop, type ShopId } from "../db.server";
import { readPlacedBlocks } from "../shopify/read-shop.server";

const BLOCK = "my-points";

/**
 * Looks whether the published theme holds the "My points" block and remembers when it was first seen.
 * @throws what the Admin API client throws
 */
export async function checkThemeBlock(
  shopId: ShopId,
  now: Date,
): Promise<{ outcome: "seen" | "not_seen" | "unreadable" }> {
  const placed = await readPlacedBlocks(shopId);
  if (placed === null) return { outcome: "unreadable" };
  if (!placed.includes(BLOCK)) return { outcome: "not_seen" };
  await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE shop_profile SET setup = jsonb_build_object('themeBlockSeenAt', $2::text) || setup WHERE shop_id = $1",
      [shopId, now.toISOString()],
    ),
  );
  return { outcome: "seen" };
}
