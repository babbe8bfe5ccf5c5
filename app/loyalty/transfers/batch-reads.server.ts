// Batches of adjustments as their page shows them, and the little their jobs must know.
import { queryShop, type Queryable, type ShopId } from "../../db.server";
import type { EarningRules } from "../earning-rules";
import { rulesOfVersion, VERSION_STAMPS, type VersionStamp } from "../program-versions.server";
import type { BatchFacts } from "./batch-posting";

export type BatchStatus = "preview" | "running" | "done" | "undoing" | "undone" | "failed";
export interface BatchSummary {
  batchId: number;
  kind: "bulk" | "import";
  status: BatchStatus;
  mode: "add" | "set";
  fileName: string | null;
  actor: string;
  staffName: string | null;
  at: Date;
  undoneAt: Date | null;
}
export interface BatchCounts {
  /** Lines by what became of them: ready, applied, undone, or the problem. */
  outcomes: Record<string, number>;
  rows: number;
  /** Sum of the points that lines gave (or will give). */
  points: number;
}
export interface BatchProblem {
  row: number;
  email: string | null;
  outcome: string;
}

const SUMMARY = `b.id AS "batchId", b.kind, b.status, coalesce(b.counts->>'mode', 'add') AS mode, b.file_name AS "fileName", b.actor,
  s.name AS "staffName", b.at, b.undone_at AS "undoneAt"`;
const FROM = `FROM adjustment_batch b LEFT JOIN staff s ON s.shop_id = b.shop_id AND b.actor = 'staff:' || s.user_id`;

/** The newest batches, without previews that were never run. */
export async function listBatches(shopId: ShopId, limit = 20): Promise<BatchSummary[]> {
  return queryShop<BatchSummary & { [column: string]: unknown }>(
    shopId,
    `SELECT ${SUMMARY} ${FROM} WHERE b.shop_id = $1 AND b.status <> 'preview' ORDER BY b.id DESC LIMIT $2`,
    [shopId, limit],
  );
}

/** One batch with its counts and the first lines that have a problem; null when it is not this shop's. */
export async function readBatch(
  shopId: ShopId,
  batchId: number,
): Promise<(BatchSummary & BatchCounts & { problems: BatchProblem[] }) | null> {
  const [batch] = await queryShop<BatchSummary & { [column: string]: unknown }>(
    shopId,
    `SELECT ${SUMMARY} ${FROM} WHERE b.shop_id = $1 AND b.id = $2`,
    [shopId, batchId],
  );
  if (!batch) return null;
  const groups = await queryShop<{ outcome: string; rows: number; points: number }>(
    shopId,
    `SELECT outcome, count(*)::int AS rows, coalesce(sum(points), 0)::bigint AS points FROM adjustment_row
      WHERE shop_id = $1 AND batch_id = $2 GROUP BY outcome`,
    [shopId, batchId],
  );
  const problems = await queryShop<BatchProblem & { [column: string]: unknown }>(
    shopId,
    `SELECT row, email, outcome FROM adjustment_row
      WHERE shop_id = $1 AND batch_id = $2 AND outcome NOT IN ('ready', 'applied', 'undone') ORDER BY row LIMIT 100`,
    [shopId, batchId],
  );
  const moved = groups.filter(({ outcome }) => ["ready", "applied", "undone"].includes(outcome));
  return {
    ...batch,
    outcomes: Object.fromEntries(groups.map(({ outcome, rows }) => [outcome, rows])),
    rows: groups.reduce((sum, { rows }) => sum + rows, 0),
    points: moved.reduce((sum, { points }) => sum + points, 0),
    problems,
  };
}

export interface BatchTerms {
  batch: BatchFacts & { mode: "add" | "set" };
  timeZone: string;
  version: number | null;
  rules: EarningRules | null;
}

/** What applying or undoing a batch needs to know; null when the batch is not in one of `statuses`. */
export async function readBatchTerms(
  tx: Queryable & { shopId: ShopId },
  batchId: number,
  status: BatchStatus,
): Promise<BatchTerms | null> {
  const { rows } = await tx.query<{
    batch: BatchTerms["batch"];
    timeZone: string;
    stamps: VersionStamp[];
  }>(
    `SELECT jsonb_build_object('id', b.id, 'kind', b.kind, 'key', b.key, 'reason', b.reason, 'actor', b.actor,
                               'mode', coalesce(b.counts->>'mode', 'add')) AS batch, p.time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps
       FROM adjustment_batch b JOIN shop_profile p ON p.shop_id = b.shop_id
      WHERE b.shop_id = $1 AND b.id = $2 AND b.status = $3`,
    [tx.shopId, batchId, status],
  );
  const row = rows[0];
  if (!row) return null;
  const stamp = row.stamps.at(-1);
  const rules = stamp ? await rulesOfVersion(tx, stamp) : null;
  return { batch: row.batch, timeZone: row.timeZone, version: stamp?.[0] ?? null, rules };
}
