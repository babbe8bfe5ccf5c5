// The doors that answer with pages, and what all of them have in common: signature, limits, language, refusals that
// keep what was typed. A look changes nothing, whoever or whatever opens a link; only a form does.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import { env } from "../env.server";
import { log } from "../log.server";
import { findShopByDomain } from "../shops/find-shop.server";
import { readShopProfile } from "../shops/read-shop-profile.server";
import type { PageAnswer, PageCall, PageDoor } from "./page-door";
import { readForm, sendPage, type PostedForm } from "./page-http.server";
import { valueOf } from "./pages/form-model";
import { pageDocument } from "./pages/page-layout";
import { problemPage, type ProblemKind } from "./pages/problem-page";
import { chooseLocale, textsOf } from "./pages/texts";
import { verifyProxyQuery } from "./proxy-signature";
import { createRateLimit } from "./rate-limit";
import { answerConfirmPage } from "./review-confirm.server";
import { answerMinePage } from "./review-mine.server";
import { answerReportPage } from "./review-report.server";
import { answerReviewPage } from "./review-page.server";

/** A person looks and sends a few times a minute; behind one address there may be a household or an office. */
const looks = createRateLimit(40, 1);
const forms = createRateLimit(12, 1 / 10);
/** A mailing brings many people of one shop at once. */
const looksPerShop = createRateLimit(600, 60);
const formsPerShop = createRateLimit(120, 10);

/** Path below /proxy/ → page. */
export const PAGES: ReadonlyMap<string, PageDoor> = new Map<string, PageDoor>([
  ["review", { looks, forms, handle: answerReviewPage }],
  ["review/mine", { looks, forms, handle: answerMinePage }],
  ["review/confirm", { looks, forms, handle: answerConfirmPage }],
  ["review/report", { looks, forms, handle: answerReportPage }],
]);
const STATUS: Record<ProblemKind, number> = {
  signature: 400,
  bad_form: 400,
  link: 404,
  unknown: 404,
  method: 405,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
};

/** What is known of a request before its shop is. */
interface Place {
  shopName: string | null;
  chosen: string | null;
  browser: string | null;
  shopLocale: string | null;
  form: PostedForm | null;
}

/** Answers a request whose path is a page's; false: it is none. */
export async function handlePage(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  query: string,
  visitor: string,
): Promise<boolean> {
  const door = PAGES.get(path);
  if (!door) return false;
  const place: Place = {
    shopName: null,
    chosen: new URLSearchParams(query).get("locale"),
    browser: req.headers["accept-language"] ?? null,
    shopLocale: null,
    form: null,
  };
  try {
    const answer = await answerPage(req, door, { query, visitor, place });
    if ("problem" in answer) sendProblem(res, answer.problem, place);
    else send(res, answer, place.shopName);
  } catch (error) {
    log().error({ err: error, path }, "a review page failed");
    sendProblem(res, "unavailable", place);
  } finally {
    await place.form?.dispose();
  }
  return true;
}

async function answerPage(
  req: IncomingMessage,
  door: PageDoor,
  { query, visitor, place }: { query: string; visitor: string; place: Place },
): Promise<PageAnswer | { problem: ProblemKind }> {
  const isForm = req.method === "POST";
  if (!isForm && req.method !== "GET" && req.method !== "HEAD") return { problem: "method" };
  const verdict = verifyProxyQuery(query, env().SHOPIFY_API_SECRET, Math.floor(Date.now() / 1000));
  if (verdict.outcome === "refused") return { problem: "signature" };
  const isAllowed = mayKnock(door, isForm, verdict.shop, verdict.customerId ?? visitor);
  // Reading a small form costs nothing and keeps what was typed; a large one is not listened to.
  if (!isAllowed && isForm && Number(req.headers["content-length"] ?? Infinity) < SMALL_FORM_BYTES)
    place.form = await readForm(req);
  if (!isAllowed) return { problem: "too_many" };
  const shop = await findShopByDomain(verdict.shop);
  const profile = shop === null || shop.uninstalledAt !== null ? null : await readShopProfile(shop.id);
  if (!shop || !profile) return { problem: "unknown" };
  place.shopName = profile.name;
  place.shopLocale = profile.primaryLocale;
  if (isForm) {
    place.form = await readForm(req);
    place.chosen = valueOf(place.form.fields, "locale") || place.chosen;
    if (place.form.outcome !== "read") return { problem: place.form.outcome };
  }
  const call: PageCall = {
    shopId: shop.id,
    shopName: profile.name,
    timeZone: profile.timeZone,
    customerId: verdict.customerId,
    parameters: verdict.parameters,
    form: place.form,
    visitor,
    now: await businessNow(),
    asked: { chosen: place.chosen, browser: place.browser, shop: profile.primaryLocale },
  };
  return door.handle(call);
}
const SMALL_FORM_BYTES = 256 * 1024;

function mayKnock(door: PageDoor, isForm: boolean, shop: string, caller: string): boolean {
  const now = performance.now();
  const [own, whole] = isForm ? [door.forms, formsPerShop] : [door.looks, looksPerShop];
  return own.allow(`${shop}/${caller}`, now) && whole.allow(shop, now);
}

function sendProblem(res: ServerResponse, kind: ProblemKind, place: Place): void {
  const locale = chooseLocale(place.chosen, place.browser, place.shopLocale);
  const page = problemPage(kind, textsOf(locale), place.form?.fields ?? null);
  const headers: Record<string, string> = {};
  if (kind === "method") headers["Allow"] = "GET, HEAD, POST";
  if (kind === "too_many") headers["Retry-After"] = "30";
  send(res, { status: STATUS[kind], locale, page }, place.shopName, headers);
}

function send(
  res: ServerResponse,
  { status, locale, page }: PageAnswer,
  shopName: string | null,
  headers: Record<string, string> = {},
): void {
  const nonce = randomBytes(16).toString("base64");
  const document = pageDocument(page, { locale, shopName, nonce }).toString();
  sendPage(res, status, document, { nonce, pictures: page.pictures ?? [] }, headers);
}
