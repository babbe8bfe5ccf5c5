import type { ShopTx } from "../../db.server";
import type { ReviewSettings } from "../review-settings";
import { recordEvents } from "../review-trail.server";

const HOUR_MS = 3_600_000;

/**
 * Opens a task for whoever tells of trouble, so that a person answers. The review stays as it is; one task per
 * review and kind.
 */
export async function openTask(
  tx: ShopTx,
  subject: { reviewId: number; orderId: number | null; memberId: number | null; kind: "low_rating" },
  { tasks }: Pick<ReviewSettings, "tasks">,
  now: Date,
): Promise<{ outcome: "opened" | "exists" }> {
  const { rowCount } = await tx.query(
    `INSERT INTO support_task (shop_id, review_id, order_id, member_id, kind, opened_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (shop_id, kind, review_id) DO NOTHING`,
    [
      tx.shopId,
      subject.reviewId,
      subject.orderId,
      subject.memberId,
      subject.kind,
      now,
      new Date(now.getTime() + tasks.answerHours * HOUR_MS),
    ],
  );
  if (rowCount === 0) return { outcome: "exists" };
  await recordEvents(
    tx,
    [{ reviewId: subject.reviewId, kind: "task_opened", actor: "system", params: { kind: subject.kind } }],
    now,
  );
  return { outcome: "opened" };
}

/** Whether a rating asks for help. */
export function asksForHelp(rating: number, { tasks }: Pick<ReviewSettings, "tasks">): boolean {
  return tasks.enabled && rating <= tasks.upToStars;
}
