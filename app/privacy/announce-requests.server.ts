import { inShop, queryShop, type ShopId } from "../db.server";
import { tellShop } from "../journeys/tell-shop.server";

/** Tells a shop by mail of each request it has not heard of; what the mail server puts off is tried again. */
export async function announceRequests(shopId: ShopId, now: Date): Promise<{ told: number }> {
  const waiting = await queryShop<{ id: number }>(
    shopId,
    "SELECT id FROM data_export WHERE shop_id = $1 AND told_at IS NULL AND outcome = 'exported' AND emptied_at IS NULL AND due_at IS NOT NULL ORDER BY id",
    [shopId],
  );
  let told = 0;
  for (const { id } of waiting) {
    const { outcome } = await tellShop(shopId, "data_request", `data-request/${id}`);
    if (outcome === "later" || outcome === "no_channel") continue;
    await inShop(shopId, (tx) =>
      tx.query("UPDATE data_export SET told_at = $3 WHERE shop_id = $1 AND id = $2", [shopId, id, now]),
    );
    if (outcome === "sent") told += 1;
  }
  return { told };
}
