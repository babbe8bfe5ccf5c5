// GET and POST /proxy/review: by the link of a request (t=…, s= stars of the line l), for
// one product without one (product=…), or for everything that a signed-in customer bought.
import { openUpload } from "../reviews/media/upload-ticket.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { ReviewSettings } from "../reviews/review-settings";
import type { PageAnswer, PageCall } from "./page-door";
import { NO_VALUES, toRating, valueOf } from "./pages/form-model";
import { invitationOnlyPage, nothingBoughtPage, reviewedPage, signInPage } from "./pages/open-pages";
import { problemPage } from "./pages/problem-page";
import { chooseLocale, textsOf } from "./pages/texts";
import { createRateLimit } from "./rate-limit";
import { FRESH, localeOfVisit, pageOfForm } from "./review-form.server";
import { showAgain, takeReviews } from "./review-send.server";
import {
  BOUGHT,
  isFormKey,
  linkOfAuthor,
  visitBought,
  visitByLink,
  visitProduct,
  type ReviewVisit,
  type VisitProduct,
} from "./review-visit.server";

/** Nobody vouches for who is not signed in: few forms from one place, and not many of one shop. */
const unknownForms = createRateLimit(4, 1 / 120);
const unknownFormsPerShop = createRateLimit(40, 1 / 5);
/** Products of one visit; the rest of a large order waits for the next. */
const SECTIONS_MAX = 12;

/** The page of reviews to write. 404 for a link or product that is none, 422 for a form that lacks something. */
export async function answerReviewPage(call: PageCall): Promise<PageAnswer> {
  const asked = (name: string) => (call.form ? valueOf(call.form.fields, name) : (call.parameters.get(name) ?? ""));
  const token = asked("t");
  const product = asked("product");
  if (token === "" && /^\d{1,20}$/.test(product)) return answerProduct(call, product);
  const names = call.form?.fields ?? call.parameters;
  if (!names.has("t") && !names.has("product")) return answerBought(call);
  const visit = token === "" ? null : await visitByLink(call.shopId, token, call.now);
  if (visit) return answerVisit(call, visit);
  const locale = chooseLocale(call.asked.chosen, call.asked.browser, call.asked.shop);
  const kind = token === "" && product !== "" ? "unknown" : "link";
  return { status: 404, locale, page: problemPage(kind, textsOf(locale), call.form?.fields) };
}

async function answerProduct(call: PageCall, product: string): Promise<PageAnswer> {
  const visit = await visitProduct(call, product);
  const locale = chooseLocale(call.asked.chosen, call.asked.browser, call.asked.shop);
  const texts = textsOf(locale);
  if (!visit) return { status: 404, locale, page: problemPage("unknown", texts, call.form?.fields) };
  const [only] = visit.products;
  if (only?.reviewed != null) return allReviewed(call, visit);
  const settings = await readReviewSettings(call.shopId);
  // What was bought may always be reviewed; the setting is about everybody else.
  if (only?.lineId === null && !isOpenTo(visit, settings)) {
    const mayWrite = settings.open === "signed_in" && call.customerId === null;
    return { status: 403, locale, page: mayWrite ? signInPage(texts, "signIn") : invitationOnlyPage(texts) };
  }
  if (call.form && !isFormKey(call, `product/${product}`, valueOf(call.form.fields, "key")))
    return showAgain(call, call.form, visit, openProducts(visit));
  if (call.form && visit.source === "open" && !mayUnknownSend(call))
    return { status: 429, locale, page: problemPage("too_many", texts, call.form.fields) };
  return answerVisit(call, visit);
}

async function answerBought(call: PageCall): Promise<PageAnswer> {
  const { customerId } = call;
  const locale = chooseLocale(call.asked.chosen, call.asked.browser, call.asked.shop);
  if (customerId === null) return { status: 403, locale, page: signInPage(textsOf(locale), "signInBought") };
  const visit = await visitBought({ ...call, customerId });
  if (visit.products.length === 0) return { status: 200, locale, page: nothingBoughtPage(textsOf(locale)) };
  if (call.form && !isFormKey(call, BOUGHT, valueOf(call.form.fields, "key")))
    return showAgain(call, call.form, visit, openProducts(visit));
  return answerVisit(call, visit);
}

function isOpenTo({ customerGid }: ReviewVisit, { open }: ReviewSettings): boolean {
  return open === "everyone" || (open === "signed_in" && customerGid !== null);
}
function mayUnknownSend({ shopId, visitor }: PageCall): boolean {
  const now = performance.now();
  return unknownForms.allow(`${shopId}/${visitor}`, now) && unknownFormsPerShop.allow(String(shopId), now);
}

function answerVisit(call: PageCall, visit: ReviewVisit): Promise<PageAnswer> {
  const open = openProducts(visit);
  if (open.length === 0) return allReviewed(call, visit);
  return call.form ? takeReviews(call, call.form, visit, open) : firstLook(call, visit, open);
}

/** The products that have no review yet, as many as a page holds. */
function openProducts({ products }: ReviewVisit): VisitProduct[] {
  return products.filter(({ reviewed }) => reviewed === null).slice(0, SECTIONS_MAX);
}

/** Nothing is left to review: each review can be seen. */
async function allReviewed(call: PageCall, visit: ReviewVisit): Promise<PageAnswer> {
  const locale = localeOfVisit(call, visit);
  const reviews = await Promise.all(
    visit.products.map(async ({ key, title, reviewed }) => ({
      key,
      title,
      link: reviewed === null ? null : await linkOfAuthor(call.shopId, reviewed),
    })),
  );
  return { status: 200, locale, page: reviewedPage({ reviews, draftKey: visit.draftKey }, textsOf(locale)) };
}

function firstLook(call: PageCall, visit: ReviewVisit, open: VisitProduct[]): Promise<PageAnswer> {
  const rating = toRating(call.parameters.get("s"));
  // Stars in a mail belong to the product beside them (l); without a name, to the first of the order.
  const line = call.parameters.get("l") ?? visit.products[0]?.key;
  const sections = open.map((product) => ({
    product,
    ticket: openUpload(call.shopId),
    values: product.key === line && rating !== null ? { ...NO_VALUES, rating } : NO_VALUES,
    errors: {},
    kept: [],
    refused: [],
  }));
  return pageOfForm(call, visit, { ...FRESH, sections });
}
