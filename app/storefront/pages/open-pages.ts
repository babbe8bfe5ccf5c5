// Why a product's review page shows no form: reviews are by invitation, somebody has to sign in, or it is done. Pure.
import { markup } from "./html";
import { card, type Page } from "./page-layout";
import { CLEAR_SCRIPT } from "./review-script";
import type { PageTexts } from "./texts";
import { mineLink } from "./thanks-page";

/** Reviews are written through the mail after a purchase. */
export function invitationOnlyPage(texts: PageTexts): Page {
  const { nobodyTitle, nobody } = texts.open;
  return {
    title: nobodyTitle,
    body: markup`<h1>${nobodyTitle}</h1>
      <p>${nobody}</p>`,
  };
}

/** Customers write once they are signed in: about one product, or about what they bought. */
export function signInPage(texts: PageTexts, why: "signIn" | "signInBought"): Page {
  const { signInTitle, signInButton, [why]: text } = texts.open;
  return {
    title: signInTitle,
    body: markup`<h1>${signInTitle}</h1>
      <p>${text}</p>
      <p><a class="button" href="/account/login">${signInButton}</a></p>`,
  };
}

/** Nothing of what they bought has arrived, as far as we know. */
export function nothingBoughtPage(texts: PageTexts): Page {
  const { nothingTitle, nothing } = texts.open;
  return {
    title: nothingTitle,
    body: markup`<h1>${nothingTitle}</h1>
      <p>${nothing}</p>`,
  };
}

/** Everything is reviewed: each review can be seen. */
export function reviewedPage(
  { reviews, draftKey }: { reviews: readonly { key: string; title: string; link: string | null }[]; draftKey: string },
  texts: PageTexts,
): Page {
  const { open, thanks } = texts;
  const title = reviews.length > 1 ? open.alreadyMany : open.already;
  return {
    title,
    script: CLEAR_SCRIPT,
    body: markup`<h1 data-sent="${draftKey}" data-keys="${reviews.map(({ key }) => key).join(" ")}">${title}</h1>
      <p>${open.alreadyText}</p>
      ${reviews.map(({ title: product, link }) =>
        card(
          markup`<h2><bdi>${product}</bdi></h2>
            ${
              link !== null &&
              markup`<p>
                <a href="${mineLink(link, texts)}"
                  >${thanks.see}<span class="sr">: <bdi>${product}</bdi></span></a
                >
              </p>`
            }`,
        ),
      )}`,
  };
}
