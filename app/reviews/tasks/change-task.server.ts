import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { addNote, MESSAGE_MAX } from "../message-author.server";
import { recordEvents } from "../review-trail.server";
import { cleanText } from "../staff-text";
import type { TaskStatus } from "./task";

export type TaskChange =
  /** null: nobody's. */
  { kind: "assign"; assignee: string | null } | { kind: "doing" | "done" | "reopen" } | { kind: "note"; text: string };
const STATUS_OF = { doing: "doing", done: "done", reopen: "open" } as const satisfies Record<string, TaskStatus>;

/** Takes a task, finishes it, opens it again, or notes something beside its review. The last one to act wins. */
export async function changeTask(
  shopId: ShopId,
  taskId: number,
  change: TaskChange,
  actor: string,
  now: Date,
): Promise<{ outcome: "changed" | "unchanged" | "not_found" | "bad_note" }> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<Locked>(
      `SELECT id, review_id AS "reviewId", status, assignee FROM support_task WHERE shop_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [shopId, taskId],
    );
    const task = rows[0];
    if (!task) return { outcome: "not_found" };
    if (change.kind === "note") return note(tx, task, { text: change.text, actor }, now);
    return change.kind === "assign"
      ? assign(tx, task, { assignee: change.assignee, actor }, now)
      : setStatus(tx, task, { status: STATUS_OF[change.kind], actor }, now);
  });
}

interface Locked {
  [column: string]: unknown;
  id: number;
  reviewId: number | null;
  status: TaskStatus;
  assignee: string | null;
}

async function assign(
  tx: ShopTx,
  task: Locked,
  { assignee, actor }: { assignee: string | null; actor: string },
  now: Date,
) {
  if (task.assignee === assignee) return { outcome: "unchanged" as const };
  await tx.query("UPDATE support_task SET assignee = $3 WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    task.id,
    assignee,
  ]);
  await record(tx, task, { actor, params: { assignee } }, now);
  return { outcome: "changed" as const };
}

// Whoever begins something nobody has taken has taken it.
async function setStatus(
  tx: ShopTx,
  task: Locked,
  { status, actor }: { status: TaskStatus; actor: string },
  now: Date,
) {
  if (task.status === status) return { outcome: "unchanged" as const };
  await tx.query(
    `UPDATE support_task SET status = $3, closed_at = CASE WHEN $3::text = 'done' THEN $4::timestamptz END, closed_by = CASE WHEN $3 = 'done' THEN $5::text END,
            assignee = CASE WHEN $3 = 'doing' THEN coalesce(assignee, $5) ELSE assignee END
      WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, task.id, status, now, actor],
  );
  await record(tx, task, { actor, params: { status } }, now);
  return { outcome: "changed" as const };
}

async function note(tx: ShopTx, task: Locked, { text, actor }: { text: string; actor: string }, now: Date) {
  const words = cleanText(text);
  if (words === "" || words.length > MESSAGE_MAX || task.reviewId === null) return { outcome: "bad_note" as const };
  await addNote(tx, { reviewId: task.reviewId, kind: "staff_note", text: words, actor }, now);
  await record(tx, task, { actor, params: { note: true } }, now);
  return { outcome: "changed" as const };
}

async function record(
  tx: ShopTx,
  { id, reviewId }: Locked,
  { actor, params }: { actor: string; params: Record<string, unknown> },
  now: Date,
) {
  if (reviewId === null) return;
  await recordEvents(tx, [{ reviewId, kind: "task_changed", actor, params: { task: id, ...params } }], now);
}
