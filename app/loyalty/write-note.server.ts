// What staff wrote about a member, beside the entry it is about.
import type { ShopTx } from "../db.server";

const LENGTH_MAX = 2_000;

/** Keeps a note, unless it is empty. */
export async function writeNote(
  tx: ShopTx,
  { memberId, text, actor, entryId }: { memberId: number; text: string | null; actor: string; entryId: number | null },
  now: Date,
): Promise<void> {
  const words = text?.trim();
  if (!words) return;
  await tx.query(
    "INSERT INTO member_note (shop_id, member_id, entry_id, text, actor, at) VALUES ($1, $2, $3, $4, $5, $6)",
    [tx.shopId, memberId, entryId, words.slice(0, LENGTH_MAX), actor, now],
  );
}
