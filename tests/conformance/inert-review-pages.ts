// Whatever people write, the review pages keep their shape: the same elements with the same attributes as with plain
// words, and nothing that runs. Parsed as browsers parse; a sample is opened in Chromium without any policy.
import { JSDOM } from "jsdom";
import { expect } from "vitest";

import type { Locale } from "../../app/i18n/locales";
import { DEFAULT_REVIEW_SETTINGS, questionSchema } from "../../app/reviews/review-settings";
import { askConfirmPage, confirmedPage, reportPage } from "../../app/storefront/pages/done-pages";
import { minePage, type MineView } from "../../app/storefront/pages/mine-page";
import { invitationOnlyPage, reviewedPage, nothingBoughtPage, signInPage } from "../../app/storefront/pages/open-pages";
import { pageDocument, type Page } from "../../app/storefront/pages/page-layout";
import { problemPage } from "../../app/storefront/pages/problem-page";
import { reviewForm, type FormSection } from "../../app/storefront/pages/review-form";
import { textsOf } from "../../app/storefront/pages/texts";
import { thanksPage } from "../../app/storefront/pages/thanks-page";
import { launchBrowser, openContext } from "../setup/chromium";

type Next = () => string;
const PICTURE = "https://kizuna.test/media/1/aaaaaaaaaaaaaaaaaaaaaa/w320.webp";

function section(key: string, next: Next): FormSection {
  const label = () => ({ en: next(), ja: next() });
  const question = {
    id: "fit",
    kind: "choice",
    label: label(),
    options: [],
    productTypes: [],
    aboutAuthor: false,
  } as const;
  const options = [
    { id: "a", label: label() },
    { id: "b", label: label() },
  ];
  return {
    key,
    title: next(),
    questions: [
      {
        ...questionSchema.parse({
          ...question,
          label: { en: "x", ja: "x" },
          options: [
            { id: "a", label: { en: "x", ja: "x" } },
            { id: "b", label: { en: "x", ja: "x" } },
          ],
        }),
        label: label(),
        options,
      },
    ],
    values: { rating: 3, texts: { title: next(), body: next(), pros: next(), cons: next() }, answers: { fit: "a" } },
    errors: { body: "too_long" },
    media: {
      ticket: next(),
      photos: true,
      videos: true,
      kept: [{ mediaId: 7, kind: "photo", url: PICTURE, alt: next() }],
      refused: [{ name: next(), why: "broken" }],
    },
  };
}

function formPage(next: Next, locale: Locale): Page {
  const sections = Array.from({ length: 8 }, (_, index) => section(String(index + 1), next));
  const body = reviewForm(
    {
      shopName: next(),
      sections,
      hidden: { t: next() },
      draftKey: next(),
      name: next(),
      nameHint: next(),
      email: { value: next(), isWrong: true },
      isNameMissing: false,
      licence: { isChecked: false, isMissing: true },
      promise: [{ kind: "review", points: next() }],
      standing: "confirm",
      problem: "problems",
      saved: [next(), next()],
      leftOver: 1,
    },
    textsOf(locale),
  );
  return { title: next(), body, otherLanguage: `review?t=${encodeURIComponent(next())}` };
}

function ownPage(next: Next, locale: Locale): Page {
  const { key, title, questions, values } = section("9", next);
  const file = { mediaId: 8, kind: "photo", url: PICTURE, alt: next(), isViewed: false } as const;
  const view: MineView = {
    token: next(),
    title,
    shopName: next(),
    status: "rejected",
    rating: 2,
    content: { rating: 2, title: next(), body: next(), pros: next(), cons: next(), answers: [], authorName: next() },
    holdReasons: ["link"],
    ending: "expires",
    heldUntil: next(),
    hasWaitingEdit: true,
    hasWaitingMedia: true,
    rejectReason: "off_topic",
    appeal: null,
    reply: next(),
    thumbs: [file],
    said: null,
    problem: "appeal",
    appealText: next(),
    edit: {
      key,
      title,
      questions,
      values,
      shopName: next(),
      photos: DEFAULT_REVIEW_SETTINGS.media.photos,
      videos: true,
      own: [file],
      ticket: next(),
      name: next(),
      errors: {},
      kept: [file],
      refused: [{ name: next(), why: "too_large" }],
      isLicensed: true,
      isLicenceMissing: true,
    },
  };
  return minePage(view, textsOf(locale), []);
}

function otherPages(next: Next, locale: Locale): Page[] {
  const texts = textsOf(locale);
  const fields = new Map([
    ["body.1", [next()]],
    ["title.1", [next(), next()]],
    ["t", [next()]],
  ]);
  const review = { rating: 4, title: next(), body: next(), authorName: next() };
  return [
    problemPage("unavailable", texts, fields),
    problemPage("link", texts, fields),
    thanksPage(
      {
        saved: [
          {
            key: next(),
            title: next(),
            state: "held",
            hasMedia: true,
            refused: [{ name: next(), why: "broken" }],
            link: next(),
          },
        ],
        left: [next()],
        next: `review?t=${encodeURIComponent(next())}`,
        draftKey: next(),
      },
      texts,
    ),
    reviewedPage({ reviews: [{ key: next(), title: next(), link: next() }], draftKey: next() }, texts),
    reportPage(
      {
        hidden: { review: next(), key: next() },
        review,
        reason: next(),
        text: next(),
        isReasonMissing: true,
        isStale: true,
      },
      texts,
    ),
    askConfirmPage(next(), next(), texts),
    confirmedPage(next(), "held", texts),
    signInPage(texts, "signIn"),
    signInPage(texts, "signInBought"),
    nothingBoughtPage(texts),
    invitationOnlyPage(texts),
  ];
}

/** One set of all pages, each place filled with the next text. @returns the documents */
function documentsWith(next: Next, locale: Locale): string[] {
  const pages = [formPage(next, locale), ownPage(next, locale), ...otherPages(next, locale)];
  return pages.map((page) => pageDocument(page, { locale, shopName: next(), nonce: "bm9uY2U=" }).toString());
}

interface Parsed {
  /** The elements with the names of their attributes, in their order. */
  shape: string[];
  /** Addresses that the document would load or lead to, other than our own. */
  strange: string[];
}
const ADDRESSES = ["href", "src", "action", "formaction", "data", "poster", "srcdoc"];
const OWN_ADDRESS = /^(\/account\/login|(review|review\/mine|mine|confirm|report)(\?|$))/;

function parse(html: string): Parsed {
  const elements = [...new JSDOM(html).window.document.querySelectorAll("*")];
  const addresses = elements.flatMap((element) => ADDRESSES.map((name) => element.getAttribute(name)));
  return {
    shape: elements.map((element) => `${element.tagName} ${element.getAttributeNames().sort().join(" ")}`),
    strange: addresses.flatMap((value) =>
      value === null || value === PICTURE || OWN_ADDRESS.test(value) ? [] : [value],
    ),
  };
}

/** Puts all texts through all pages in turn, and expects them to stay texts. @returns the documents, for a browser */
export function expectInert(texts: readonly string[]): string[] {
  const plain = {
    en: documentsWith(() => "plain words", "en").map(parse),
    ja: documentsWith(() => "plain words", "ja").map(parse),
  };
  const filled: string[] = [];
  let used = 0;
  for (let round = 0; used < texts.length; round++) {
    const locale: Locale = round % 2 === 0 ? "en" : "ja";
    const documents = documentsWith(() => texts[used++ % texts.length] ?? "", locale);
    for (const [index, document] of documents.entries()) {
      const { shape, strange } = parse(document);
      expect(shape).toEqual(plain[locale][index]?.shape);
      expect(strange).toEqual([]);
    }
    filled.push(...documents);
  }
  return filled;
}

/** Opens documents in Chromium, touches everything on them, and expects that nothing of theirs ran. */
export async function expectNothingRuns(documents: readonly string[]): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const ran: string[] = [];
    page.on("dialog", (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    // A picture or a call to anywhere would be a trace of something that ran.
    await page.route("**/*", (route) => {
      const { href } = new URL(route.request().url());
      if (href !== PICTURE && !href.startsWith("https://pages.test/")) ran.push(href);
      const isPage = href.startsWith("https://pages.test/");
      return isPage
        ? route.fulfill({
            contentType: "text/html; charset=utf-8",
            body: documents[Number(href.slice(href.lastIndexOf("/") + 1))] ?? "",
          })
        : route.abort();
    });
    for (const index of documents.keys()) {
      await page.goto(`https://pages.test/${index}`);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
        for (const element of document.querySelectorAll<HTMLElement>("body *")) {
          element.focus();
          for (const type of ["mouseover", "mouseenter", "pointerenter", "animationend", "toggle"])
            element.dispatchEvent(new Event(type, { bubbles: true }));
        }
      });
      expect(await page.locator("main h1").count()).toBe(1);
    }
    expect(ran).toEqual([]);
  } finally {
    await browser.close();
  }
}
