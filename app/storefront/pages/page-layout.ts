// The document around a page's content, and the policy that goes with it. Pure.
import type { Locale } from "../../i18n/locales";
import { markup, type Html, type HtmlValue } from "./html";
import { PAGE_STYLE } from "./page-style";
import { textsOf } from "./texts";

/** A page as a door answers it. */
export interface Page {
  title: string;
  body: Html;
  /** Runs once when the page is there; the page works without it. */
  script?: Html;
  /** Origins that pictures on the page come from, beside the page's own. */
  pictures?: readonly string[];
  /** Where the same page stands in the other language, relative; absent: nowhere. */
  otherLanguage?: string;
}
/** What every page knows of the place it is shown at. */
export interface PageFrame {
  locale: Locale;
  /** null: we do not know whose page this is. */
  shopName: string | null;
  nonce: string;
}

/** The whole document. */
export function pageDocument(
  { title, body, script, otherLanguage }: Page,
  { locale, shopName, nonce }: PageFrame,
): Html {
  const other = textsOf(locale).otherLanguage;
  return markup`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no,address=no,email=no" />
        <title>${title}${shopName !== null && ` | ${shopName}`}</title>
        <style nonce="${nonce}">
          ${PAGE_STYLE}
        </style>
      </head>
      <body>
        <header>
          <p><bdi>${shopName ?? ""}</bdi></p>
        </header>
        <main>${body}</main>
        <footer>
          ${otherLanguage !== undefined && markup`<a href="${otherLanguage}" lang="${other.locale}" hreflang="${other.locale}">${other.name}</a>`}
        </footer>
        ${
          script &&
          markup`<script nonce="${nonce}">
            ${script}
          </script>`
        }
      </body>
    </html> `;
}

/** What a page may do: its own style and script, forms and calls to its own shop, and nothing else. */
export function contentPolicy(nonce: string, pictures: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    ["img-src 'self' blob:", ...pictures].join(" "),
    "media-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/** A box that says how it went. */
export function notice(kind: "bad" | "good" | "plain", content: HtmlValue): Html {
  return markup`<div class="notice ${kind}" role="${kind === "bad" ? "alert" : "status"}">${content}</div>`;
}
/** One sentence in a box of its own. */
export function card(content: HtmlValue): Html {
  return markup`<section class="card">${content}</section>`;
}
