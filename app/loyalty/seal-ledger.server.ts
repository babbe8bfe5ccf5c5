// Once a day, what the ledger holds is sealed. Entries cannot change anyway; a seal tells of an owner of the
// database who changed one all the same. It covers ids, not dates: an entry that is late belongs to the next seal.
import { setTimeout as wait } from "node:timers/promises";

import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { log } from "../log.server";
import { closedDay, closedUntil, SealInTheMaking, sealedPiece } from "./ledger-seal";

const ROWS_AT_ONCE = 2_000;
const LOOK_EVERY_MS = 50;

interface Seal {
  throughId: number;
  total: number;
  hash: Buffer;
}

/** Seals every closed day that is not sealed yet under one seal. Any number of runs makes one. */
export async function sealLedger(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ outcome: "sealed"; entries: number } | { outcome: "nothing_to_seal" | "sealed_meanwhile" }> {
  const [previous = null] = await queryShop<Seal & { [column: string]: unknown }>(shopId, NEWEST, [shopId]);
  const after = previous?.throughId ?? 0;
  const [last] = await queryShop<{ id: number }>(
    shopId,
    "SELECT id FROM points_entry WHERE shop_id = $1 AND id > $2 AND at < $3 ORDER BY id DESC LIMIT 1",
    [shopId, after, closedUntil(now)],
  );
  if (!last) return { outcome: "nothing_to_seal" };
  await waitForWriters(shopId, signal);
  const making = new SealInTheMaking(previous?.hash ?? null);
  await readRows(shopId, { after, through: last.id }, making);
  const { entries } = making;
  const seal = { throughId: last.id, total: (previous?.total ?? 0) + entries, hash: making.finish() };
  if (!(await inShop(shopId, (tx) => write(tx, { ...seal, after, entries }, now))))
    return { outcome: "sealed_meanwhile" };
  // Outside the database, too: whoever keeps the logs can tell a chain that was made anew.
  log().info({ shopId, throughId: last.id, entries, seal: seal.hash.toString("hex") }, "the ledger was sealed");
  return { outcome: "sealed", entries };
}

const NEWEST = `SELECT through_id AS "throughId", total, hash FROM ledger_seal WHERE shop_id = $1 ORDER BY through_id DESC LIMIT 1`;

// Ids are given before they are committed: whoever writes entries at this moment may still add one below the last.
async function waitForWriters(shopId: ShopId, signal: AbortSignal): Promise<void> {
  const writers = async (among: string[] | null) =>
    (
      await queryShop<{ writer: string }>(
        shopId,
        `SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
          WHERE locktype = 'relation' AND relation = 'points_entry'::regclass AND mode = 'RowExclusiveLock'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND ($1::text[] IS NULL OR virtualtransaction = ANY ($1))`,
        [among],
      )
    ).map(({ writer }) => writer);
  for (let left = await writers(null); left.length > 0; left = await writers(left))
    await wait(LOOK_EVERY_MS, undefined, { signal });
}

async function readRows(
  shopId: ShopId,
  range: { after: number; through: number },
  making: SealInTheMaking,
): Promise<void> {
  for (let after = range.after; after < range.through;) {
    const [piece] = await queryShop<{ last: number | null; entries: number; text: string | null }>(
      shopId,
      sealedPiece(ROWS_AT_ONCE),
      [shopId, after, range.through],
    );
    if (piece?.last == null) return;
    making.add(piece.text ?? "", piece.entries);
    after = piece.last;
  }
}

async function write(tx: ShopTx, seal: Seal & { after: number; entries: number }, now: Date): Promise<boolean> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('ledger_seal:' || $1, 0))", [tx.shopId]);
  const { rows } = await tx.query<{ throughId: number }>(NEWEST, [tx.shopId]);
  if ((rows[0]?.throughId ?? 0) !== seal.after) return false;
  const { rowCount } = await tx.query(
    `INSERT INTO ledger_seal (shop_id, day, through_id, entries, total, hash, sealed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [tx.shopId, closedDay(now), seal.throughId, seal.entries, seal.total, seal.hash, now],
  );
  return rowCount === 1;
}
