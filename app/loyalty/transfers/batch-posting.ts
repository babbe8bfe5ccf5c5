// How the adjustments of a batch are named in the ledger. Pure.
import type { Posting } from "../posting-plan";
import type { AdjustmentReason } from "../reasons";

export interface BatchFacts {
  id: number;
  kind: "bulk" | "import";
  /** Key of the act: the form's, or the file's digest. */
  key: string;
  reason: AdjustmentReason;
  actor: string;
}
export interface BatchRow {
  row: number;
  memberId: number;
  points: number;
}

/** The source id that a row's adjustment has in the ledger, and by which an undo finds its lot. */
export function sourceIdOf(batch: Pick<BatchFacts, "id" | "kind" | "key">, row: BatchRow): string {
  return batch.kind === "bulk" ? `${batch.key}/${row.memberId}` : `batch/${batch.id}/${row.row}`;
}

/** The posting of one row, or of its undoing by `undoneBy`. */
export function batchPosting(
  batch: BatchFacts,
  row: BatchRow,
  terms: { version: number | null; undoneBy?: string },
): Posting {
  const id = sourceIdOf(batch, row);
  const isUndo = terms.undoneBy !== undefined;
  return {
    source: {
      type: "adjustment",
      id: isUndo ? `undo/${id}` : id,
      rule: "adjustment",
      version: terms.version,
      actor: terms.undoneBy ?? batch.actor,
      isTest: false,
    },
    keyPrefix: isUndo ? `adjustment/undo/${id}` : `adjustment/${id}`,
    reason: isUndo ? "adjust_correction" : batch.reason,
    params: { points: Math.abs(row.points) },
  };
}
