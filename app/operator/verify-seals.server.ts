// I10: every seal made again from the entries it covers. Read shop by shop and in pieces, so that a ledger of any
// size is looked at in bounded memory.
import type pg from "pg";

import { SealInTheMaking, sealedPiece } from "../loyalty/ledger-seal";
import type { Recomputation } from "./recompute-earnings.server";

const ROWS_PER_FETCH = 2_000;

interface Seal {
  throughId: string;
  entries: number;
  total: string;
  hash: Buffer;
}

/** Counts the seals that do not re-compute, and those whose count of entries is not what is there. */
export async function verifySeals(client: pg.Client): Promise<Recomputation> {
  const result = { rows: 0, violations: 0 };
  const { rows: shops } = await client.query<{ id: number }>(
    "SELECT DISTINCT shop_id AS id FROM ledger_seal ORDER BY 1",
  );
  for (const { id } of shops) {
    const { rows: seals } = await client.query<Seal>(
      `SELECT through_id AS "throughId", entries, total, hash FROM ledger_seal WHERE shop_id = $1 ORDER BY through_id`,
      [id],
    );
    result.rows += seals.length;
    result.violations += await countBroken(client, id, seals);
  }
  return result;
}

async function countBroken(client: pg.Client, shopId: number, seals: Seal[]): Promise<number> {
  let previous: Buffer | null = null;
  let after = "0";
  let total = 0;
  let broken = 0;
  for (const seal of seals) {
    const making: SealInTheMaking = new SealInTheMaking(previous);
    await readEntries(client, { shopId, after, through: seal.throughId }, making);
    total += making.entries;
    if (making.entries !== seal.entries || total !== Number(seal.total) || !making.finish().equals(seal.hash))
      broken += 1;
    // From the stored one on: a single change is told as one seal, not as every later one.
    previous = seal.hash;
    after = seal.throughId;
  }
  return broken;
}

async function readEntries(
  client: pg.Client,
  { shopId, after, through }: { shopId: number; after: string; through: string },
  making: SealInTheMaking,
): Promise<void> {
  for (let from = after; ;) {
    const { rows } = await client.query<{ last: string | null; entries: number; text: string | null }>(
      sealedPiece(ROWS_PER_FETCH),
      [shopId, from, through],
    );
    const [piece] = rows;
    if (piece?.last == null) return;
    making.add(piece.text ?? "", piece.entries);
    from = piece.last;
  }
}
