// Acts in the app carry the name of who did them: remembered when somebody opens the app, asked for again
// once a month.
import { inShop, queryShop, type ShopId } from "../db.server";
import { log } from "../log.server";
import { readStaffName } from "../shopify/read-staff.server";

const KEPT_DAYS = 30;
const NAME_LENGTH_MAX = 200;

/**
 * Makes sure that the staff member behind a verified session token has a name. Never fails: a page is worth
 * more than a name.
 * @param now real time, like everything about tokens
 */
export async function rememberStaff(
  shop: { shopId: ShopId; domain: string },
  staff: { userId: string; idToken: string },
  now = new Date(),
): Promise<void> {
  try {
    await learnName(shop, staff, now);
  } catch (error) {
    log().warn({ shopId: shop.shopId, code: (error as { code?: string }).code }, "a name could not be remembered");
  }
}

async function learnName(
  shop: { shopId: ShopId; domain: string },
  staff: { userId: string; idToken: string },
  now: Date,
): Promise<void> {
  const [known] = await queryShop<{ seenAt: Date }>(
    shop.shopId,
    'SELECT seen_at AS "seenAt" FROM staff WHERE shop_id = $2 AND user_id = $1',
    [staff.userId, shop.shopId],
  );
  if (known && now.getTime() - known.seenAt.getTime() < KEPT_DAYS * 86_400_000) return;
  const read = await readStaffName(shop.domain, staff.idToken);
  if (read?.userId !== staff.userId) return;
  await inShop(shop.shopId, (tx) =>
    tx.query(
      `INSERT INTO staff (shop_id, user_id, name, seen_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (shop_id, user_id) DO UPDATE SET name = EXCLUDED.name, seen_at = EXCLUDED.seen_at`,
      [shop.shopId, read.userId, read.name.slice(0, NAME_LENGTH_MAX), now],
    ),
  );
}
