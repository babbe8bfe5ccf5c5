// The author's own page: where the review stands and why, what can be done about it. Pure.
import type { FindingKind } from "../../reviews/moderation/findings";
import type { RejectReason, ReviewContent, ReviewStatus } from "../../reviews/review-content";
import type { ReviewQuestion } from "../../reviews/review-settings";
import type { SectionErrors, SectionValues } from "./form-model";
import { errorText, hidden, shownStars, textField } from "./form-parts";
import { markup, type Html } from "./html";
import { card, notice, type Page } from "./page-layout";
import { licenceField, nameField, sectionFields, type KeptFile, type RefusedFile } from "./review-form";
import { REVIEW_SCRIPT } from "./review-script";
import type { PageTexts } from "./texts";

export type MineProblem = "edit" | "delete" | "appeal" | "appeal_long";
export interface OwnFile extends KeptFile {
  isViewed: boolean;
}
export interface EditForm {
  key: string;
  title: string;
  shopName: string;
  questions: readonly ReviewQuestion[];
  photos: boolean;
  videos: boolean;
  /** What the review has already. */
  own: readonly OwnFile[];
  ticket: string;
  values: SectionValues;
  name: string;
  errors: SectionErrors;
  kept: readonly KeptFile[];
  refused: readonly RefusedFile[];
  isLicensed: boolean;
  isLicenceMissing: boolean;
}
export interface MineView {
  token: string;
  /** Of the product; empty: unknown. */
  title: string;
  shopName: string;
  status: ReviewStatus;
  rating: number;
  content: ReviewContent;
  holdReasons: readonly FindingKind[];
  ending: "expires" | "confirms" | "person";
  heldUntil: string | null;
  hasWaitingEdit: boolean;
  hasWaitingMedia: boolean;
  rejectReason: RejectReason | null;
  appeal: "open" | "upheld" | "dismissed" | null;
  reply: string | null;
  thumbs: readonly OwnFile[];
  said: "saved" | "savedHeld" | "savedMedia" | "appealed" | null;
  problem: MineProblem | null;
  appealText: string;
  /** null: it cannot be changed any more. */
  edit: EditForm | null;
}
const APPEAL_MAX = 2_000;

/** The page. */
export function minePage(view: MineView, texts: PageTexts, pictures: readonly string[]): Page {
  const { mine } = texts;
  const title = view.title === "" ? mine.title : mine.of(view.title);
  return {
    title,
    pictures,
    script: REVIEW_SCRIPT,
    otherLanguage: `mine?${new URLSearchParams({ t: view.token, locale: texts.otherLanguage.locale }).toString()}`,
    body: markup`<h1>${title}</h1>
      ${view.said !== null && notice("good", markup`<p>${mine[view.said]}</p>`)}
      ${card(markup`${standing(view, texts)}${words(view, texts)}`)}
      ${view.status === "rejected" && view.appeal === null && appealBox(view, texts)}
      ${view.edit && editBox(view, view.edit, texts)} ${deleteBox(view, texts)}`,
  };
}

function standing(view: MineView, texts: PageTexts): Html {
  const { mine } = texts;
  return markup`<p class="badge">${mine.status[view.status]}</p>
    ${standingText(view, texts).map((line) => markup`<p>${line}</p>`)}
    ${
      (view.status === "held" || view.hasWaitingEdit) &&
      view.holdReasons.length > 0 &&
      markup`<p class="soft">${mine.whyTitle}</p>
        <ul class="plain">
          ${[...new Set(view.holdReasons.map((reason) => mine.why[reason]))].map((why) => markup`<li>${why}</li>`)}
        </ul>`
    }`;
}

function standingText(
  { status, ending, heldUntil, hasWaitingEdit, hasWaitingMedia, rejectReason, appeal }: MineView,
  texts: PageTexts,
): string[] {
  const { mine, reject } = texts;
  const lines: string[] = [];
  if (status === "published") lines.push(mine.publishedText);
  if (status === "held") {
    if (ending === "confirms") lines.push(mine.heldConfirm);
    else lines.push(ending === "expires" && heldUntil !== null ? mine.heldUntil(heldUntil) : mine.heldPerson);
  }
  if (status === "unconfirmed") lines.push(mine.unconfirmedText);
  if (status === "rejected" && rejectReason !== null) lines.push(mine.rejectedText(reject[rejectReason]));
  if (appeal === "open") lines.push(mine.appealOpen);
  if (appeal === "dismissed") lines.push(mine.appealDismissed);
  if (hasWaitingEdit) lines.push(mine.waitingEdit);
  if (hasWaitingMedia && (status === "published" || status === "held")) lines.push(mine.mediaWaiting);
  return lines;
}

function words({ content, rating, reply, shopName, thumbs }: MineView, texts: PageTexts): Html {
  const { title, body, pros, cons } = content;
  const pairs = [
    [texts.form.pros, pros],
    [texts.form.cons, cons],
  ].filter(([, text]) => text !== "");
  return markup`<div class="field">
    ${shownStars(texts, rating)}
    ${title !== "" && markup`<h2 dir="auto">${title}</h2>`}${body !== "" && markup`<blockquote dir="auto">${body}</blockquote>`}
    ${
      pairs.length > 0 &&
      markup`<dl>
        ${pairs.map(
          ([label, text]) =>
            markup`<dt>${label}</dt>
              <dd dir="auto">${text}</dd>`,
        )}
      </dl>`
    }
    ${
      thumbs.length > 0 &&
      markup`<ul class="thumbs">
        ${thumbs.map(({ url, alt }) => url !== null && markup`<li><img src="${url}" alt="${alt}" width="80" height="80" /></li>`)}
      </ul>`
    }
    ${
      reply !== null &&
      markup`<h3>${texts.mine.reply(shopName)}</h3>
        <blockquote dir="auto">${reply}</blockquote>`
    }
  </div>`;
}

function form(view: MineView, act: string, texts: PageTexts, content: Html, attributes: Html | null = null): Html {
  return markup`<form method="post" action="mine" enctype="multipart/form-data" novalidate${attributes}>
    ${hidden({ t: view.token, act, locale: texts.lang })}${content}
  </form>`;
}

function editBox(view: MineView, edit: EditForm, texts: PageTexts): Html {
  const { mine, form: words } = texts;
  const section = {
    ...edit,
    media:
      edit.photos || edit.videos
        ? { ticket: edit.ticket, photos: edit.photos, videos: edit.videos, kept: edit.kept, refused: edit.refused }
        : null,
  };
  const own =
    edit.own.length > 0 &&
    markup`<fieldset class="field choices">
      <legend>${mine.ownMedia}</legend>
      ${edit.own.map(
        (file, index) =>
          markup`<label
            ><input
              type="checkbox"
              name="drop.${edit.key}"
              value="${file.mediaId}"
            />${file.url !== null && markup`<img src="${file.url}" alt="" width="64" height="64" />`}<span
              >${texts.media.script.removeName.replace("{name}", `${texts.media[file.kind]} ${index + 1}`)}</span
            ></label
          >`,
      )}
    </fieldset>`;
  const fields = markup`${view.problem === "edit" && notice("bad", markup`<p>${words.problems}</p>`)}${sectionFields(section, texts)}${own}
    ${nameField({ name: edit.name, hint: words.nameHint, error: edit.errors.authorName ? words.tooLong(60) : undefined, isRequired: false }, texts)}
    ${section.media && licenceField({ isChecked: edit.isLicensed, isMissing: edit.isLicenceMissing, shopName: edit.shopName }, texts)}
    <p class="field"><button>${mine.save}</button></p>`;
  const script = markup` id="review" data-files="${JSON.stringify(texts.media.script)}"
  data-why="${JSON.stringify(texts.media.why)}" data-door="../review-upload"`;
  return markup`<details class="card" ${view.problem === "edit" && markup` open`}>
    <summary>${mine.edit}</summary>
    ${form(view, "edit", texts, fields, script)}
  </details>`;
}

function appealBox(view: MineView, texts: PageTexts): Html {
  const { mine } = texts;
  const error =
    view.problem === "appeal"
      ? mine.appealError
      : view.problem === "appeal_long"
        ? texts.form.tooLong(APPEAL_MAX)
        : undefined;
  return card(
    markup`<h2>${mine.appeal}</h2>
      <p class="soft">${mine.appealHint}</p>
      ${form(
        view,
        "appeal",
        texts,
        markup`${textField(texts, { id: "text", name: "text", label: mine.appealText, value: view.appealText, most: APPEAL_MAX, rows: 4, isRequired: true, error })}
          <p class="field"><button>${mine.appealSend}</button></p>`,
      )}`,
  );
}

function deleteBox(view: MineView, texts: PageTexts): Html {
  const { mine } = texts;
  const isMissing = view.problem === "delete";
  return markup`<details class="card" ${isMissing && markup` open`}>
    <summary>${mine.delete}</summary>
    <p class="field">${mine.deleteWarning}</p>
    ${form(
      view,
      "delete",
      texts,
      markup`${isMissing && errorText("sure-error", mine.deleteBoxError)}<label class="check"
          ><input
            type="checkbox"
            name="sure"
            value="1"
            ${isMissing && markup` aria-invalid="true" aria-describedby="sure-error"`}
          /><span>${mine.deleteBox}</span></label
        >
        <p><button class="danger">${mine.deleteConfirm}</button></p>`,
    )}
  </details>`;
}
