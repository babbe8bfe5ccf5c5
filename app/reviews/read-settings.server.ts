// The review settings of a shop, as stored with its profile. What was never saved is the default.
import { queryShop, type ShopId, type ShopTx } from "../db.server";
import { DEFAULT_REVIEW_SETTINGS, reviewSettingsSchema, type ReviewSettings } from "./review-settings";

/** The shop's review settings. */
export async function readReviewSettings(shopId: ShopId): Promise<ReviewSettings> {
  const [row] = await queryShop<{ reviews: unknown }>(shopId, "SELECT reviews FROM shop_profile WHERE shop_id = $1", [
    shopId,
  ]);
  return row ? reviewSettingsSchema.parse(row.reviews) : DEFAULT_REVIEW_SETTINGS;
}

/** The same inside a transaction. */
export async function reviewSettingsIn(tx: ShopTx): Promise<ReviewSettings> {
  const { rows } = await tx.query<{ reviews: unknown }>("SELECT reviews FROM shop_profile WHERE shop_id = $1", [
    tx.shopId,
  ]);
  return rows[0] ? reviewSettingsSchema.parse(rows[0].reviews) : DEFAULT_REVIEW_SETTINGS;
}
