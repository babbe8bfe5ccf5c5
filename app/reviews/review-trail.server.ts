// What every act on a review leaves behind: a line of the record, and word to the people it concerns. Both are
// written with the act, in its transaction.
import type { ShopTx } from "../db.server";

export type ReviewEventKind =
  | "submitted"
  | "published"
  | "held"
  | "confirmed"
  | "unconfirmed"
  | "rejected"
  | "edited"
  | "edit_published"
  | "edit_rejected"
  | "deleted"
  | "redacted"
  | "replied"
  | "reply_removed"
  | "messaged"
  | "noted"
  | "masked"
  | "unmasked"
  | "reported"
  | "reports_resolved"
  | "appealed"
  | "appeal_upheld"
  | "appeal_dismissed"
  | "looked_at"
  | "moved"
  | "task_opened"
  | "task_changed";
export interface ReviewEvent {
  reviewId: number;
  kind: ReviewEventKind;
  /** author | visitor | system | staff:<id> */
  actor: string;
  /** Codes and numbers; never words of people. */
  params?: Record<string, unknown>;
}

/** Writes lines of the record. */
export async function recordEvents(tx: ShopTx, events: readonly ReviewEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO review_event (shop_id, review_id, kind, actor, params, at)
     SELECT $1, "reviewId", kind, actor, coalesce(params, '{}'), $3
       FROM jsonb_to_recordset($2::jsonb) AS e ("reviewId" bigint, kind text, actor text, params jsonb)`,
    [tx.shopId, JSON.stringify(events), now],
  );
}

export type AuthorNoticeKind =
  "review_confirm" | "review_published" | "review_rejected" | "review_replied" | "review_message";
export interface AuthorNotice {
  reviewId: number;
  kind: AuthorNoticeKind;
  /** Told once per key. */
  key: string;
  params?: Record<string, unknown>;
}

/** Leaves word for authors; a key that exists already is left as it is. */
export async function tellAuthors(tx: ShopTx, notices: readonly AuthorNotice[], now: Date): Promise<void> {
  if (notices.length === 0) return;
  await tx.query(
    `INSERT INTO review_notice (shop_id, review_id, kind, key, params, at)
     SELECT $1, "reviewId", kind, key, coalesce(params, '{}'), $3
       FROM jsonb_to_recordset($2::jsonb) AS n ("reviewId" bigint, kind text, key text, params jsonb)
     ON CONFLICT (shop_id, key) DO NOTHING`,
    [tx.shopId, JSON.stringify(notices), now],
  );
}
