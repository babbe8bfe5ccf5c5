// A review arrives: its purchase is looked for, its words are judged, and it is shown or held, in one transaction.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { authorKeyOf, authorToken } from "./author-token.server";
import { findPurchase, findUnreviewedPurchase, type Purchase } from "./find-purchase.server";
import { groupOf } from "./group-of.server";
import { attachMedia, type AttachedMedia } from "./media/attach-media.server";
import type { MediaLicence } from "./media/media-limits";
import type { Finding } from "./moderation/findings";
import { holdOf, needsConfirmation, type Hold } from "./moderation/hold";
import { judgeReview } from "./moderation/judge-review";
import { raiseBurstAlert } from "./moderation/raise-burst-alert.server";
import { readAuthorFacts, readOthersWords, readRecentCounts, type Author } from "./moderation/read-facts.server";
import { isBurst, isTooMuch } from "./moderation/velocity";
import { gramsFor } from "./publish-review.server";
import { reviewSettingsIn } from "./read-settings.server";
import { reviewContentSchema, type ReviewContent, type ReviewSource } from "./review-content";
import type { ReviewSettings } from "./review-settings";
import { recordEvents, tellAuthors } from "./review-trail.server";
import { asksForHelp, openTask } from "./tasks/open-task.server";

export interface Submission {
  source: Exclude<ReviewSource, "import">;
  productGid: string;
  /** As the form sent it: parsed here. */
  content: unknown;
  locale: string;
  memberId: number | null;
  /** Of a signed-in customer; null: nobody is signed in. */
  customerGid: string | null;
  /** The purchase that the request or the order page names. */
  orderId: number | null;
  lineId: string | null;
  requestId: number | null;
  authorEmail: string | null;
  /** The author is signed in or came by our link. */
  isConfirmed: boolean;
  /** The invitation, the page or the program promised something for it. */
  promised: boolean;
  mediaTicket: string | null;
  /** The ids of the ticket's media that belong to this review; null: all. */
  media?: readonly number[] | null;
  licence: MediaLicence | null;
  /** Keyed hash of the visitor's network; null where a purchase stands behind the review. */
  visitorKey: string | null;
}
export type SubmitOutcome =
  | {
      outcome: "published" | "held";
      reviewId: number;
      authorToken: string;
      needsConfirmation: boolean;
      media: AttachedMedia;
    }
  | { outcome: "already_reviewed"; reviewId: number }
  /** not_open: the shop takes no such reviews. no_purchase: the order line is not theirs. too_many: this hour. */
  | { outcome: "not_allowed"; why: "not_open" | "no_purchase" | "too_many" }
  /** Fields that are too long or missing. */
  | { outcome: "bad_content"; fields: string[] };

const EMAIL = /^[^\s@<>"(),:;\p{Cc}\p{Cs}]{1,64}@[^\s@<>"(),:;\p{Cc}\p{Cs}]+\.[^\s@<>"(),:;\p{Cc}\p{Cs}]{2,}$/u;

/** Takes a review. */
export async function submitReview(shopId: ShopId, submission: Submission, now: Date): Promise<SubmitOutcome> {
  const parsed = reviewContentSchema.safeParse(submission.content);
  if (!parsed.success)
    return {
      outcome: "bad_content",
      fields: [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "")))],
    };
  const email = submission.authorEmail?.trim().toLowerCase() || null;
  if (email !== null && (email.length > 254 || !EMAIL.test(email)))
    return { outcome: "bad_content", fields: ["authorEmail"] };
  if (email === null && !submission.isConfirmed) return { outcome: "bad_content", fields: ["authorEmail"] };
  return inShop(shopId, (tx) => take(tx, { ...submission, content: parsed.data, authorEmail: email }, now));
}

type Arrived = Submission & { content: ReviewContent };

async function take(tx: ShopTx, arrived: Arrived, now: Date): Promise<SubmitOutcome> {
  const settings = await reviewSettingsIn(tx);
  const memberId = await memberOf(tx, arrived);
  const purchase = await purchaseOf(tx, arrived, memberId);
  if (purchase === "not_theirs") return { outcome: "not_allowed", why: "no_purchase" };
  if (!isOpenTo(arrived.source, purchase !== null, settings)) return { outcome: "not_allowed", why: "not_open" };
  const earlier = await earlierReview(tx, arrived, purchase);
  if (earlier !== null) return { outcome: "already_reviewed", reviewId: earlier };
  const content = { ...arrived.content, answers: knownAnswers(arrived.content, settings) };
  // Only where no purchase stands behind it does it matter where a review was written.
  const author: Author = {
    email: arrived.authorEmail,
    customerGid: arrived.customerGid,
    visitorKey: purchase?.isVerified ? null : arrived.visitorKey,
  };
  const recent = await readRecentCounts(tx, author, arrived.productGid, now);
  if (!purchase?.isVerified && isTooMuch(recent)) return { outcome: "not_allowed", why: "too_many" };
  const findings = judgeReview(
    content,
    {
      author: await readAuthorFacts(tx, author, settings),
      isConfirmed: arrived.isConfirmed,
      isVerified: purchase?.isVerified ?? false,
      recent,
      othersWords: await readOthersWords(tx, author, null),
      hasUnviewedMedia: false,
    },
    settings,
  );
  const written = await writeReview(tx, { arrived, content, purchase, memberId, author, findings }, now);
  if (written.outcome === "already_reviewed") return written;
  await follow(tx, { ...written, arrived, purchase, memberId, findings, content, settings }, now);
  return {
    outcome: written.hold ? "held" : "published",
    reviewId: written.reviewId,
    authorToken: written.token,
    needsConfirmation: needsConfirmation(written.hold?.reasons ?? []),
    media: written.media,
  };
}

async function memberOf(tx: ShopTx, { memberId, customerGid }: Arrived): Promise<number | null> {
  if (memberId !== null || customerGid === null) return memberId;
  const { rows } = await tx.query<{ id: number }>(
    "SELECT id FROM member WHERE shop_id = $1 AND customer_gid = $2 AND status = 'active'",
    [tx.shopId, customerGid],
  );
  return rows[0]?.id ?? null;
}

async function purchaseOf(
  tx: ShopTx,
  { productGid, orderId, lineId, requestId, customerGid, authorEmail, source, isConfirmed }: Arrived,
  memberId: number | null,
): Promise<Purchase | null | "not_theirs"> {
  if (orderId !== null && lineId !== null) {
    // An address that nobody has shown to be theirs opens no order.
    const buyer = { memberId, customerGid, email: isConfirmed ? authorEmail : null };
    return (await findPurchase(tx, { orderId, lineId, productGid, requestId }, buyer)) ?? "not_theirs";
  }
  if (source === "request" || source === "account") return "not_theirs";
  if (customerGid === null || memberId === null) return null;
  return findUnreviewedPurchase(tx, { memberId, customerGid, email: null }, productGid);
}

// The setting is about those whom nobody invited; where they may write at all, whoever bought may.
function isOpenTo(source: Submission["source"], hasPurchase: boolean, { open }: ReviewSettings): boolean {
  if (source === "request" || source === "account") return true;
  if (open === "nobody") return false;
  return hasPurchase || open === "everyone" || source === "signed_in";
}

/** The review that stands in the way: of the same purchase, or without one of the same customer and product. */
async function earlierReview(
  tx: ShopTx,
  { source, customerGid, authorEmail, productGid, content }: Arrived,
  purchase: Purchase | null,
): Promise<number | null> {
  if (purchase) {
    // Who bought twice may review twice; but no link names the line here: a form that is sent twice would find the other one.
    const isLooked = source === "signed_in" && customerGid !== null;
    const { rows } = await tx.query<{ id: number }>(
      `SELECT id FROM review WHERE shop_id = $1 AND line_id = $2 AND status <> 'deleted'
       UNION ALL
       SELECT id FROM review WHERE $3 AND shop_id = $1 AND customer_gid = $4 AND product_gid = $5 AND status <> 'deleted'
          AND rating = $6 AND title = $7 AND body = $8 LIMIT 1`,
      [tx.shopId, purchase.lineId, isLooked, customerGid, productGid, content.rating, content.title, content.body],
    );
    return rows[0]?.id ?? null;
  }
  if (customerGid !== null) {
    const { rows } = await tx.query<{ id: number }>(
      `SELECT id FROM review WHERE shop_id = $1 AND product_gid = $3 AND customer_gid = $2 AND status <> 'deleted' ORDER BY id DESC LIMIT 1`,
      [tx.shopId, customerGid, productGid],
    );
    return rows[0]?.id ?? null;
  }
  // A form that is sent twice is one review: the second waits for the first, and finds it.
  await tx.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", [
    tx.shopId,
    `review/${authorEmail ?? ""}/${productGid}`,
  ]);
  const { rows } = await tx.query<{ id: number }>(
    `SELECT id FROM review WHERE shop_id = $1 AND author_email = $2 AND product_gid = $3 AND line_id IS NULL AND status <> 'deleted'
        AND rating = $4 AND title = $5 AND body = $6 ORDER BY id DESC LIMIT 1`,
    [tx.shopId, authorEmail, productGid, content.rating, content.title, content.body],
  );
  return rows[0]?.id ?? null;
}

/** Answers to questions the shop asks; a form may be older than the settings. */
export function knownAnswers(content: ReviewContent, { questions }: ReviewSettings): ReviewContent["answers"] {
  const known = content.answers.filter(({ questionId, optionId }) =>
    questions.some(({ id, options }) => id === questionId && options.some((option) => option.id === optionId)),
  );
  return known.filter(({ questionId }, index) => known.findIndex((other) => other.questionId === questionId) === index);
}

interface ToWrite {
  arrived: Arrived;
  content: ReviewContent;
  purchase: Purchase | null;
  memberId: number | null;
  author: Author;
  findings: Finding[];
}
interface Written {
  outcome: "written";
  reviewId: number;
  token: string;
  hold: Hold | null;
  media: AttachedMedia;
}

async function writeReview(
  tx: ShopTx,
  { arrived, content, purchase, memberId, author, findings }: ToWrite,
  now: Date,
): Promise<Written | { outcome: "already_reviewed"; reviewId: number }> {
  const hold = holdOf(findings, now);
  const groupKey = await groupOf(tx, arrived.productGid);
  const { rows: drawn } = await tx.query<{ id: number }>("SELECT nextval('review_id_seq') AS id");
  const reviewId = drawn[0]?.id;
  if (reviewId === undefined) throw new Error("no id was drawn for the review");
  const token = authorToken(tx.shopId, reviewId);
  const { rowCount } = await tx.query(INSERT, [
    tx.shopId,
    reviewId,
    arrived.productGid,
    groupKey,
    memberId ?? purchase?.memberId ?? null,
    arrived.customerGid,
    purchase?.orderId ?? null,
    purchase?.lineId ?? null,
    arrived.requestId,
    arrived.source,
    hold ? "held" : "published",
    content.rating,
    content.title,
    content.body,
    content.pros,
    content.cons,
    JSON.stringify(content.answers),
    content.authorName,
    arrived.authorEmail,
    authorKeyOf(token),
    author.visitorKey,
    arrived.locale,
    purchase?.isVerified ?? false,
    arrived.promised,
    purchase?.isRefunded ?? false,
    arrived.isConfirmed ? now : null,
    hold?.reasons ?? [],
    hold?.until ?? null,
    JSON.stringify(findings),
    hold ? [] : gramsFor(tx.shopId, groupKey, content, findings),
    now,
  ]);
  if (rowCount === 0) return { outcome: "already_reviewed", reviewId: await conflicting(tx, arrived, purchase) };
  await tx.query(
    `INSERT INTO review_version (shop_id, review_id, version, content, status, hold_reasons, findings, submitted_at)
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7)`,
    [
      tx.shopId,
      reviewId,
      JSON.stringify(content),
      hold ? "held" : "shown",
      hold?.reasons ?? [],
      JSON.stringify(findings),
      now,
    ],
  );
  const media = await attach(tx, reviewId, arrived, findings);
  return { outcome: "written", reviewId, token, hold, media };
}

const INSERT = `
  INSERT INTO review (shop_id, id, product_gid, group_key, member_id, customer_gid, order_id, line_id, request_id, source, status, rating, title,
    body, pros, cons, answers, author_name, author_email, author_key, visitor_key, locale, verified, incentivised, refunded, confirmed_at,
    hold_reasons, hold_until, findings, search_grams, submitted_at, updated_at, published_at, queued_at, award_due)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,
    $30, $31::timestamptz, $31, CASE WHEN $11::text = 'published' THEN $31::timestamptz END, CASE WHEN $11 = 'held' THEN $31::timestamptz END,
    $11 = 'published')
  ON CONFLICT DO NOTHING`;

// Two at once: the other one was first, and is there by now.
async function conflicting(tx: ShopTx, arrived: Arrived, purchase: Purchase | null): Promise<number> {
  const id = await earlierReview(tx, arrived, purchase);
  if (id === null) throw new Error("a review was refused as a repetition of none");
  return id;
}

async function attach(tx: ShopTx, reviewId: number, arrived: Arrived, findings: Finding[]): Promise<AttachedMedia> {
  if (arrived.mediaTicket === null || arrived.licence === null) return { photos: 0, videos: 0 };
  const media = await attachMedia(tx, reviewId, {
    ticket: arrived.mediaTicket,
    only: arrived.media ?? null,
    licence: arrived.licence,
  });
  if (media.photos + media.videos === 0) return media;
  findings.push({ kind: "media", field: null, from: 0, to: 0, detail: "" });
  await tx.query("UPDATE review SET findings = $3, queued_at = submitted_at WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    reviewId,
    JSON.stringify(findings),
  ]);
  return media;
}

interface ToFollow extends Written {
  arrived: Arrived;
  purchase: Purchase | null;
  memberId: number | null;
  findings: Finding[];
  content: ReviewContent;
  settings: ReviewSettings;
}

/** The record, the word to the author, the task and the alert. */
async function follow(tx: ShopTx, { reviewId, hold, arrived, ...facts }: ToFollow, now: Date): Promise<void> {
  const { purchase, memberId, findings, content, settings } = facts;
  await recordEvents(
    tx,
    [
      { reviewId, kind: "submitted", actor: "author", params: { source: arrived.source, version: 1 } },
      hold
        ? { reviewId, kind: "held", actor: "system", params: { reasons: hold.reasons } }
        : { reviewId, kind: "published", actor: "system" },
    ],
    now,
  );
  if (needsConfirmation(hold?.reasons ?? []) && arrived.authorEmail !== null)
    await tellAuthors(tx, [{ reviewId, kind: "review_confirm", key: `review_confirm/${reviewId}` }], now);
  // Who has not shown to be somebody gets no person's time yet: the task waits for the confirmation.
  if (arrived.isConfirmed && asksForHelp(content.rating, settings))
    await openTask(
      tx,
      {
        reviewId,
        orderId: purchase?.orderId ?? null,
        memberId: memberId ?? purchase?.memberId ?? null,
        kind: "low_rating",
      },
      settings,
      now,
    );
  if (isBurst(findings)) await raiseBurstAlert(tx, arrived.productGid, now);
}
