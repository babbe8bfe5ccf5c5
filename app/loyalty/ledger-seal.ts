// How the ledger is sealed: sha256 over the seal before and the rows since, in the order of their ids. Pure: the
// job that seals and the audit that looks again hash the same text.
import { createHash, type Hash } from "node:crypto";

/** One entry (alias e) as the text under the seal: every column, in an order that never changes. */
export const SEALED_TEXT = `jsonb_build_array(e.id, e.member_id, e.lot_id, e.kind, e.from_bucket, e.to_bucket, e.points, e.key, e.source_type,
  e.source_id, e.order_line, e.rule, e.version, e.reason, e.params, e.actor, (extract(epoch FROM e.at) * 1000)::bigint, e.is_test)::text`;

/** The entries of shop $1 after $2 up to $3, so many of the first of them as one text: one row instead of thousands. */
export function sealedPiece(rowsMax: number): string {
  return `SELECT max(p.id) AS last, count(*)::int AS entries, string_agg(p.text || E'\\n', '' ORDER BY p.id) AS text
    FROM (SELECT e.id, ${SEALED_TEXT} AS text FROM points_entry e
           WHERE e.shop_id = $1 AND e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT ${rowsMax}) p`;
}

/** How long after midnight a day counts as closed: a job that began before midnight still posts in it. */
const GRACE_MS = 60 * 60 * 1000;
const DAY_MS = 86_400_000;

/** The first instant after the newest closed day (UTC). */
export function closedUntil(now: Date): Date {
  return new Date(Math.floor((now.getTime() - GRACE_MS) / DAY_MS) * DAY_MS);
}

/** The newest closed day, "2026-11-21". */
export function closedDay(now: Date): string {
  return new Date(closedUntil(now).getTime() - DAY_MS).toISOString().slice(0, 10);
}

/** A seal in the making; rows may come in pieces of any size. */
export class SealInTheMaking {
  readonly #hash: Hash = createHash("sha256");
  entries = 0;

  /** @param previous the hash of the seal before; null: the first one */
  constructor(previous: Buffer | null) {
    if (previous) this.#hash.update(previous);
  }

  /** @param text each row as its SEALED_TEXT and a line break */
  add(text: string, entries: number): void {
    this.#hash.update(text);
    this.entries += entries;
  }

  finish(): Buffer {
    return this.#hash.digest();
  }
}
