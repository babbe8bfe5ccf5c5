// The other orders of a member that rules of a day and of the first order may touch.
import type { ShopTx } from "../db.server";
import { isPurchase } from "./earning-rules";
import { shopDay } from "./expiry";
import { rulesOfVersion, versionAt } from "./program-versions.server";
import { readNeighbours, type SettlementShop } from "./settlement-reads.server";
import type { StoredOrder } from "./stored-order";

/**
 * Orders of the own orders' days, the holder of the first-order bonus, and the earliest ones: read in growing
 * chunks until one of them is a purchase.
 */
export async function neighboursOf(
  tx: ShopTx,
  shop: SettlementShop,
  memberId: number,
  own: StoredOrder[],
): Promise<StoredOrder[]> {
  const days = own.map(({ facts }) => shopDay(facts.processedAt, shop.timeZone));
  for (let earliest = 4; ; earliest *= 8) {
    const found = await readNeighbours(tx, memberId, { days, earliest });
    const current = found.map((order) => own.find(({ id }) => id === order.id) ?? order);
    if (found.length < earliest) return found;
    for (const order of current) if (await isPurchaseNow(tx, shop, order)) return found;
  }
}

async function isPurchaseNow(tx: ShopTx, shop: SettlementShop, { facts, kind }: StoredOrder): Promise<boolean> {
  const stamp = versionAt(shop.stamps, facts.processedAt);
  if (!stamp || kind === "test_removed") return false;
  return isPurchase(facts, await rulesOfVersion(tx, stamp), { isDevelopmentShop: shop.isDevelopment });
}
