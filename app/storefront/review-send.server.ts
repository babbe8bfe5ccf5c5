// A posted form of reviews: each product that was filled in is judged by itself. What is complete is saved, the rest
// is shown again with everything that was typed.
import { macsOf } from "../derived-keys.server";
import { marksReviewOf } from "../loyalty/ways/review-promise.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { MediaLicence } from "../reviews/media/media-limits";
import { openUpload, readTicket } from "../reviews/media/upload-ticket.server";
import type { ReviewContent } from "../reviews/review-content";
import type { ReviewSettings } from "../reviews/review-settings";
import { submitReview, type SubmitOutcome } from "../reviews/submit-review.server";
import type { PageAnswer, PageCall } from "./page-door";
import type { PostedForm } from "./page-http.server";
import {
  contentOf,
  fieldName,
  isTouched,
  readSection,
  toEmail,
  valueOf,
  type Fields,
  type SectionErrors,
} from "./pages/form-model";
import { problemPage } from "./pages/problem-page";
import { thanksPage, type SavedReview } from "./pages/thanks-page";
import { textsOf } from "./pages/texts";
import {
  FRESH,
  localeOfVisit,
  pageOfForm,
  questionsFor,
  type FormState,
  type SectionState,
} from "./review-form.server";
import { describeUploads, dropUploads, readUploads, receivePhotos } from "./review-uploads.server";
import { linkOfAuthor, type ReviewVisit, type VisitProduct } from "./review-visit.server";

type Posted = Pick<FormState, "name" | "email" | "isNameMissing" | "isEmailWrong" | "licence">;

/** Saves what is complete. 200 with thanks, 422 with the form where something is missing. */
export async function takeReviews(
  call: PageCall,
  form: PostedForm,
  visit: ReviewVisit,
  products: readonly VisitProduct[],
): Promise<PageAnswer> {
  const settings = await readReviewSettings(call.shopId);
  const posted = readAuthor(form.fields, visit);
  const sections = await readSections(call, form, { products, settings });
  const touched = sections.filter(isFilled);
  if (touched.length === 0) {
    const again = await sentBefore(call, form.fields, visit);
    if (again.length > 0) return thanks(call, visit, again, sections);
  }
  const isKnown = !posted.isNameMissing && !posted.isEmailWrong;
  const saved: SavedReview[] = [];
  const left: SectionState[] = sections.filter((section) => !isFilled(section));
  let refusal: "too_many" | "unknown" | null = null;
  for (const section of touched) {
    const errors = errorsOf(section, posted);
    const isWithoutLicence = section.kept.length > 0 && !posted.licence.isChecked;
    if (!isKnown || isWithoutLicence || "errors" in errors) {
      posted.licence.isMissing ||= isWithoutLicence;
      left.push({ ...section, errors: "errors" in errors ? errors.errors : {} });
      continue;
    }
    const outcome = await submit(call, { visit, section, content: errors.content, email: posted.email });
    if (outcome.outcome === "bad_content") left.push({ ...section, errors: badContent(outcome.fields) });
    else if (outcome.outcome === "not_allowed") refusal = outcome.why === "too_many" ? "too_many" : "unknown";
    else saved.push({ ...(await toSaved(call, section.product, outcome)), refused: section.refused });
  }
  if (refusal) return refused(call, visit, form.fields, refusal);
  const isDone = touched.length > 0 && saved.length === touched.length;
  if (isDone) return thanks(call, visit, saved, left);
  return pageOfForm(call, visit, {
    ...FRESH,
    ...posted,
    status: 422,
    problem: touched.length === 0 ? "nothing" : "problems",
    saved: saved.map(({ title }) => title),
    sections: inOrder(products, left),
  });
}

/** Shows the form with everything that was typed, and saves nothing: its key was made for somebody or some day else. */
export async function showAgain(
  call: PageCall,
  form: PostedForm,
  visit: ReviewVisit,
  products: readonly VisitProduct[],
): Promise<PageAnswer> {
  const settings = await readReviewSettings(call.shopId);
  const sections = products.map((product) => ({
    product,
    ticket: openUpload(call.shopId),
    values: readSection(form.fields, product.key, questionsFor(settings, product)),
    errors: {},
    kept: [],
    refused: [],
  }));
  const { name, email, licence } = readAuthor(form.fields, visit);
  return pageOfForm(call, visit, { ...FRESH, name, email, licence, status: 422, problem: "stale", sections });
}

function readAuthor(fields: Fields, { isConfirmed, email }: ReviewVisit): Posted {
  const name = valueOf(fields, "name");
  const typed = valueOf(fields, "email");
  return {
    name,
    email: isConfirmed ? email : typed,
    isNameMissing: !isConfirmed && name.trim() === "",
    isEmailWrong: !isConfirmed && toEmail(typed) === null,
    licence: { isChecked: valueOf(fields, "licence") === "1", isMissing: false },
  };
}

async function readSections(
  call: PageCall,
  form: PostedForm,
  { products, settings }: { products: readonly VisitProduct[]; settings: ReviewSettings },
): Promise<SectionState[]> {
  const sections: SectionState[] = [];
  for (const product of products) {
    const { key } = product;
    const values = readSection(form.fields, key, questionsFor(settings, product));
    const given = valueOf(form.fields, fieldName("ticket", key));
    // A ticket lasts a day; the page may have been open longer.
    const ticket = readTicket(call.shopId, given) ? given : openUpload(call.shopId);
    const field = fieldName("photo", key);
    const refused = await receivePhotos(call.shopId, { form, field, ticket, settings: settings.media }, call.now);
    await arrangeUploads(call, form.fields, key, ticket);
    const kept = await readUploads(call.shopId, ticket);
    sections.push({ product, ticket, values, errors: {}, kept, refused });
  }
  return sections;
}

/** What the form says of files that came before it: what they show, and which of them are not wanted any more. */
async function arrangeUploads(call: PageCall, fields: Fields, key: string, ticket: string): Promise<void> {
  const alts = [...fields].flatMap(([name, values]) => {
    const id = new RegExp(`^alt\\.(\\d{1,15})\\.${key}$`).exec(name)?.[1];
    return id === undefined ? [] : [{ mediaId: Number(id), alt: values.at(-1) ?? "" }];
  });
  await describeUploads(call.shopId, ticket, alts);
  const dropped = (fields.get(fieldName("drop", key)) ?? []).filter((id) => /^\d{1,15}$/.test(id)).map(Number);
  await dropUploads(call.shopId, ticket, dropped, call.now);
}

function isFilled({ values, kept, refused }: SectionState): boolean {
  return isTouched(values) || kept.length > 0 || refused.length > 0;
}

function errorsOf({ values }: SectionState, { name }: Posted): { content: ReviewContent } | { errors: SectionErrors } {
  const read = contentOf(values, name ?? "");
  return read.outcome === "content" ? { content: read.content } : { errors: read.errors };
}
function badContent(fields: readonly string[]): SectionErrors {
  return fields.includes("title") ? { title: "bad_text" } : { body: "bad_text" };
}

interface ToSubmit {
  visit: ReviewVisit;
  section: SectionState;
  content: ReviewContent;
  email: string | null;
}
async function submit(call: PageCall, { visit, section, content, email }: ToSubmit): Promise<SubmitOutcome> {
  const { product, ticket, kept } = section;
  const { source, requestId, memberId, customerGid, isConfirmed } = visit;
  if (source === "import") throw new Error("a page imports nothing");
  return submitReview(
    call.shopId,
    {
      source,
      productGid: product.productGid,
      content,
      locale: localeOfVisit(call, visit),
      memberId,
      customerGid,
      orderId: product.orderId,
      lineId: product.lineId,
      requestId,
      authorEmail: email === null || isConfirmed ? email : toEmail(email),
      isConfirmed,
      promised: visit.promised || (await marksReviewOf(call.shopId, visit, call.now)),
      mediaTicket: kept.length > 0 ? ticket : null,
      licence: kept.length > 0 ? licenceOf(call, visit) : null,
      visitorKey: product.lineId === null ? visitorKey(call) : null,
    },
    call.now,
  );
}

/** The licence exactly as it stood beside the box that was ticked. */
function licenceOf(call: PageCall, visit: ReviewVisit): MediaLicence {
  const locale = localeOfVisit(call, visit);
  return { wording: textsOf(locale).media.licence(call.shopName), locale, agreedAt: call.now.toISOString() };
}
function visitorKey({ shopId, visitor }: PageCall): string {
  return macsOf("review-voter", `${shopId}/network/${visitor}`)[0].toString("base64url");
}

async function toSaved(
  call: PageCall,
  { key, title }: VisitProduct,
  outcome: Extract<SubmitOutcome, { reviewId: number }>,
): Promise<SavedReview> {
  if (outcome.outcome === "already_reviewed")
    return {
      key,
      title,
      state: "already",
      hasMedia: false,
      refused: [],
      link: await linkOfAuthor(call.shopId, outcome.reviewId),
    };
  const { photos, videos } = outcome.media;
  return {
    key,
    title,
    state: outcome.needsConfirmation ? "confirm" : outcome.outcome,
    hasMedia: photos + videos > 0,
    refused: [],
    link: outcome.authorToken,
  };
}

// The same form once more (a reload, a second tap): what it brought is there.
async function sentBefore(call: PageCall, fields: Fields, { products }: ReviewVisit): Promise<SavedReview[]> {
  const before = products.filter(
    ({ key, reviewed }) => reviewed !== null && valueOf(fields, fieldName("rating", key)) !== "",
  );
  return Promise.all(
    before.map(({ reviewed, ...product }) =>
      toSaved(call, { ...product, reviewed }, { outcome: "already_reviewed", reviewId: reviewed ?? 0 }),
    ),
  );
}

function refused(call: PageCall, visit: ReviewVisit, fields: Fields, why: "too_many" | "unknown"): PageAnswer {
  const locale = localeOfVisit(call, visit);
  return { status: why === "too_many" ? 429 : 403, locale, page: problemPage(why, textsOf(locale), fields) };
}

function thanks(call: PageCall, visit: ReviewVisit, saved: SavedReview[], left: readonly SectionState[]): PageAnswer {
  const locale = localeOfVisit(call, visit);
  // Who wrote without a link or an account is given no key to the review: the mail brings it to its owner.
  const shown = visit.isConfirmed ? saved : saved.map((review) => ({ ...review, link: null }));
  const token = visit.hidden["t"];
  const next =
    left.length > 0 && token !== undefined ? `review?${new URLSearchParams({ t: token, locale }).toString()}` : null;
  return {
    status: 200,
    locale,
    page: thanksPage(
      { saved: shown, left: left.map(({ product }) => product.title), next, draftKey: visit.draftKey },
      textsOf(locale),
    ),
  };
}

function inOrder(products: readonly VisitProduct[], sections: readonly SectionState[]): SectionState[] {
  return products.flatMap((product) => sections.find((section) => section.product === product) ?? []);
}
