// Whatever people and shops write, a mail keeps its shape: the same elements with the same attributes as with plain
// words, and no address but our own. Parsed as mail clients parse; a sample is opened in Chromium without any policy.
import { JSDOM } from "jsdom";
import { expect } from "vitest";

import type { Locale } from "../../app/i18n/locales";
import type { MessageContent } from "../../app/journeys/messages";
import { renderMessage } from "../../app/journeys/render-message";
import { launchBrowser, openContext } from "../setup/chromium";

type Next = () => string;
const HOME = "https://kinari.example.jp/";
const STOP = "https://kizuna.test/unsubscribe/1.1.1.abc";
const url = `${HOME}apps/kizuna/review?t=abc`;
const UNSEEN = [/[\r\n]/, /\u202E|\u2066|\u200B/];

function contentsWith(next: Next): MessageContent[] {
  const localized = () => ({ en: next(), ja: next() });
  const request = () => ({
    generation: 1,
    offer: { review: 50 },
    subscribersOnly: true,
    products: [next(), next()],
    url,
  });
  return [
    { kind: "reward_issued", params: { title: localized(), code: next() } },
    { kind: "tier_changed", params: { toTierId: "gold", tier: localized(), isUp: true } },
    { kind: "review_request", params: request() },
    { kind: "review_reminder", params: request() },
    { kind: "review_confirm", params: { product: next(), url } },
    { kind: "review_published", params: { product: next(), points: 50, url } },
    { kind: "review_rejected", params: { product: next(), reason: "spam", canAppeal: true, edit: false, url } },
    { kind: "review_replied", params: { product: next(), reply: next(), url } },
    { kind: "review_message", params: { product: next(), text: next(), noteId: 1, url } },
  ];
}

interface Parsed {
  shape: string[];
  strange: string[];
}
// A window for each mail would cost more than the mail.
const parser = new new JSDOM("").window.DOMParser();

function parse(html: string): Parsed {
  const document = parser.parseFromString(html, "text/html");
  // What fills up the line of the inbox depends on the length of the text.
  for (const filler of document.querySelectorAll("[data-skip-in-text] > *")) filler.remove();
  const elements = [...document.querySelectorAll("*")];
  const addresses = elements.flatMap((element) =>
    ["href", "src", "srcset", "background", "action"].flatMap((name) => element.getAttribute(name) ?? []),
  );
  return {
    shape: elements.map((element) => `${element.tagName} ${element.getAttributeNames().sort().join(" ")}`),
    strange: addresses.filter((address) => address !== STOP && !address.startsWith(HOME)),
  };
}

async function documentsWith(next: Next, locale: Locale): Promise<string[]> {
  const made: string[] = [];
  for (const content of contentsWith(next)) {
    const mail = await renderMessage(content, {
      locale,
      shopName: next(),
      timeZone: "Asia/Tokyo",
      primaryDomain: "kinari.example.jp",
      recipientName: "",
      unsubscribeUrl: STOP,
    });
    for (const never of UNSEEN) expect(mail.subject).not.toMatch(never);
    made.push(mail.html);
  }
  return made;
}

/** Puts all texts through all mails in turn, and expects them to stay texts. @returns the documents, for a browser */
export async function expectInertMails(texts: readonly string[]): Promise<string[]> {
  const shapesOf = async (locale: Locale) =>
    (await documentsWith(() => "plain words", locale)).map((html) => parse(html).shape);
  const plain = { en: await shapesOf("en"), ja: await shapesOf("ja") };
  const filled: string[] = [];
  let used = 0;
  for (let round = 0; used < texts.length; round++) {
    const locale: Locale = round % 2 === 0 ? "en" : "ja";
    // A reply keeps its lines, so more of them would be more elements.
    const documents = await documentsWith(() => (texts[used++ % texts.length] ?? "").replace(/\n/g, " "), locale);
    for (const [index, document] of documents.entries()) {
      const { shape, strange } = parse(document);
      expect(shape).toEqual(plain[locale][index]);
      expect(strange).toEqual([]);
    }
    filled.push(...documents);
  }
  return filled;
}

/** Opens mails in Chromium, touches everything in them, and expects that nothing ran and nothing was fetched. */
export async function expectNoMailRuns(documents: readonly string[]): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const ran: string[] = [];
    page.on("dialog", (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    await page.route("**/*", (route) => {
      const { href } = new URL(route.request().url());
      const at = /^https:\/\/mails\.test\/(\d+)$/.exec(href)?.[1];
      if (at === undefined) ran.push(href);
      return at === undefined
        ? route.abort()
        : route.fulfill({ contentType: "text/html; charset=utf-8", body: documents[Number(at)] ?? "" });
    });
    for (const index of documents.keys()) {
      await page.goto(`https://mails.test/${index}`);
      await page.evaluate(() => {
        for (const element of document.querySelectorAll<HTMLElement>("body *")) {
          element.focus();
          for (const type of ["mouseover", "mouseenter", "pointerenter", "animationend"])
            element.dispatchEvent(new Event(type, { bubbles: true }));
        }
      });
      expect(await page.locator("h1").count()).toBe(1);
    }
    expect(ran).toEqual([]);
  } finally {
    await browser.close();
  }
}
