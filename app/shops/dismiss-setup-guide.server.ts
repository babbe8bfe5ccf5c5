import { inShop, type ShopId } from "../db.server";

/** Remembers that the merchant has seen enough of the set-up guide. */
export async function dismissSetupGuide(shopId: ShopId, now: Date): Promise<void> {
  await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE shop_profile SET setup = setup || jsonb_build_object('dismissedAt', $2::text) WHERE shop_id = $1",
      [shopId, now.toISOString()],
    ),
  );
}
