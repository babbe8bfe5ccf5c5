// GET /proxy/review/confirm asks, POST confirms: programs that look into mail open links and run their scripts.
import { authorKeyOf, isAuthorToken } from "../reviews/author-token.server";
import { confirmReview } from "../reviews/confirm-review.server";
import { queryShop, type ShopId } from "../db.server";
import type { PageAnswer, PageCall } from "./page-door";
import { askConfirmPage, confirmedPage } from "./pages/done-pages";
import { valueOf } from "./pages/form-model";
import { problemPage } from "./pages/problem-page";
import { chooseLocale, textsOf } from "./pages/texts";

/** The page behind the confirmation mail. 404 for a link that is none or came too late. */
export async function answerConfirmPage(call: PageCall): Promise<PageAnswer> {
  const { shopId, form, parameters, asked, now } = call;
  const token = form ? valueOf(form.fields, "t") : (parameters.get("t") ?? "");
  const written = await readLocale(shopId, token);
  const locale = chooseLocale(asked.chosen, written, asked.browser, asked.shop);
  const texts = textsOf(locale);
  if (written === null) return { status: 404, locale, page: problemPage("link", texts) };
  if (!form) return { status: 200, locale, page: askConfirmPage(token, call.shopName, texts) };
  const { outcome } = await confirmReview(shopId, token, now);
  if (outcome === "not_found" || outcome === "too_late")
    return { status: 404, locale, page: problemPage("link", texts) };
  const state = outcome === "already_confirmed" ? "already" : outcome;
  return { status: 200, locale, page: confirmedPage(token, state, texts) };
}

async function readLocale(shopId: ShopId, token: string): Promise<string | null> {
  if (!isAuthorToken(token)) return null;
  const [row] = await queryShop<{ locale: string }>(
    shopId,
    "SELECT locale FROM review WHERE shop_id = $1 AND author_key = $2 AND status <> 'deleted'",
    [shopId, authorKeyOf(token)],
  );
  return row?.locale ?? null;
}
