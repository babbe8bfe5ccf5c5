// I10: every seal made again from the entries it covers. Read shop by shop and in pieces, so that a ledger of any
// size is looked at in bounded memory.
import type pg from "pg";

import { SealInTheMaking, SEALED_TEXT } from "../loyalty/ledger-seal";
import type { Recomputation } from "./recompute-earnings.server";

const ROWS_PER_FETCH = 1_000;

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
  const rows = entriesOf(client, shopId, seals.at(-1)?.throughId ?? "0");
  let next = await rows.next();
  let previous: Buffer | null = null;
  let total = 0;
  let broken = 0;
  for (const seal of seals) {
    const making: SealInTheMaking = new SealInTheMaking(previous);
    for (; !next.done && BigInt(next.value.id) <= BigInt(seal.throughId); next = await rows.next())
      making.add(next.value.text);
    total += making.entries;
    if (making.entries !== seal.entries || total !== Number(seal.total) || !making.finish().equals(seal.hash))
      broken += 1;
    // From the stored one on: a single change is told as one seal, not as every later one.
    previous = seal.hash;
  }
  await rows.return(undefined);
  return broken;
}

async function* entriesOf(
  client: pg.Client,
  shopId: number,
  through: string,
): AsyncGenerator<{ id: string; text: string }, undefined> {
  for (let after = "0"; ;) {
    const { rows } = await client.query<{ id: string; text: string }>(
      `SELECT e.id, ${SEALED_TEXT} AS text FROM points_entry e
        WHERE e.shop_id = $1 AND e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT ${ROWS_PER_FETCH}`,
      [shopId, after, through],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}
