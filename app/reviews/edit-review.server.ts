// The author changes their words: a new version, judged like the first. While it waits, the earlier words stay.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { attachMedia } from "./media/attach-media.server";
import type { MediaLicence } from "./media/media-limits";
import type { Finding } from "./moderation/findings";
import { holdOf, type Hold } from "./moderation/hold";
import { judgeReview } from "./moderation/judge-review";
import { readAuthorFacts, readOthersWords } from "./moderation/read-facts.server";
import { settleQueue } from "./moderation/settle-queue.server";
import { publishReview } from "./publish-review.server";
import { reviewSettingsIn } from "./read-settings.server";
import { reviewContentSchema, type ReviewContent } from "./review-content";
import { lockReview, type ReviewRow } from "./review-rows.server";
import type { ReviewSettings } from "./review-settings";
import { recordEvents } from "./review-trail.server";
import { knownAnswers } from "./submit-review.server";
import { asksForHelp, openTask } from "./tasks/open-task.server";

export interface EditMedia {
  ticket: string;
  licence: MediaLicence;
}
export type EditOutcome =
  | { outcome: "published" | "held" | "unchanged"; version: number }
  | { outcome: "bad_content"; fields: string[] }
  /** Rejected, closed or deleted reviews are not edited. */
  | { outcome: "not_editable" | "not_found" };

/** Takes new words for a review. @param content as the form sent it */
export async function editReview(
  shopId: ShopId,
  reviewId: number,
  content: unknown,
  media: EditMedia | null,
  now: Date,
): Promise<EditOutcome> {
  const parsed = reviewContentSchema.safeParse(content);
  if (!parsed.success)
    return {
      outcome: "bad_content",
      fields: [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "")))],
    };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review) return { outcome: "not_found" };
    if (review.status !== "published" && review.status !== "held") return { outcome: "not_editable" };
    const settings = await reviewSettingsIn(tx);
    const edited = { ...parsed.data, answers: knownAnswers(parsed.data, settings) };
    const attached = media
      ? await attachMedia(tx, reviewId, { ticket: media.ticket, only: null, licence: media.licence })
      : null;
    const hasNewMedia = attached !== null && attached.photos + attached.videos > 0;
    const outcome = await takeVersion(tx, review, { edited, settings, hasNewMedia }, now);
    await settleQueue(tx, [reviewId], now);
    return outcome;
  });
}

async function takeVersion(
  tx: ShopTx,
  review: ReviewRow,
  { edited, settings, hasNewMedia }: { edited: ReviewContent; settings: ReviewSettings; hasNewMedia: boolean },
  now: Date,
): Promise<EditOutcome> {
  const newest = await newestVersion(tx, review.id);
  if (sameContent(newest.content, edited)) return { outcome: "unchanged", version: newest.version };
  const version = newest.version + 1;
  const findings = await judgeEdit(tx, review, { edited, settings, hasNewMedia });
  const hold = holdOf(findings, now);
  await tx.query(
    `UPDATE review_version SET status = 'superseded', hold_until = NULL WHERE shop_id = $1 AND review_id = $2 AND status = 'held'`,
    [tx.shopId, review.id],
  );
  // The hold of words that were never shown is the review's own; a version's own due time is for edits of shown words.
  const waitsAlone = hold !== null && review.status === "published";
  await tx.query(
    `INSERT INTO review_version (shop_id, review_id, version, content, status, hold_reasons, hold_until, findings, submitted_at)
     VALUES ($1, $2, $3, $4, 'held', $5, $6, $7, $8)`,
    [
      tx.shopId,
      review.id,
      version,
      JSON.stringify(edited),
      hold?.reasons ?? [],
      waitsAlone ? hold.until : null,
      JSON.stringify(findings),
      now,
    ],
  );
  await recordEvents(
    tx,
    [
      {
        reviewId: review.id,
        kind: "edited",
        actor: "author",
        params: { version, ...(hold && { reasons: hold.reasons }) },
      },
    ],
    now,
  );
  if (!hold) await show(tx, review, { version, edited, findings }, now);
  else if (!waitsAlone) await holdAgain(tx, review, { version, edited, findings, hold }, now);
  if (review.confirmedAt !== null && asksForHelp(edited.rating, settings))
    await openTask(
      tx,
      { reviewId: review.id, orderId: review.orderId, memberId: review.memberId, kind: "low_rating" },
      settings,
      now,
    );
  return { outcome: hold ? "held" : "published", version };
}

async function newestVersion(tx: ShopTx, reviewId: number): Promise<{ version: number; content: ReviewContent }> {
  const { rows } = await tx.query<{ version: number; content: ReviewContent }>(
    "SELECT version, content FROM review_version WHERE shop_id = $1 AND review_id = $2 ORDER BY version DESC LIMIT 1",
    [tx.shopId, reviewId],
  );
  if (!rows[0]) throw new Error(`review ${reviewId} has no version`);
  return rows[0];
}

/** Whether two versions say the same. */
function sameContent(a: ReviewContent, b: ReviewContent): boolean {
  const form = ({ rating, title, body, pros, cons, answers, authorName }: ReviewContent) =>
    JSON.stringify([
      rating,
      title,
      body,
      pros,
      cons,
      authorName,
      answers.map(({ questionId, optionId }) => [questionId, optionId]),
    ]);
  return form(a) === form(b);
}

// Velocity is about new reviews, and an author who has confirmed once has confirmed.
async function judgeEdit(
  tx: ShopTx,
  review: ReviewRow,
  { edited, settings, hasNewMedia }: { edited: ReviewContent; settings: ReviewSettings; hasNewMedia: boolean },
): Promise<Finding[]> {
  const author = { email: review.authorEmail, customerGid: review.customerGid, visitorKey: null };
  const findings = judgeReview(
    edited,
    {
      author: await readAuthorFacts(tx, author, settings),
      isConfirmed: review.confirmedAt !== null,
      isVerified: review.verified,
      recent: { byAuthor: 0, byPlace: 0, ofProduct: 0 },
      othersWords: await readOthersWords(tx, author, review.id),
      hasUnviewedMedia: hasNewMedia,
    },
    settings,
  );
  // An unanswered question for confirmation stays a question.
  const asked = review.findings.filter(({ kind }) => kind === "velocity" && review.status === "held");
  return [...findings, ...asked];
}

interface Version {
  version: number;
  edited: ReviewContent;
  findings: Finding[];
}

async function show(tx: ShopTx, review: ReviewRow, { version, edited, findings }: Version, now: Date): Promise<void> {
  await publishReview(
    tx,
    { reviewId: review.id, groupKey: review.groupKey, version, content: edited, findings },
    null,
    now,
  );
  const kind = review.status === "published" ? "edit_published" : "published";
  await recordEvents(tx, [{ reviewId: review.id, kind, actor: "system", params: { version } }], now);
}

// Nobody has seen the earlier words: the new ones take their place, and wait anew.
async function holdAgain(
  tx: ShopTx,
  review: ReviewRow,
  { version, edited, findings, hold }: Version & { hold: Hold },
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE review SET version = $3, rating = $4, title = $5, body = $6, pros = $7, cons = $8, answers = $9, author_name = $10, findings = $11,
            hold_reasons = $12, hold_until = $13, updated_at = $14
      WHERE shop_id = $1 AND id = $2`,
    [
      tx.shopId,
      review.id,
      version,
      edited.rating,
      edited.title,
      edited.body,
      edited.pros,
      edited.cons,
      JSON.stringify(edited.answers),
      edited.authorName,
      JSON.stringify(findings),
      hold.reasons,
      hold.until,
      now,
    ],
  );
}
