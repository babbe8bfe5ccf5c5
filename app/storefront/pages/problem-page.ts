// What is said when a page cannot do what it was asked: why, and what was typed. Pure.
import { typedTexts, type Fields } from "./form-model";
import { hidden } from "./form-parts";
import { markup, type Html } from "./html";
import { card } from "./page-layout";
import type { Page } from "./page-layout";
import type { PageTexts } from "./texts";

type ProblemTexts = PageTexts["problem"];
export type ProblemKind = Exclude<keyof ProblemTexts, "again" | "typed" | "noFiles">;
/** Of these, sending the same once more may go well. */
const WORTH_REPEATING: readonly ProblemKind[] = ["too_many", "too_large", "unavailable"];

/** The page of a problem. `fields`: what was posted, if anything. */
export function problemPage(kind: ProblemKind, texts: PageTexts, fields: Fields | null = null): Page {
  const { title, body } = texts.problem[kind];
  return {
    title,
    body: markup`<h1>${title}</h1>
      <p>${body}</p>
      ${fields && keptBox(kind, fields, texts)}`,
  };
}

function keptBox(kind: ProblemKind, fields: Fields, texts: PageTexts): Html | null {
  const typed = typedTexts(fields);
  const repeat = WORTH_REPEATING.includes(kind) && fields.size > 0 && repeatForm(fields, texts);
  if (typed.length === 0 && !repeat) return null;
  const shown =
    typed.length > 0 &&
    markup`<h2>${texts.problem.typed}</h2>
      ${typed.map((text) => markup`<blockquote dir="auto">${text}</blockquote>`)}`;
  return markup`${shown && card(shown)}${repeat}`;
}

function repeatForm(fields: Fields, texts: PageTexts): Html {
  const all = [...fields].flatMap(([name, values]) => values.map((value) => hidden({ [name]: value })));
  return markup`<form method="post">
    ${all}
    <p class="soft">${texts.problem.noFiles}</p>
    <p><button>${texts.problem.again}</button></p>
  </form>`;
}
