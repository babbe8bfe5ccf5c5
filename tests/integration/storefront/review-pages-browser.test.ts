// The review pages in Chromium against the real doors: with scripts and without, in English on a desktop and in
// Japanese on a phone, by hand and by keyboard, and nobody left out.
import { createServer, type Server } from "node:http";

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { queryShop } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { handleMedia } from "../../../app/server/media.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { launchBrowser, openContext } from "../../setup/chromium";
import { useTestDatabase } from "../../setup/postgres";
import { listening } from "./beside-the-clock";
import { ReviewSite, sentenceOf, type Invitation } from "./review-site";

useTestDatabase();
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
let site: ReviewSite;
let front: Server;
let origin = "";
let browser: Browser;
let photo: Buffer;

beforeAll(async () => {
  site = await ReviewSite.open("pages-browser.myshopify.com", { name: "雲の茶屋" });
  // The shop's own domain: what lies below /apps/kizuna/ is signed and handed on.
  front = createServer((req, res) => {
    const [path = "", query = ""] = (req.url ?? "").split("?");
    if (path.startsWith("/media/")) return void handleMedia(req, res, path);
    const signed = new URL(site.url(path.replace("/apps/kizuna/", ""), Object.fromEntries(new URLSearchParams(query))));
    req.url = signed.pathname + signed.search;
    void handleProxy(req, res);
  });
  origin = await listening(front);
  env().SHOPIFY_APP_URL = origin;
  browser = await launchBrowser();
  photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#77aa55" } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => front.close(resolve));
  await site.close();
});

const SEATS = {
  en: { locale: "en-US", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  ja: { locale: "ja-JP", viewport: { width: 320, height: 640 }, colorScheme: "light" },
} as const;

async function open(
  language: keyof typeof SEATS,
  javaScriptEnabled: boolean,
): Promise<{ page: Page; problems: string[] }> {
  const page = await (await openContext(browser, { ...SEATS[language], javaScriptEnabled })).newPage();
  page.setDefaultTimeout(90_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  // What the page's own policy refuses is said here.
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && problems.push(message.text()));
  return { page, problems };
}
const visit = (page: Page, path: string) => page.goto(`${origin}/apps/kizuna/${path}`);

/** Nothing is wrong with the page, and nothing of it is wider than what shows it. */
async function expectFit(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`),
    name,
  ).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
}
const stored = ({ productGids }: Invitation) =>
  queryShop<{ rating: number; body: string; media: number; alt: string | null }>(
    site.shopId,
    `SELECT r.rating, r.body, count(m.id)::int AS media, min(m.alt) AS alt FROM review r
       LEFT JOIN review_media m ON m.shop_id = r.shop_id AND m.review_id = r.id AND m.status = 'ready'
      WHERE r.shop_id = $1 AND r.product_gid = ANY ($2) GROUP BY r.shop_id, r.id ORDER BY r.id`,
    [site.shopId, productGids],
  );

describe("a shopper reviews what they bought", () => {
  it.each(["en", "ja"] as const)("without JavaScript, in %s", async (language) => {
    const invited = await site.invite(["朝の煎茶", "Kettle"], { locale: language, name: "田中 花子" });
    const { page } = await open(language, false);
    await visit(page, `review?t=${invited.token}&s=4`);
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    const [first = "", second = ""] = invited.keys;
    expect(await page.locator(`#rating-${first}-4`).isChecked()).toBe(true);
    await page.locator(`#body-${first}`).fill(sentenceOf(first));
    await page.locator(`#photo-${first}`).setInputFiles({ name: "庭.png", mimeType: "image/png", buffer: photo });
    await page.locator("button.send").click();
    // The licence was forgotten: everything is still there, the photo included.
    await page.locator("#licence-error").waitFor();
    expect(await page.locator(`#body-${first}`).inputValue()).toBe(sentenceOf(first));
    await page.locator("li[data-id] img").waitFor();
    await page.locator("[name=licence]").check();
    await page.locator("button.send").click();
    await page.locator("[data-sent]").waitFor();
    expect(await stored(invited)).toEqual([{ rating: 4, body: sentenceOf(first), media: 1, alt: "" }]);
    await page.locator("a.button").click();
    await page.locator(`label[for="rating-${second}-2"]`).click();
    await page.locator("button.send").click();
    await page.locator("[data-sent]").waitFor();
    expect((await stored(invited)).map(({ rating }) => rating)).toEqual([4, 2]);
    await page.locator("a[href^='review/mine']").click();
    await page.locator(".badge").waitFor();
    await page.locator("summary").last().click();
    await page.locator("[name=sure]").check();
    await page.locator("button.danger").click();
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    expect(
      (
        await queryShop(site.shopId, "SELECT FROM review WHERE shop_id = $1 AND status = 'deleted' AND line_id = $2", [
          site.shopId,
          invited.lineIds[1],
        ])
      ).length,
    ).toBe(1);
    await page.context().close();
  });

  it.each(["en", "ja"] as const)("with JavaScript, by keyboard, and after a reload, in %s", async (language) => {
    const invited = await site.invite(["夜のほうじ茶", "Tin"], { locale: language });
    const { page, problems } = await open(language, true);
    await visit(page, `review?t=${invited.token}`);
    const [first = "", second = ""] = invited.keys;
    // Of several products each unfolds once it has stars.
    expect(await page.locator(`#body-${first}`).isVisible()).toBe(false);
    await page.locator(`#rating-${first}-1`).focus();
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press("ArrowRight");
    expect(await page.locator(`#rating-${first}-5`).isChecked()).toBe(true);
    await page.locator(`#body-${first}`).fill(sentenceOf(`script ${first}`));
    expect(await page.locator("[data-licence]").isVisible()).toBe(false);
    await expectFit(page, `${language} form`);
    await page.reload();
    await page.locator("form .notice").waitFor();
    expect(await page.locator(`#body-${first}`).inputValue()).toBe(sentenceOf(`script ${first}`));
    expect(await page.locator(`#rating-${first}-5`).isChecked()).toBe(true);
    await page.locator(`#photo-${first}`).setInputFiles([
      { name: "garden.png", mimeType: "image/png", buffer: photo },
      { name: "drawing.svg", mimeType: "image/png", buffer: Buffer.from("<svg onload='alert(1)'>") },
    ]);
    await page.locator("li[data-bad]").waitFor();
    await page.locator("input[name^='alt.']").fill("A green garden");
    await expectFit(page, `${language} files`);
    await page.locator("[name=licence]").check();
    await page.locator("button.send").click();
    await page.locator("[data-sent]").waitFor();
    expect(await stored(invited)).toEqual([
      { rating: 5, body: sentenceOf(`script ${first}`), media: 1, alt: "A green garden" },
    ]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await expectFit(page, `${language} thanks`);
    await page.locator("a[href^='review/mine']").click();
    await page.locator(".badge").waitFor();
    await page.locator("summary").first().click();
    await expectFit(page, `${language} own page`);
    await visit(page, `review?t=${invited.token}`);
    expect(await page.locator(`#rating-${second}-1`).isChecked()).toBe(false);
    await visit(page, "review?t=x");
    await expectFit(page, `${language} problem`);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
