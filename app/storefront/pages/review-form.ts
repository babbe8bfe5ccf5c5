// The form in which one visit reviews several products: a section for each, one button. Pure.
import type { ReviewQuestion } from "../../reviews/review-settings";
import { textIn } from "../../loyalty/program-parts";
import {
  answerName,
  fieldName,
  isTouched,
  TEXT_MAX,
  type SectionErrors,
  type SectionValues,
  type TextInput,
} from "./form-model";
import { errorText, hidden, optionsField, starsField, textField } from "./form-parts";
import { markup, type Html } from "./html";
import { card, notice } from "./page-layout";
import type { PageTexts } from "./texts";

/** A file that belongs to a section already, or that could not be taken. */
export interface KeptFile {
  mediaId: number;
  kind: "photo" | "video";
  /** Of a picture that shows it; null: there is none. */
  url: string | null;
  alt: string;
}
export interface RefusedFile {
  name: string;
  why: keyof PageTexts["media"]["why"];
}
/** One product of the form. */
export interface FormSection {
  /** Ends the names of its fields. */
  key: string;
  title: string;
  questions: readonly ReviewQuestion[];
  values: SectionValues;
  errors: SectionErrors;
  /** null: no photos and videos are taken. */
  media: {
    ticket: string;
    photos: boolean;
    videos: boolean;
    kept: readonly KeptFile[];
    refused: readonly RefusedFile[];
  } | null;
}
export interface ReviewForm {
  shopName: string;
  sections: readonly FormSection[];
  /** What brings the form back to where it came from. */
  hidden: Record<string, string>;
  /** Names what is kept in the browser until it is sent; says nothing of the link. */
  draftKey: string;
  name: string;
  nameHint: string;
  /** Asked of those whom nobody vouches for. */
  email: { value: string; isWrong: boolean } | null;
  isNameMissing: boolean;
  licence: { isChecked: boolean; isMissing: boolean };
  promise: { kind: "review" | "photo_review" | "video_review" | "first_review"; points: string }[];
  standing: "verified" | "unverified" | "confirm";
  problem: "nothing" | "problems" | "stale" | null;
  saved: readonly string[];
  /** Products of the order that have to wait for the next visit. */
  leftOver: number;
}

/** The content of the page. */
export function reviewForm(form: ReviewForm, texts: PageTexts): Html {
  const { sections, saved, problem } = form;
  const [first] = sections;
  const isMany = sections.length > 1;
  return markup`<h1>${isMany || !first ? texts.form.title : texts.form.titleOf(first.title)}</h1>
    <p class="soft">${texts.form.lead(form.shopName)}${isMany && markup`${texts.form.between}${texts.form.leadMany}`}</p>
    ${saved.length > 0 && notice("good", markup`<p>${texts.form.savedSome(saved.join(texts.lang === "ja" ? "、" : ", "))}</p>`)}
    ${problem && notice("bad", markup`<p>${texts.form[problem]}</p>`)} ${promiseBox(form, texts)}
    <form
      method="post"
      action="review"
      enctype="multipart/form-data"
      id="review"
      novalidate
      data-draft="${form.draftKey}"
      data-restored="${texts.draft.restored}"
      data-restart="${texts.draft.restart}"
      data-files="${JSON.stringify(texts.media.script)}"
      data-why="${JSON.stringify(texts.media.why)}"
      ${(problem !== null || saved.length > 0) && markup` data-answered`}
    >
      ${hidden({ ...form.hidden, locale: texts.lang })}
      ${sections.map((section) => productSection(section, isMany, texts))} ${card(aboutYou(form, texts))}
      ${afterBox(form, texts)}
      <p><button class="send">${isMany ? texts.form.submitMany : texts.form.submit}</button></p>
      ${form.leftOver > 0 && markup`<p class="soft">${texts.form.leftOver(form.leftOver)}</p>`}
    </form>`;
}

function promiseBox({ promise }: ReviewForm, texts: PageTexts): Html | null {
  if (promise.length === 0) return null;
  const lines = promise.map(({ kind, points }) => markup`<li>${texts.promise[kind](points)}</li>`);
  return notice(
    "plain",
    markup`<h2>${texts.promise.title}</h2>
      <ul class="plain">
        ${lines}
      </ul>
      <p class="hint">${texts.promise.neutral}</p>`,
  );
}

function productSection(section: FormSection, isMany: boolean, texts: PageTexts): Html {
  const { key, title, values, errors } = section;
  // Of many products those nobody has touched show their stars only; a tap on them unfolds the rest.
  const folds = isMany && !isTouched(values) && Object.keys(errors).length === 0 && !section.media?.kept.length;
  return markup`<section class="card product${folds && " folds"}" aria-labelledby="product-${key}">
    <h2 id="product-${key}"><bdi>${title}</bdi></h2>
    ${starsOf(section, texts)}
    <div class="rest">${restFields(section, texts)}</div>
  </section> `;
}

/** Everything that can be said about one product: for the page on which a review is changed. */
export function sectionFields(section: FormSection, texts: PageTexts): Html {
  return markup`${starsOf(section, texts)}${restFields(section, texts)}`;
}

function restFields(section: FormSection, texts: PageTexts): Html {
  return markup`${questionFields(section, texts)}
${sectionText("body", section, texts, 5)}
${mediaField(section, texts)}
<details${hasMore(section.values, section.errors) && markup` open`}><summary>${texts.form.more}</summary>
${sectionText("title", section, texts)}
${sectionText("pros", section, texts)}
${sectionText("cons", section, texts)}
</details>`;
}

function starsOf({ key, title, values, errors }: FormSection, texts: PageTexts): Html {
  return starsField(texts, {
    name: fieldName("rating", key),
    id: `rating-${key}`,
    of: title,
    rating: values.rating,
    error: errors.rating !== undefined,
  });
}

function hasMore({ texts }: SectionValues, errors: SectionErrors): boolean {
  return (["title", "pros", "cons"] as const).some((input) => texts[input] !== "" || errors[input] !== undefined);
}

const LABEL = { title: "headline", body: "body", pros: "pros", cons: "cons" } as const;
function sectionText(input: TextInput, { key, values, errors }: FormSection, texts: PageTexts, rows?: number): Html {
  return textField(texts, {
    id: `${input}-${key}`,
    name: fieldName(input, key),
    label: texts.form[LABEL[input]],
    value: values.texts[input],
    most: TEXT_MAX[input],
    error: errorOf(errors[input], TEXT_MAX[input], texts),
    ...(input === "body" ? { hint: texts.form.bodyHint } : {}),
    ...(rows === undefined ? {} : { rows }),
  });
}
function errorOf(error: SectionErrors[keyof SectionErrors], most: number, texts: PageTexts): string | undefined {
  if (error === undefined) return undefined;
  return error === "bad_text" ? texts.form.badText : texts.form.tooLong(most);
}

function questionFields({ key, questions, values }: FormSection, texts: PageTexts): Html {
  return markup`${questions.map(({ id, label, options }) =>
    optionsField(texts, {
      name: answerName(id, key),
      id: `answer-${id}-${key}`,
      label: textIn(label, texts.lang),
      chosen: values.answers[id] ?? "",
      options: options.map((option) => ({ id: option.id, label: textIn(option.label, texts.lang) })),
    }),
  )}`;
}

const PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif";
const VIDEO_TYPES = "video/mp4,video/quicktime,video/webm";

function mediaField({ key, title, media }: FormSection, texts: PageTexts): Html | null {
  if (!media || (!media.photos && !media.videos)) return null;
  const { ticket, photos, videos, kept, refused } = media;
  const hintScript = photos && videos ? texts.media.hintScript : texts.media.hintPhotosOnly;
  const types = [photos && PHOTO_TYPES, videos && VIDEO_TYPES].filter(Boolean).join(",");
  return markup`<div
    class="field"
    data-media="${key}"
    data-types="${types}"
    data-hint="${hintScript}"
    data-label="${videos ? texts.media.photosVideos : texts.media.photos}"
  >
    <label class="label" for="photo-${key}"
      ><span data-title>${texts.media.photos}</span><span class="sr">: <bdi>${title}</bdi></span
      ><span class="tag">${texts.optional}</span></label
    >
    <p class="hint" id="photo-${key}-hint">${texts.media.hintPlain}</p>
    ${hidden({ [fieldName("ticket", key)]: ticket })}
    ${refused.length > 0 && markup`<div class="error" id="photo-${key}-error">${refusedFiles(refused, texts)}</div>`}
    <ul class="files" data-list>
      ${kept.map((file, index) => keptFile(file, key, index + 1, texts))}
    </ul>
    <input
      type="file"
      id="photo-${key}"
      name="${fieldName("photo", key)}"
      accept="${PHOTO_TYPES}"
      multiple
      aria-describedby="photo-${key}-hint"
      ${!photos && markup` hidden`}
    />
    <p class="sr" role="status" data-said></p>
  </div>`;
}

/** Files that could not be taken, each with its reason. */
export function refusedFiles(refused: readonly RefusedFile[], texts: PageTexts): Html {
  const lines = refused.map(({ name, why }) => markup`<li><bdi>${name}</bdi> ${texts.media.why[why]}</li>`);
  return markup`${texts.media.refused}
    <ul class="plain">
      ${lines}
    </ul>`;
}

function keptFile({ mediaId, kind, url, alt }: KeptFile, key: string, number: number, texts: PageTexts): Html {
  const name = `${kind === "photo" ? texts.media.photo : texts.media.video} ${number}`;
  return markup`<li data-id="${mediaId}">
    ${url === null ? markup`<canvas aria-hidden="true"></canvas>` : markup`<img src="${url}" alt="" width="80" height="80" />`}
    <div>
      <label class="label" for="alt-${mediaId}">${name}</label>
      <p class="hint" id="alt-${mediaId}-hint">${texts.media.script.alt}</p>
      <input
        type="text"
        id="alt-${mediaId}"
        name="alt.${mediaId}.${key}"
        value="${alt}"
        maxlength="300"
        aria-describedby="alt-${mediaId}-hint"
        dir="auto"
      />
      <label class="check"
        ><input type="checkbox" name="drop.${key}" value="${mediaId}" /><span
          >${texts.media.script.removeName.replace("{name}", name)}</span
        ></label
      >
    </div>
  </li>`;
}

function aboutYou(form: ReviewForm, texts: PageTexts): Html {
  const { email, sections } = form;
  const tooLong = sections.some(({ errors }) => errors.authorName)
    ? texts.form.tooLong(TEXT_MAX.authorName)
    : undefined;
  const name = {
    name: form.name,
    hint: form.nameHint,
    error: form.isNameMissing ? texts.form.nameError : tooLong,
    isRequired: email !== null,
  };
  return markup`${nameField(name, texts)}${email && emailField(email, texts)}${
    sections.some(({ media }) => media) && licenceField({ ...form.licence, shopName: form.shopName }, texts)
  }`;
}

/** The name beside the review. */
export function nameField(
  { name, hint, error, isRequired }: { name: string; hint: string; error: string | undefined; isRequired: boolean },
  texts: PageTexts,
): Html {
  return textField(texts, {
    id: "name",
    name: "name",
    label: texts.form.name,
    hint,
    value: name,
    most: TEXT_MAX.authorName,
    error,
    isRequired,
    autocomplete: "nickname",
  });
}

function emailField({ value, isWrong }: NonNullable<ReviewForm["email"]>, texts: PageTexts): Html {
  return textField(texts, {
    id: "email",
    name: "email",
    label: texts.form.email,
    hint: texts.form.emailHint,
    value,
    most: 254,
    error: isWrong ? texts.form.emailError : undefined,
    isRequired: true,
    type: "email",
    autocomplete: "email",
  });
}

/** The licence for photos and videos, with its exact words beside the box. */
export function licenceField(
  { isChecked, isMissing, shopName }: ReviewForm["licence"] & { shopName: string },
  texts: PageTexts,
): Html {
  return markup`<div class="field" data-licence>
    ${isMissing && errorText("licence-error", texts.media.licenceError)}
    <label class="check"
      ><input
        type="checkbox"
        name="licence"
        value="1"
        ${isChecked && markup` checked`}${isMissing && markup` aria-invalid="true" aria-describedby="licence-error"`}
      /><span>${texts.media.licence(shopName)}</span></label
    >
  </div>`;
}

function afterBox({ standing, sections }: ReviewForm, texts: PageTexts): Html {
  const { after } = texts;
  const lines = [
    standing === "confirm" && after.confirm,
    after.checks,
    sections.some(({ media }) => media) && after.media,
    standing === "verified" ? after.verified : after.unverified,
    after.own,
  ].filter((line) => line !== false);
  return card(
    markup`<h2>${after.title}</h2>
      <ul class="plain">
        ${lines.map((line) => markup`<li>${line}</li>`)}
      </ul>`,
  );
}
