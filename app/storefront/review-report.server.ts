// GET and POST /proxy/review/report?review=…: somebody says that a published review should not be. It stays until a
// person has looked.
import { macsOf } from "../derived-keys.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import { reportReview } from "../reviews/report-review.server";
import { toGid } from "../shopify/gid";
import type { PageAnswer, PageCall } from "./page-door";
import { reportedPage, reportPage } from "./pages/done-pages";
import { valueOf } from "./pages/form-model";
import { problemPage } from "./pages/problem-page";
import { chooseLocale, textsOf } from "./pages/texts";
import { readReported } from "./review-reported.server";
import { formKey, isFormKey } from "./review-visit.server";

/** The form to report. 404 for a review that is not (or no longer) shown, 422 without a reason. */
export async function answerReportPage(call: PageCall): Promise<PageAnswer> {
  const { shopId, form, parameters, asked } = call;
  const locale = chooseLocale(asked.chosen, asked.browser, asked.shop);
  const texts = textsOf(locale);
  const id = form ? valueOf(form.fields, "review") : (parameters.get("review") ?? "");
  const review = /^\d{1,15}$/.test(id)
    ? await readReported(shopId, Number(id), await readReviewSettings(shopId))
    : null;
  if (!review) return { status: 404, locale, page: problemPage("unknown", texts, form?.fields) };
  const subject = `report/${id}`;
  const show = (status: number, problems: { isReasonMissing?: boolean; isStale?: boolean } = {}): PageAnswer => ({
    status,
    locale,
    page: reportPage(
      {
        hidden: { review: id, key: formKey(call, subject) },
        review,
        reason: form ? valueOf(form.fields, "reason") : "",
        text: form ? valueOf(form.fields, "text") : "",
        isReasonMissing: problems.isReasonMissing ?? false,
        isStale: problems.isStale ?? false,
      },
      texts,
    ),
  });
  if (!form) return show(200);
  if (!isFormKey(call, subject, valueOf(form.fields, "key"))) return show(422, { isStale: true });
  const report = {
    reason: valueOf(form.fields, "reason"),
    text: valueOf(form.fields, "text"),
    reporter: reporterOf(call),
  };
  const { outcome } = await reportReview(shopId, Number(id), report, call.now);
  if (outcome === "bad_reason") return show(422, { isReasonMissing: true });
  if (outcome === "not_found") return { status: 404, locale, page: problemPage("unknown", texts, form.fields) };
  return { status: 200, locale, page: reportedPage(texts) };
}

/** Who reports, so that one person counts once: a customer, or a keyed hash of where a visitor came from. */
function reporterOf({ shopId, customerId, visitor }: PageCall): string {
  if (customerId !== null) return toGid("Customer", customerId);
  return macsOf("review-voter", `${shopId}/report/${visitor}`)[0].toString("base64url");
}
