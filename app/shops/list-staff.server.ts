import { queryShop, type ShopId } from "../db.server";

export interface StaffMember {
  /** staff:<Shopify user id>, as acts name them. */
  actor: string;
  name: string;
}

const STAFF_MAX = 200;

/** Everybody who has opened the app in this shop, by name. */
export async function listStaff(shopId: ShopId): Promise<StaffMember[]> {
  return queryShop<StaffMember & { [column: string]: unknown }>(
    shopId,
    `SELECT 'staff:' || user_id AS actor, name FROM staff WHERE shop_id = $1 ORDER BY name, user_id LIMIT $2`,
    [shopId, STAFF_MAX],
  );
}
