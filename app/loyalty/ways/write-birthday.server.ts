// The writers of a member's birthday: one at a time, and all that are not sealed as they should be.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import {
  BIRTHDAY_COLUMNS,
  isBirthdayCurrent,
  openBirthday,
  sealBirthday,
  type StoredBirthday,
} from "./birthday-cipher.server";

const MEMBERS_PER_BATCH = 500;

/** Writes a locked member's birthday, sealed. `setAt` null: it stays. */
export async function writeBirthday(tx: ShopTx, memberId: number, birthday: string, setAt: Date | null): Promise<void> {
  const { sealed, key } = sealBirthday(tx.shopId, memberId, birthday);
  await tx.query(
    `UPDATE member SET birthday = NULL, birthday_sealed = $3, birthday_key = $4, birthday_set_at = coalesce($5, birthday_set_at)
      WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, memberId, sealed, key, setAt],
  );
}

const WANTED = {
  clear: "birthday IS NOT NULL",
  all: "(birthday IS NOT NULL OR birthday_key IS NOT NULL)",
} as const;

/**
 * Seals birthdays under the newest key: those in clear text, or all that are not under it.
 * Safe beside a running app, and again.
 */
export async function sealBirthdays(shopId: ShopId, wanted: keyof typeof WANTED): Promise<{ sealed: number }> {
  let sealed = 0;
  for (let after = 0; ;) {
    const batch = await queryShop<StoredBirthday & { id: number }>(
      shopId,
      `SELECT id, ${BIRTHDAY_COLUMNS} FROM member WHERE shop_id = $1 AND id > $2 AND ${WANTED[wanted]} ORDER BY id LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, after],
    );
    for (const { id, ...stored } of batch) if (!isBirthdayCurrent(stored)) sealed += await sealAgain(shopId, id);
    const last = batch.at(-1);
    if (!last) return { sealed };
    after = last.id;
  }
}

async function sealAgain(shopId: ShopId, memberId: number): Promise<number> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<StoredBirthday>(
      `SELECT ${BIRTHDAY_COLUMNS} FROM member WHERE shop_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [shopId, memberId],
    );
    const birthday = rows[0] ? openBirthday(shopId, memberId, rows[0]) : null;
    if (birthday === null) return 0;
    await writeBirthday(tx, memberId, birthday, null);
    return 1;
  });
}
