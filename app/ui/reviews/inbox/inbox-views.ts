// The inbox as its address describes it. Pure.
import { z } from "zod";

import { FINDING_KINDS } from "../../../reviews/moderation/findings";
import type { QueueCounts, QueueItem, QueueRequest, ReviewDetail } from "../../../reviews/moderation/queue";
import type { MediaView } from "../../../reviews/media/show-media.server";
import { REVIEW_STATUSES } from "../../../reviews/review-content";
import type { SavedReply } from "../../../reviews/review-settings";
import type { StaffMember } from "../../../shops/list-staff.server";
import type { Sent } from "../../sent";

export const TABS = ["needs_you", "held", "reports", "appeals", "edits", "media", "all"] as const;
export type Tab = (typeof TABS)[number];
/** The parameters that stay in the address while one of them changes. */
export const KEPT = ["tab", "kind", "status", "product", "q"] as const;

export const inboxSchema = z.object({
  tab: z.enum(TABS).catch("needs_you"),
  kind: z.enum(FINDING_KINDS).nullable().catch(null),
  status: z.enum(REVIEW_STATUSES).exclude(["deleted"]).nullable().catch(null),
  product: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable()
    .catch(null),
  q: z.string().trim().max(200).catch(""),
  cursor: z.string().max(60).nullable().catch(null),
  review: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null),
});
export type InboxAddress = z.infer<typeof inboxSchema>;

/** Which reviews an address asks for. */
export function requestOf(address: InboxAddress, limit: number): QueueRequest {
  const { tab, kind, status, product, q, cursor } = address;
  return {
    filter: tab === "needs_you" ? "queue" : tab,
    limit,
    cursor,
    ...(kind ? { kinds: [kind] } : {}),
    ...(status && tab === "all" ? { status } : {}),
    ...(product ? { productGid: `gid://shopify/Product/${product}` } : {}),
    ...(q ? { search: q } : {}),
  };
}

/** How many wait behind a tab; null: nobody counts everything. */
export function countOf(tab: Tab, counts: QueueCounts): number | null {
  if (tab === "all") return null;
  return tab === "needs_you" ? counts.queue : counts[tab];
}

export type ShownItem = Sent<QueueItem>;
/** A review with what the reader needs to decide about it. */
export interface Pane {
  review: Sent<ReviewDetail>;
  media: MediaView[];
  member: { balance: number; tier: { en: string; ja: string } | null } | null;
  /** What the law says about each claim, by the finding's code. */
  claims: Record<string, { article: { en: string; ja: string }; why: { en: string; ja: string } }>;
}
export interface PaneContext {
  staff: StaffMember[];
  savedReplies: SavedReply[];
  questions: {
    id: string;
    label: { en: string; ja: string };
    options: { id: string; label: { en: string; ja: string } }[];
  }[];
  now: Date | string;
}

/** Why a review waits, each reason once. */
export function waitsOf(item: ShownItem): ("held" | "edit" | "report" | "appeal" | "media")[] {
  return [
    ...(item.status === "held" ? (["held"] as const) : []),
    ...(item.edit ? (["edit"] as const) : []),
    ...(item.openReports > 0 ? (["report"] as const) : []),
    ...(item.appeal === "open" ? (["appeal"] as const) : []),
    ...(item.unviewedMedia > 0 ? (["media"] as const) : []),
  ];
}

/** What the keys "a" and the first button do with a review; null: nothing is to be approved. */
export function approvalOf(
  review: Pick<ShownItem, "status" | "edit" | "appeal" | "openReports" | "unviewedMedia" | "holdReasons">,
  waitsForAuthor: boolean,
): "publish" | "publish_edit" | "approve_media" | "keep" | null {
  if (review.status === "held") return waitsForAuthor ? null : "publish";
  if (review.status === "rejected") return "publish";
  if (review.status !== "published") return null;
  if (review.edit) return "publish_edit";
  if (review.unviewedMedia > 0) return "approve_media";
  return review.openReports > 0 ? "keep" : null;
}
