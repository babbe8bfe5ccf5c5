// Pieces that several forms are made of. Pure.
import { markup, type Html, type HtmlValue } from "./html";
import type { PageTexts } from "./texts";

const RATINGS = [1, 2, 3, 4, 5] as const;

/** Five radio buttons that look like stars: tapped, clicked, or chosen with the arrow keys. */
export function starsField(
  texts: PageTexts,
  { name, id, of, rating, error }: { name: string; id: string; of: string; rating: number | null; error: boolean },
): Html {
  const { stars } = texts;
  const buttons = RATINGS.map(
    (value) =>
      markup`<input
          type="radio"
          id="${id}-${value}"
          name="${name}"
          value="${value}"
          ${rating === value && markup` checked`}${error && markup` aria-invalid="true" aria-describedby="${id}-error"`}
        /><label for="${id}-${value}"
          ><span class="star" aria-hidden="true"></span><span class="sr">${stars.label(value)}</span
          ><span class="word" aria-hidden="true">${stars.word(value)}</span></label
        >`,
  );
  return markup`<fieldset class="stars">
    <legend>
      ${stars.legend}<span class="sr">: <bdi>${of}</bdi></span
      ><span class="tag">${texts.required}</span>
    </legend>
    ${error && errorText(`${id}-error`, stars.error)}
    <div class="row">${buttons}</div>
  </fieldset>`;
}

/** The stars of a review that is there. */
export function shownStars(texts: PageTexts, rating: number): Html {
  const each = RATINGS.map((value) => markup`<span class="star${value <= rating && " on"}"></span>`);
  return markup`<div class="shown" role="img" aria-label="${texts.stars.outOf(rating)}">${each}</div>`;
}

/** A message that belongs to a field. */
export function errorText(id: string, text: string): Html {
  return markup`<span class="error" id="${id}">${text}</span>`;
}

export interface TextField {
  id: string;
  name: string;
  label: string;
  value: string;
  hint?: string;
  error?: string | undefined;
  most: number;
  /** Rows of a text of several lines; absent: one line. */
  rows?: number;
  isRequired?: boolean;
  type?: "text" | "email";
  autocomplete?: string;
}
/** A labelled text field with its hint and its error. */
export function textField(texts: PageTexts, field: TextField): Html {
  const { id, name, label, value, hint, error, most, rows, isRequired = false, type = "text", autocomplete } = field;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const shared: HtmlValue = markup` id="${id}" name="${name}"
  maxlength="${most}"${described !== "" && markup` aria-describedby="${described}"`}${error !== undefined && markup` aria-invalid="true"`}${isRequired && markup` aria-required="true"`}${autocomplete !== undefined && markup` autocomplete="${autocomplete}"`}`;
  return markup`<div class="field">
    <label class="label" for="${id}"
      >${label}<span class="tag">${isRequired ? texts.required : texts.optional}</span></label
    >
    ${hint !== undefined && markup`<p class="hint" id="${id}-hint">${hint}</p>`}${error !== undefined && errorText(`${id}-error`, error)}${
      rows === undefined
        ? markup`<input type="${type}" ${shared} value="${value}" dir="auto" />`
        : markup`<textarea${shared} rows="${rows}" dir="auto">
${value}</textarea>`
    }
  </div>`;
}

/** Fields that nobody sees and that come back as they are. */
export function hidden(values: Record<string, string>): Html {
  return markup`${Object.entries(values).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)}`;
}

/** One of several, as buttons in a row; the first one takes the choice back. */
export function optionsField(
  texts: PageTexts,
  field: { name: string; id: string; label: string; chosen: string; options: readonly { id: string; label: string }[] },
): Html {
  const { name, id, label, chosen } = field;
  const all = [...field.options, { id: "", label: texts.form.noAnswer }];
  return markup`<fieldset class="field">
    <legend>${label}<span class="tag">${texts.optional}</span></legend>
    <div class="options">
      ${all.map(
        (option, index) =>
          markup`<label for="${id}-${index}"
            ><input
              type="radio"
              id="${id}-${index}"
              name="${name}"
              value="${option.id}"
              ${option.id === chosen && markup` checked`}
            /><span>${option.label}</span></label
          >`,
      )}
    </div>
  </fieldset>`;
}
