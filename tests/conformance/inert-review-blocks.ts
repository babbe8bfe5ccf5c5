// The review blocks on the theme, in a real browser with their own scripts: texts of strangers stay texts in what
// Liquid writes, in what a script adds, and in the dialog that repeats them.
import { expect } from "vitest";

import { openContext, launchBrowser } from "../setup/chromium";
import {
  openHostileBlocks,
  PATHS_OF_BLOCKS,
  PLACES,
  publishTexts,
  reviewsOf,
  skeleton,
} from "../storefront/hostile-blocks";
import type { StorefrontPages } from "../storefront/storefront-pages";

/** Puts all texts through all blocks, and expects pages of the same elements as plain words make. @returns how many pages */
export async function expectInertBlocks(texts: readonly string[]): Promise<number> {
  const front = await openHostileBlocks();
  try {
    let pages = 0;
    for (const path of PATHS_OF_BLOCKS) {
      const plain = await skeleton(front, ["plain words"], path);
      for (let start = 0; start < texts.length; start += PLACES, pages++)
        expect(await skeleton(front, texts.slice(start, start + PLACES), path), `${path} from ${start}`).toBe(plain);
    }
    return pages;
  } finally {
    await front.pages.stop();
  }
}

/** Opens the pages in Chromium, uses every block, and expects that nothing of the texts ran or was fetched. */
export async function expectNothingRunsInBlocks(texts: readonly string[]): Promise<void> {
  const front = await openHostileBlocks();
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const ran: string[] = [];
    page.on("dialog", (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    const { origin } = new URL(originOf(front));
    let added: readonly string[] = [];
    const used = { cards: 0, dialogs: 0 };
    await page.route("**/*", async (route) => {
      const url = new URL(route.request().url());
      if (url.pathname.endsWith("/apps/kizuna/reviews")) return route.fulfill({ json: moreReviews(added) });
      if (url.origin === origin || url.protocol === "data:") return route.continue();
      ran.push(url.href);
      return route.abort();
    });
    for (let start = 0; start < texts.length; start += PLACES) {
      added = texts.slice(start, start + PLACES);
      publishTexts(front, added);
      for (const path of PATHS_OF_BLOCKS) {
        await page.goto(origin + path);
        const tags = () =>
          page.locator("li.kizuna-review :is(script, iframe, style, object, embed, svg, form)").count();
        expect(await tags()).toBe(0);
        const more = page.locator("kizuna-reviews button[data-stars]").first();
        if ((await more.count()) > 0) {
          // Cards of a script instead of those of Liquid.
          await more.click();
          await page.locator("li.kizuna-review[data-review='1001']").first().waitFor();
          used.cards++;
          expect(await tags()).toBe(0);
        }
        const picture = page.locator("a.kizuna-thumb").first();
        if ((await picture.count()) > 0) {
          await picture.press("Enter");
          await page.locator("dialog.kizuna-lightbox[open] [data-stage] > *").first().waitFor();
          used.dialogs++;
        }
        await page.evaluate(() => {
          for (const element of document.querySelectorAll<HTMLElement>("main *")) {
            for (const type of ["mouseover", "mouseenter", "pointerenter", "animationend", "toggle", "focus"])
              element.dispatchEvent(new Event(type, { bubbles: true }));
          }
        });
      }
    }
    expect(ran).toEqual([]);
    const rounds = Math.ceil(texts.length / PLACES);
    expect(used).toEqual({ cards: 2 * rounds, dialogs: 3 * rounds });
  } finally {
    await browser.close();
    await front.pages.stop();
  }
}

function moreReviews(texts: readonly string[]) {
  const reviews = reviewsOf(texts).map((review) => ({ ...review, id: String(1_000 + Number(review.id)) }));
  return { outcome: "found", reviews, total: { count: reviews.length, isExact: true }, next: null };
}

function originOf({ pages: { sim, tokyo } }: StorefrontPages): string {
  return sim.addresses.storefronts[tokyo.domain] ?? "";
}
