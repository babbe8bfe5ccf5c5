// Short pages: a review was deleted, is to be confirmed, was confirmed, is reported. Pure.
import { REJECT_REASONS, type RejectReason } from "../../reviews/review-content";
import { errorText, hidden, shownStars, textField } from "./form-parts";
import { markup } from "./html";
import { card, notice, type Page } from "./page-layout";
import type { PageTexts } from "./texts";

/** The author deleted the review. */
export function deletedPage({ mine }: PageTexts): Page {
  return {
    title: mine.deleted,
    body: markup`<h1>${mine.deleted}</h1>
      <p>${mine.deletedText}</p>`,
  };
}

/** Asks before anything happens: mail programs open every link. */
export function askConfirmPage(token: string, shopName: string, texts: PageTexts): Page {
  const { confirm } = texts;
  return {
    title: confirm.title,
    otherLanguage: `confirm?${new URLSearchParams({ t: token, locale: texts.otherLanguage.locale }).toString()}`,
    body: markup`<h1>${confirm.title}</h1>
      <p>${confirm.body(shopName)}</p>
      <form method="post" action="confirm">
        ${hidden({ t: token, locale: texts.lang })}
        <p><button>${confirm.button}</button></p>
      </form>`,
  };
}
/** What the confirmation led to. */
export function confirmedPage(token: string, state: "published" | "held" | "already", texts: PageTexts): Page {
  const { confirm, thanks } = texts;
  const link = `mine?${new URLSearchParams({ t: token, locale: texts.lang }).toString()}`;
  return {
    title: confirm.done,
    body: markup`<h1>${confirm.done}</h1>
      ${notice("good", markup`<p>${confirm[state]}</p>`)}
      <p><a href="${link}">${thanks.see}</a></p>`,
  };
}

export interface ReportForm {
  hidden: Record<string, string>;
  /** The review as everybody sees it. */
  review: { rating: number; title: string; body: string; authorName: string };
  reason: string;
  text: string;
  isReasonMissing: boolean;
  isStale: boolean;
}
const TEXT_MAX = 1_000;

/** The form to report a published review. */
export function reportPage(form: ReportForm, texts: PageTexts): Page {
  const { report } = texts;
  const { rating, title, body, authorName } = form.review;
  const reasons = REJECT_REASONS.map(
    (reason: RejectReason) =>
      markup`<label
        ><input
          type="radio"
          name="reason"
          value="${reason}"
          ${reason === form.reason && markup` checked`}${form.isReasonMissing && markup` aria-invalid="true" aria-describedby="reason-error"`}
        /><span>${report.reasons[reason]}</span></label
      >`,
  );
  return {
    title: report.title,
    body: markup`<h1>${report.title}</h1>
      <p class="soft">${report.lead}</p>
      ${form.isStale && notice("bad", markup`<p>${texts.form.stale}</p>`)}
      ${card(
        markup`${shownStars(texts, rating)}
          <p class="soft"><bdi>${authorName === "" ? report.anonymous : report.by(authorName)}</bdi></p>
          ${title !== "" && markup`<h2 dir="auto">${title}</h2>`}${body !== "" && markup`<blockquote dir="auto">${body}</blockquote>`}`,
      )}
      <form method="post" action="report">
        ${hidden({ ...form.hidden, locale: texts.lang })}
        ${card(
          markup`<fieldset class="choices">
              <legend>${report.reason}<span class="tag">${texts.required}</span></legend>
              ${form.isReasonMissing && errorText("reason-error", report.error)}${reasons}
            </fieldset>
            ${textField(texts, { id: "text", name: "text", label: report.text, value: form.text, most: TEXT_MAX, rows: 4 })}
            <p class="field"><button>${report.send}</button></p>`,
        )}
      </form>`,
  };
}
/** It was reported. */
export function reportedPage({ report }: PageTexts): Page {
  return {
    title: report.done,
    body: markup`<h1>${report.done}</h1>
      <p>${report.doneText}</p>`,
  };
}
