// After a form was taken: what became of each review, what is left, and an end. Pure.
import { markup, type Html } from "./html";
import { card, notice, type Page } from "./page-layout";
import { refusedFiles, type RefusedFile } from "./review-form";
import { CLEAR_SCRIPT } from "./review-script";
import type { PageTexts } from "./texts";

export interface SavedReview {
  key: string;
  title: string;
  state: "published" | "held" | "confirm" | "already";
  hasMedia: boolean;
  /** Files that came with it and could not be taken. */
  refused: readonly RefusedFile[];
  /** The author's token; null: it is given to nobody here. */
  link: string | null;
}
export interface Thanks {
  saved: readonly SavedReview[];
  /** Products of the visit that have no review yet. */
  left: readonly string[];
  /** Where they can be reviewed, relative; null: nowhere. */
  next: string | null;
  draftKey: string;
}

/** The page. */
export function thanksPage({ saved, left, next, draftKey }: Thanks, texts: PageTexts): Page {
  const { thanks } = texts;
  const title = saved.length > 1 ? thanks.titleMany : thanks.title;
  return {
    title,
    script: CLEAR_SCRIPT,
    body: markup`<h1 data-sent="${draftKey}" data-keys="${saved.map(({ key }) => key).join(" ")}">${title}</h1>
      ${saved.map((review) => savedBox(review, texts))}
      ${
        next !== null && left.length > 0
          ? card(
              markup`<h2>${thanks.left}</h2>
                <ul class="plain">
                  ${left.map((product) => markup`<li><bdi>${product}</bdi></li>`)}
                </ul>
                <p class="field"><a class="button plain" href="${next}">${thanks.next}</a></p>`,
            )
          : markup`<p class="soft">${thanks.end}</p>`
      }`,
  };
}

function savedBox({ title, state, hasMedia, refused, link }: SavedReview, texts: PageTexts): Html {
  const { thanks } = texts;
  return card(
    markup`<h2><bdi>${title}</bdi></h2>
      ${notice(
        state === "already" ? "plain" : "good",
        markup`<p>${thanks[state]}</p>
          ${hasMedia && markup`<p>${thanks.media}</p>`}`,
      )}
      ${refused.length > 0 && notice("bad", refusedFiles(refused, texts))}
      ${
        link !== null &&
        markup`<p>
          <a href="${mineLink(link, texts)}"
            >${thanks.see}<span class="sr">: <bdi>${title}</bdi></span></a
          >
        </p>`
      }`,
  );
}

/** The author's page, from the page of the form. */
export function mineLink(token: string, texts: PageTexts): string {
  return `review/mine?${new URLSearchParams({ t: token, locale: texts.lang }).toString()}`;
}
