// The moderation queue as pages ask for it and get it. Pure. Nothing in it sorts or filters by stars.
import type { RejectReason, ReviewContent, ReviewSource, ReviewStatus } from "../review-content";
import type { Finding, FindingKind } from "./findings";
import type { ReviewTexts } from "./texts";

/** held: words that wait. edits: new words behind shown ones. overdue: waited longer than holds last. all: every review, newest first. */
export const QUEUE_FILTERS = ["held", "edits", "reports", "appeals", "media", "overdue", "all"] as const;
export type QueueFilter = (typeof QUEUE_FILTERS)[number];
/** Above this, counts say "1,000+". */
export const COUNTED_MAX = 1_000;
/** How many reviews are looked through for words or a kind of finding, the first of the list first. */
export const SEARCHED_MAX = 5_000;

export interface QueueRequest {
  /** queue: everything that waits. */
  filter: QueueFilter | "queue";
  /** Only with one of these findings. */
  kinds?: readonly FindingKind[];
  /** In "all": only of this status. */
  status?: ReviewStatus;
  /** A number of a review, an order's name, a whole e-mail address, or words. */
  search?: string;
  productGid?: string;
  cursor?: string | null;
  limit?: number;
}
export interface QueueItem {
  reviewId: number;
  status: ReviewStatus;
  rating: number;
  /** As shoppers would read them, data masked. */
  texts: ReviewTexts;
  /** New words that wait behind these; null: none. */
  edit: { version: number; rating: number; texts: ReviewTexts; reasons: string[]; holdUntil: Date | null } | null;
  /** Kinds of everything noticed. */
  kinds: FindingKind[];
  holdReasons: string[];
  holdUntil: Date | null;
  queuedAt: Date | null;
  submittedAt: Date;
  isOverdue: boolean;
  productGid: string;
  productTitle: string | null;
  source: ReviewSource;
  locale: string;
  verified: boolean;
  incentivised: boolean;
  refunded: boolean;
  orderName: string | null;
  memberId: number | null;
  openReports: number;
  appeal: "open" | "upheld" | "dismissed" | null;
  rejectReason: RejectReason | null;
  hasReply: boolean;
  /** All kept photos and videos, and those nobody has looked at. */
  media: number;
  unviewedMedia: number;
}
export interface QueuePage {
  items: QueueItem[];
  nextCursor: string | null;
  /** It was looked for among the first so many reviews of the list only; null: among all. */
  searchedOnly: number | null;
}
export type QueueCounts = Record<Exclude<QueueFilter, "all"> | "queue", number>;

export interface ReviewDetail extends QueueItem {
  /** The words as they were written. */
  raw: ReviewContent;
  findings: Finding[];
  pending: {
    version: number;
    raw: ReviewContent;
    findings: Finding[];
    submittedAt: Date;
    holdUntil: Date | null;
  } | null;
  versions: {
    version: number;
    status: string;
    submittedAt: Date;
    content: ReviewContent;
    decidedAt: Date | null;
    decidedBy: string | null;
  }[];
  authorEmail: string | null;
  confirmedAt: Date | null;
  publishedAt: Date | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  reply: { text: string; at: Date; by: string } | null;
  helpful: { yes: number; no: number; yesAnonymous: number; noAnonymous: number };
  order: {
    id: number;
    gid: string;
    name: string;
    processedAt: Date | null;
    financialStatus: string;
    cancelledAt: string | null;
    line: { title: string; quantity: number; amountMinor: number } | null;
    currency: string;
  } | null;
  member: { id: number; name: string; customerGid: string | null; ordersCount: number; status: string } | null;
  /** Other reviews by the same person, newest first. */
  others: { reviewId: number; status: ReviewStatus; rating: number; productTitle: string | null; submittedAt: Date }[];
  othersCount: number;
  reports: { id: number; reason: string; text: string; at: Date; resolvedAt: Date | null }[];
  notes: { id: number; kind: string; text: string; actor: string; at: Date }[];
  events: { kind: string; actor: string; params: Record<string, unknown>; at: Date }[];
  task: { id: number; status: string; dueAt: Date; assignee: string | null } | null;
}

/** A place in the queue or the list. */
export function writeCursor(at: Date | null, id: number): string {
  return `${at === null ? "" : at.getTime()}.${id}`;
}
/** null: none, or a broken one, which starts from the first page. */
export function readCursor(cursor: string | null | undefined): { at: Date | null; id: number } | null {
  const match = /^(\d{0,15})\.(\d{1,15})$/.exec(cursor ?? "");
  return match ? { at: match[1] === "" ? null : new Date(Number(match[1])), id: Number(match[2]) } : null;
}

/** What a search looks for. Stars are not among it. */
export type Search =
  | { by: "id"; id: number }
  | { by: "order"; name: string }
  | { by: "email"; email: string }
  | { by: "words"; words: string[] }
  | null;
export function readSearch(text: string | undefined): Search {
  const wanted = (text ?? "")
    .normalize("NFKC")
    .replace(/[\p{Cc}\p{Cs}]+/gu, " ")
    .trim()
    .slice(0, 200);
  if (wanted === "") return null;
  if (/^[^\s@]+@[^\s@]+$/.test(wanted)) return { by: "email", email: wanted.toLowerCase() };
  if (/^#\S{1,40}$/.test(wanted)) return { by: "order", name: wanted };
  if (/^\d{1,12}$/.test(wanted)) return { by: "id", id: Number(wanted) };
  return { by: "words", words: wanted.toLowerCase().split(/\s+/u).slice(0, 5) };
}
