// GET and POST /proxy/review/mine: the author sees where their review stands, changes it, deletes it, and asks once for
// a second look. The token of the link is the right to do so; a look changes nothing.
import { DateTime } from "luxon";

import { inShop, queryShop, type ShopId } from "../db.server";
import { appealReview } from "../reviews/appeal-review.server";
import { authorKeyOf, isAuthorToken } from "../reviews/author-token.server";
import { deleteReview } from "../reviews/delete-review.server";
import { editReview, type EditOutcome } from "../reviews/edit-review.server";
import { readMedia, removeMedia, type MediaView } from "../reviews/media/show-media.server";
import { openUpload, readTicket } from "../reviews/media/upload-ticket.server";
import { HOLD_END, type FindingKind } from "../reviews/moderation/findings";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { RejectReason, ReviewContent, ReviewStatus } from "../reviews/review-content";
import type { ReviewSettings } from "../reviews/review-settings";
import type { PageAnswer, PageCall } from "./page-door";
import type { PostedForm } from "./page-http.server";
import { contentOf, fieldName, readSection, valueOf, type SectionErrors, type SectionValues } from "./pages/form-model";
import { minePage, type EditForm, type MineProblem, type MineView } from "./pages/mine-page";
import { deletedPage } from "./pages/done-pages";
import { problemPage } from "./pages/problem-page";
import { chooseLocale, textsOf } from "./pages/texts";
import { picturesOf, questionsFor } from "./review-form.server";
import { describeUploads, dropUploads, readUploads, receivePhotos } from "./review-uploads.server";

/** The author's page. 404 for a link that is none (any more), 422 for a form that lacks something. */
export async function answerMinePage(call: PageCall): Promise<PageAnswer> {
  const token = call.form ? valueOf(call.form.fields, "t") : (call.parameters.get("t") ?? "");
  const mine = await readMine(call.shopId, token);
  const locale = chooseLocale(call.asked.chosen, mine?.locale, call.asked.browser, call.asked.shop);
  const texts = textsOf(locale);
  if (!mine) return { status: 404, locale, page: problemPage("link", texts, call.form?.fields) };
  const visit: MineVisit = { call, mine, token, locale, settings: await readReviewSettings(call.shopId) };
  if (!call.form) return showMine(visit, { status: 200 });
  switch (valueOf(call.form.fields, "act")) {
    case "edit":
      return edit(visit, call.form);
    case "delete":
      if (valueOf(call.form.fields, "sure") !== "1") return showMine(visit, { status: 422, problem: "delete" });
      await deleteReview(call.shopId, mine.id, "author", call.now);
      return { status: 200, locale, page: deletedPage(texts) };
    case "appeal":
      return appeal(visit, call.form);
    default:
      return { status: 400, locale, page: problemPage("bad_form", texts, call.form.fields) };
  }
}

interface MineVisit {
  call: PageCall;
  mine: Mine;
  token: string;
  locale: "en" | "ja";
  settings: ReviewSettings;
}

async function appeal({ call, mine, ...visit }: MineVisit, { fields }: PostedForm): Promise<PageAnswer> {
  const { outcome } = await appealReview(call.shopId, mine.id, valueOf(fields, "text"), call.now);
  if (outcome === "empty" || outcome === "too_long")
    return showMine(
      { call, mine, ...visit },
      { status: 422, problem: outcome === "empty" ? "appeal" : "appeal_long", appeal: valueOf(fields, "text") },
    );
  return showAnew({ call, mine, ...visit }, outcome === "appealed" ? "appealed" : null);
}

async function edit(visit: MineVisit, form: PostedForm): Promise<PageAnswer> {
  const { call, mine, settings } = visit;
  const key = String(mine.id);
  const values = readSection(form.fields, key, questionsFor(settings, mine));
  const name = valueOf(form.fields, "name");
  const isLicensed = valueOf(form.fields, "licence") === "1";
  const given = valueOf(form.fields, fieldName("ticket", key));
  const ticket = readTicket(call.shopId, given) ? given : openUpload(call.shopId);
  const field = fieldName("photo", key);
  const refused = await receivePhotos(call.shopId, { form, field, ticket, settings: settings.media }, call.now);
  const dropped = (form.fields.get(fieldName("drop", key)) ?? []).filter((id) => /^\d{1,15}$/.test(id)).map(Number);
  await dropUploads(call.shopId, ticket, dropped, call.now);
  await describeUploads(call.shopId, ticket, altsOf(form, key));
  const kept = await readUploads(call.shopId, ticket);
  const read = contentOf(values, name);
  const isLicenceMissing = kept.length > 0 && !isLicensed;
  const typed = { ticket, values, name, kept, refused, isLicensed, isLicenceMissing };
  if (read.outcome === "errors" || isLicenceMissing)
    return showMine(visit, {
      status: 422,
      problem: "edit",
      typed: { ...typed, errors: read.outcome === "errors" ? read.errors : {} },
    });
  const wording = textsOf(visit.locale).media.licence(call.shopName);
  const licence = { wording, locale: visit.locale, agreedAt: call.now.toISOString() };
  const media = kept.length > 0 ? { ticket, licence } : null;
  const outcome = await editReview(call.shopId, mine.id, read.content, media, call.now);
  if (outcome.outcome === "bad_content")
    return showMine(visit, { status: 422, problem: "edit", typed: { ...typed, errors: { body: "bad_text" } } });
  await dropOwn(visit, dropped);
  return showAnew(visit, savedWords(outcome, media !== null));
}

function altsOf({ fields }: PostedForm, key: string): { mediaId: number; alt: string }[] {
  return [...fields].flatMap(([name, values]) => {
    const id = new RegExp(`^alt\\.(\\d{1,15})\\.${key}$`).exec(name)?.[1];
    return id === undefined ? [] : [{ mediaId: Number(id), alt: values.at(-1) ?? "" }];
  });
}

function savedWords({ outcome }: EditOutcome, hasMedia: boolean): MineView["said"] {
  if (outcome === "held") return "savedHeld";
  return outcome === "published" || outcome === "unchanged" ? (hasMedia ? "savedMedia" : "saved") : null;
}

/** The author takes photos and videos away that the review has already. */
async function dropOwn({ call, mine }: MineVisit, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await inShop(call.shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      "SELECT id FROM review_media WHERE shop_id = $1 AND review_id = $2 AND id = ANY ($3) FOR UPDATE",
      [call.shopId, mine.id, ids],
    );
    await removeMedia(
      tx,
      rows.map(({ id }) => id),
      call.now,
    );
  });
}

async function showAnew(visit: MineVisit, said: MineView["said"]): Promise<PageAnswer> {
  const mine = (await readMine(visit.call.shopId, visit.token)) ?? visit.mine;
  return showMine({ ...visit, mine }, { status: 200, said });
}

interface Shown {
  status: number;
  said?: MineView["said"];
  problem?: MineProblem;
  appeal?: string;
  typed?: Omit<EditForm, "key" | "title" | "questions" | "photos" | "videos" | "own" | "shopName">;
}
async function showMine(
  visit: MineVisit,
  { status, said = null, problem, appeal: text = "", typed }: Shown,
): Promise<PageAnswer> {
  const { call, mine, token, locale, settings } = visit;
  const texts = textsOf(locale);
  const media = await inShop(call.shopId, (tx) => readMedia(tx, [mine.id], "all"));
  const newest = mine.pending?.content ?? mine.content;
  const canEdit = mine.status === "published" || mine.status === "held";
  const view: MineView = {
    token,
    title: mine.title,
    shopName: call.shopName,
    status: mine.status,
    rating: mine.content.rating,
    content: mine.content,
    holdReasons: mine.pending?.holdReasons ?? mine.holdReasons,
    ending: endingOf(mine.pending?.holdReasons ?? mine.holdReasons),
    heldUntil: dayOf(mine.holdUntil, call.timeZone, locale),
    hasWaitingEdit: mine.pending !== null && mine.status === "published",
    hasWaitingMedia: media.some(({ isViewed }) => !isViewed),
    rejectReason: mine.rejectReason,
    appeal: mine.appeal,
    reply: mine.reply,
    thumbs: media.map(thumbOf),
    said,
    problem: problem ?? null,
    appealText: text,
    edit: canEdit
      ? {
          key: String(mine.id),
          title: mine.title,
          shopName: call.shopName,
          questions: questionsFor(settings, mine),
          photos: settings.media.photos,
          videos: settings.media.videos,
          own: media.map(thumbOf),
          ...(typed ?? { ...valuesOf(newest), ...NOTHING_SENT, ticket: openUpload(call.shopId) }),
        }
      : null,
  };
  const pictures = picturesOf([...view.thumbs, ...(view.edit?.kept ?? [])]);
  return { status, locale, page: minePage(view, texts, pictures) };
}
const NOTHING_SENT = { errors: {} as SectionErrors, kept: [], refused: [], isLicensed: false, isLicenceMissing: false };

function valuesOf(content: ReviewContent): { values: SectionValues; name: string } {
  const { rating, title, body, pros, cons, answers, authorName } = content;
  return {
    name: authorName,
    values: {
      rating,
      texts: { title, body, pros, cons },
      answers: Object.fromEntries(answers.map(({ questionId, optionId }) => [questionId, optionId])),
    },
  };
}
function thumbOf({ mediaId, kind, alt, files, isViewed }: MediaView): EditForm["own"][number] {
  const picture = files.find(({ type }) => type.startsWith("image/"));
  return { mediaId, kind, alt, url: picture?.url ?? null, isViewed };
}

function endingOf(reasons: readonly string[]): MineView["ending"] {
  const ends = reasons.map((reason) => HOLD_END[reason as FindingKind]);
  if (ends.includes("person")) return "person";
  return ends.includes("confirms") ? "confirms" : "expires";
}
function dayOf(instant: Date | null, zone: string, locale: string): string | null {
  return instant && DateTime.fromJSDate(instant, { zone }).setLocale(locale).toLocaleString(DateTime.DATE_FULL);
}

interface Mine {
  id: number;
  productGid: string;
  title: string;
  productType: string;
  status: ReviewStatus;
  content: ReviewContent;
  holdReasons: FindingKind[];
  holdUntil: Date | null;
  rejectReason: RejectReason | null;
  appeal: "open" | "upheld" | "dismissed" | null;
  reply: string | null;
  locale: string;
  /** Newer words that wait. */
  pending: { content: ReviewContent; holdReasons: FindingKind[] } | null;
}

async function readMine(shopId: ShopId, token: string): Promise<Mine | null> {
  if (!isAuthorToken(token)) return null;
  const [row] = await queryShop<Mine & { [column: string]: unknown }>(
    shopId,
    `SELECT r.id, r.product_gid AS "productGid", coalesce(p.title, '') AS title, coalesce(p.product_type, '') AS "productType", r.status,
            jsonb_build_object('rating', r.rating, 'title', r.title, 'body', r.body, 'pros', r.pros, 'cons', r.cons, 'answers', r.answers,
              'authorName', r.author_name) AS content,
            r.hold_reasons AS "holdReasons", coalesce(v.hold_until, r.hold_until) AS "holdUntil", r.reject_reason AS "rejectReason", r.appeal,
            r.reply, r.locale,
            CASE WHEN v.version IS NOT NULL THEN jsonb_build_object('content', v.content, 'holdReasons', to_jsonb(v.hold_reasons)) END AS pending
       FROM review r
       LEFT JOIN product_fact p ON p.shop_id = r.shop_id AND p.product_gid = r.product_gid
       LEFT JOIN LATERAL (SELECT version, content, hold_reasons, hold_until FROM review_version w
                           WHERE w.shop_id = $1 AND w.review_id = r.id AND w.status = 'held' AND w.version > r.version
                           ORDER BY w.version DESC LIMIT 1) v ON true
      WHERE r.shop_id = $1 AND r.author_key = $2 AND r.status <> 'deleted'`,
    [shopId, authorKeyOf(token)],
  );
  return row ?? null;
}
