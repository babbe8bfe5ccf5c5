import { inShop, type ShopId } from "../db.server";
import { readPlacedBlocks } from "../shopify/read-shop.server";

/** Either shows a shopper what they have. */
const BLOCKS = ["my-points", "points-panel"];

/**
 * Looks whether the published theme holds a block that shows a shopper's points, and remembers when it was first seen.
 * @throws what the Admin API client throws
 */
export async function checkThemeBlock(
  shopId: ShopId,
  now: Date,
): Promise<{ outcome: "seen" | "not_seen" | "unreadable" }> {
  const placed = await readPlacedBlocks(shopId);
  if (placed === null) return { outcome: "unreadable" };
  if (!BLOCKS.some((block) => placed.includes(block))) return { outcome: "not_seen" };
  await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE shop_profile SET setup = jsonb_build_object('themeBlockSeenAt', $2::text) || setup WHERE shop_id = $1",
      [shopId, now.toISOString()],
    ),
  );
  return { outcome: "seen" };
}
