// Two customers became one: redemptions follow the member that was kept, and what they hold (waiting or used)
// follows with them, lot by lot, so that a later refund finds its points on the right account.
import type { ShopTx } from "../../db.server";
import { readHeld, readOpenLots } from "../ledger.server";
import type { AccountDraft, HeldIn, HeldPart, Posting } from "../posting-plan";
import type { ReasonCode } from "../reasons";

/** Plans the movements on both accounts and moves the rows. Both members are locked; the caller posts. */
export async function moveRedemptions(
  tx: ShopTx,
  giver: AccountDraft,
  taker: AccountDraft,
  fromId: number,
  intoId: number,
): Promise<{ redemptions: number }> {
  const { rows } = await tx.query<{ id: number }>(
    "SELECT id FROM redemption WHERE shop_id = $1 AND member_id = $2 ORDER BY id FOR NO KEY UPDATE",
    [tx.shopId, fromId],
  );
  if (rows.length === 0) return { redemptions: 0 };
  const ids = rows.map(({ id }) => id);
  const held = await readHeld(tx, ids);
  const lotIds = [...held.values()].flat().flatMap(({ lotId }) => lotId ?? []);
  const lots = new Map(giver.lots.map((lot) => [lot.id, lot]));
  for (const lot of (await readOpenLots(tx, [fromId], { lotIds })).get(fromId) ?? [])
    if (!lots.has(lot.id)) {
      lots.set(lot.id, lot);
      giver.lots.push(lot);
    }
  for (const [id, parts] of held) {
    for (const bucket of ["reserved", "redeemed"] as const satisfies HeldIn[]) {
      const of: HeldPart[] = parts
        .filter((part) => part[bucket] > 0)
        .map((part) => ({ lot: part.lotId === null ? null : (lots.get(part.lotId) ?? null), points: part[bucket] }));
      giver.sendHeld({ in: bucket, parts: of }, posting(id, fromId, "out", "merged_out"));
      taker.receiveHeld({ in: bucket, parts: of }, posting(id, fromId, "in", "merged_in"));
    }
  }
  // Both may have used the same key: the one that was kept keeps it.
  await tx.query(
    `UPDATE redemption r SET member_id = $3,
            request_key = CASE WHEN EXISTS (SELECT FROM redemption k WHERE k.shop_id = $1 AND k.member_id = $3 AND k.request_key = r.request_key)
                               THEN r.request_key || '~' || r.id ELSE r.request_key END
      WHERE r.shop_id = $1 AND r.member_id = $2`,
    [tx.shopId, fromId, intoId],
  );
  return { redemptions: ids.length };
}

function posting(id: number, fromId: number, side: "out" | "in", reason: ReasonCode): Posting {
  return {
    source: { type: "redemption", id: String(id), rule: "merge", version: null, actor: "system", isTest: false },
    keyPrefix: `redemption/${id}/merge-${fromId}/${side}`,
    reason,
    params: {},
  };
}
