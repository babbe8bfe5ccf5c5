// GET /proxy/reviews and POST /proxy/review-vote over HTTP, and the blocks' scripts in Chromium against them.
import { createServer, type Server } from "node:http";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { queryShop, type ShopId } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { readShownReviews } from "../../../app/reviews/display/read-shown-reviews.server";
import { firstPage } from "../../../app/reviews/display/shown-query";
import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { insertReviews } from "../../builders/published-reviews";
import { createTestShop } from "../../builders/shop";
import { launchBrowser, openContext } from "../../setup/chromium";
import { useTestDatabase } from "../../setup/postgres";
import { faceOil, publishReviews, valueOf } from "../../storefront/sample-reviews";
import { openStorefront, type StorefrontPages } from "../../storefront/storefront-pages";
import { listening } from "./beside-the-clock";

useTestDatabase();
const SHOP = "reviews-door.myshopify.com";
let shopId: ShopId;
let front: StorefrontPages;
let door: Server;
let origin = "";
let group = "";
let browser: Browser;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  front = await openStorefront({ "product.below": ["reviews"] });
  group = `gid://shopify/Product/${faceOil(front).id}`;
  await insertReviews(
    shopId,
    Array.from({ length: 25 }, (_, at) => ({
      productGid: group,
      rating: at % 5 === 0 ? 2 : 5,
      title: `Review ${at}`,
      body: at === 3 ? "<img src=x onerror=window.hacked=1>{{ shop.name }} 蜂蜜の香り" : "しっとりします。",
      incentivised: at === 3,
      authorEmail: "hanako@example.org",
      answers: at === 4 ? [{ questionId: "fit", optionId: "rich" }] : [],
    })),
  );
  await recountRatings(shopId, new Date(), new AbortController().signal);
  const first = await readShownReviews(shopId, firstPage(group, "helpful"));
  publishReviews(front, faceOil(front), valueOf([...first.reviews], [0, 5, 0, 0, 20]));
  door = createServer((req, res) => {
    // The theme's shop and the database's are two: the door hears of one.
    const [path = "", query = ""] = (req.url ?? "").split("?");
    req.url = `${path}?${signed(new URLSearchParams(query))}`;
    void handleProxy(req, res);
  });
  origin = await listening(door);
  front.pages.sim.appUrl = origin;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  door.close();
  await front.pages.stop();
});

function signed(parameters: URLSearchParams): string {
  parameters.delete("signature");
  parameters.set("shop", SHOP);
  parameters.set("timestamp", String(Math.floor(Date.now() / 1000)));
  parameters.set("signature", signProxyQuery(parameters, env().SHOPIFY_API_SECRET));
  return parameters.toString();
}
const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/proxy/reviews?${query}`, { headers });
const product = () => `product=${faceOil(front).id}`;

describe("GET /proxy/reviews", () => {
  it("E05 answers everybody alike, for a minute, and not twice to who has it", async () => {
    const guest = await get(`${product()}&sort=newest`);
    const shopper = await get(`${product()}&sort=newest&logged_in_customer_id=77`);
    expect(guest.headers.get("cache-control")).toBe("public, max-age=60");
    expect(await shopper.text()).toBe(await guest.clone().text());
    const tag = guest.headers.get("etag") ?? "";
    const again = await get(`${product()}&sort=newest`, { "if-none-match": `W/${tag}` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const { reviews, total, next } = (await guest.json()) as {
      reviews: { title: string }[];
      total: unknown;
      next: string;
    };
    expect(reviews.map(({ title }) => title)).toEqual(Array.from({ length: 10 }, (_, at) => `Review ${24 - at}`));
    expect(total).toEqual({ count: 25, isExact: true });
    expect(next).toMatch(/^[\w-]+$/);
  });

  it("E04 is JSON and nothing else, without an address of a person", async () => {
    const answer = await get(`${product()}&q=${encodeURIComponent("蜂蜜")}`);
    expect([answer.headers.get("content-type"), answer.headers.get("x-content-type-options")]).toEqual([
      "application/json; charset=utf-8",
      "nosniff",
    ]);
    const text = await answer.text();
    expect(text).toContain("{{ shop.name }}");
    expect(text).not.toContain("@");
  });

  it.each([
    "",
    "product=1&product=2",
    "product=abc",
    "list=all",
    "product=1&list=shop",
    "product=1&page=2",
    "product=1&sort=rating",
    "review=0",
    "review=1&product=1",
  ])("refuses “%s”", async (query) => {
    const answer = await get(query);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([400, "private, no-store"]);
  });

  it("has no other shop's reviews, and none that are not shown", async () => {
    const [held = 0] = await insertReviews(shopId, [{ status: "held" }]);
    const other = await insertReviews(await createTestShop(), [{}]);
    for (const id of [held, ...other])
      expect(await (await get(`review=${id}`)).json()).toMatchObject({ outcome: "found", reviews: [] });
  });
});

describe("POST /proxy/review-vote", () => {
  const post = (body: unknown, headers: Record<string, string> = {}, query = "") =>
    fetch(`${origin}/proxy/review-vote?${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-kizuna": "1", ...headers },
      body: JSON.stringify(body),
    });

  it("takes no vote that another site's form could send, and nothing that is no vote", async () => {
    const vote = { reviewId: "999999999", helpful: true, browser: "0123456789abcdef" };
    expect((await post(vote, { "content-type": "text/plain" })).status).toBe(403);
    expect((await post({ ...vote, customerId: "77" })).status).toBe(400);
    expect((await post({ reviewId: "1", helpful: true })).status).toBe(400);
    expect(await (await post(vote)).json()).toEqual({ outcome: "unknown_review" });
  });
});

describe("the list's script", () => {
  async function open(): Promise<{ page: Page; asked: string[] }> {
    const context = await openContext(browser, { viewport: { width: 1024, height: 900 } });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
    const shop = front.pages.tokyo.domain;
    await page.goto(`${front.pages.sim.addresses.storefronts[shop] ?? ""}/en/products/camellia-face-oil`);
    return { page, asked };
  }
  const titles = (page: Page) => page.locator("[data-list] > li h3").allTextContents();

  it("asks nobody before a click, then shows more to the end", async () => {
    const { page, asked } = await open();
    await page.waitForLoadState("networkidle");
    expect(asked.filter((path) => path.startsWith("/apps/") || /reviews\.js|gallery\.js/.test(path))).toEqual([]);
    expect((await titles(page)).length).toBe(10);
    const more = page.getByRole("button", { name: "Show more reviews" });
    await more.click();
    await page.locator("[data-list] > li").nth(19).waitFor();
    await more.click();
    await page.locator("[data-list] > li").nth(24).waitFor();
    await more.waitFor({ state: "hidden" });
    expect(new Set(await titles(page)).size).toBe(25);
    await page.context().close();
  });

  it("filters by stars, words and answers, says how many there are, and clears", async () => {
    const { page } = await open();
    const status = page.locator("[data-status]");
    await page.getByRole("button", { name: /^2 stars/ }).click();
    await page.getByText("5 reviews", { exact: true }).waitFor();
    expect((await titles(page)).length).toBe(5);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.locator("[data-status]", { hasText: "25 reviews" }).waitFor();
    await page.getByRole("searchbox").fill("蜂蜜");
    await page.getByRole("searchbox").press("Enter");
    await page.locator("[data-status]", { hasText: "1 review" }).waitFor();
    expect(await page.locator("[data-list] .kizuna-label").allTextContents()).toEqual([
      "Purchase not verified",
      "Received points for this review",
    ]);
    // E12: what it says is text.
    expect(await page.locator("[data-part=body]").first().textContent()).toContain(
      "<img src=x onerror=window.hacked=1>{{ shop.name }}",
    );
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Feel").selectOption({ label: "Rich" });
    await page.locator("[data-list] > li", { hasText: "Feel: Rich" }).waitFor();
    expect(await titles(page)).toEqual(["Review 4"]);
    await page.getByRole("searchbox").fill("無い言葉");
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator("[data-status]", { hasText: "No reviews match" }).waitFor();
    expect(await status.getAttribute("role")).toBe("status");
    await page.context().close();
  });

  it("takes a vote, shows it, and takes it back", async () => {
    const { page } = await open();
    const card = page.locator("[data-list] > li").first();
    const yes = card.getByRole("button", { name: /^Yes/ });
    await yes.click();
    await card.getByText("Thank you").waitFor();
    expect([await yes.getAttribute("aria-pressed"), await yes.textContent()]).toEqual(["true", "Yes 1"]);
    await yes.click();
    await card.locator("[data-do=yes][aria-pressed=false]").waitFor();
    expect(await yes.textContent()).toBe("Yes 0");
    const votes = await queryShop(shopId, "SELECT FROM review_vote WHERE shop_id = $1", [shopId]);
    expect(votes.length).toBe(0);
    await page.context().close();
  });
});
