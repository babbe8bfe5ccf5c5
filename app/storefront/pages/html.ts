// Markup by one tagged template: what stands in our source goes out as it is, every value is escaped. There is no
// way to insert a string unescaped; only what the template made itself is taken for markup. Pure.

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};
/** Not allowed in a document, and of no use in a text. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu;

/** A piece of a document. */
export class Html {
  // A private field makes the type nominal: no object of the same shape passes for it.
  readonly #markup: string;
  private constructor(markup: string) {
    this.#markup = markup;
  }
  /** What the tag `markup` does. */
  static fill(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    const filled = strings.map((text, index) => (index === 0 ? text : markupOf(values[index - 1]) + text));
    return new Html(filled.join(""));
  }
  toString(): string {
    return this.#markup;
  }
}
/** What may stand in a template; nothing is written for false, null and undefined. */
export type HtmlValue = string | number | Html | false | null | undefined | readonly HtmlValue[];

/** Text as it may stand between tags and in quoted attributes. */
function escapeText(text: string): string {
  return text.replace(CONTROLS, "").replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? "");
}

function markupOf(value: HtmlValue): string {
  if (value === false || value === null || value === undefined) return "";
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return (value as readonly HtmlValue[]).map(markupOf).join("");
  return escapeText(`${value as string | number}`);
}

/** markup`<p>${anything}</p>`: the only way to make markup. Attributes are always quoted. */
export function markup(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return Html.fill(strings, values);
}
