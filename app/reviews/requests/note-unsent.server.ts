import { inShop, type ShopId } from "../../db.server";
import { reasonOfMail } from "./request-steps";

/** Invitations that the contact gate refused stand in the list as skipped, with the gate's reason. */
export async function noteUnsentRequests(shopId: ShopId, requestIds: number[], now: Date): Promise<void> {
  if (requestIds.length === 0) return;
  await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number; why: string | null }>(
      `SELECT r.id, m.why FROM review_request r
         JOIN message m ON m.shop_id = $1 AND m.key = 'request/' || r.id || '/' || r.generation || '/1' AND m.status = 'skipped'
        WHERE r.shop_id = $1 AND r.id = ANY ($2) AND r.status = 'sent' AND r.reminded_at IS NULL ORDER BY r.id FOR UPDATE OF r`,
      [shopId, requestIds],
    );
    for (const { id, why } of rows)
      await tx.query(
        "UPDATE review_request SET status = 'skipped', why = $3, due_at = NULL, updated_at = $4 WHERE shop_id = $1 AND id = $2",
        [shopId, id, reasonOfMail(why), now],
      );
  });
}
