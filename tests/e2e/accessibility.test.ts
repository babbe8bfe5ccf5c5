// Nobody is left out: no page of the admin or of the storefront breaks WCAG 2.2 A or AA as far as a program can
// tell, at desktop width and on a phone, in both languages.
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, type Language } from "./pages/admin";
import { eventually } from "./pages/control";
import { adminScreens, makeStory, shopFor, WIDTHS, type Story } from "./pages/screens";
import { Shopper } from "./pages/shopper";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const HEIGHT = 900;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What axe finds on the page and in its frames: "rule: where". */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" > ")} ${failureSummary ?? ""}`),
  );
}

/** Documents on the page, frames included, that are wider than what shows them. */
async function tooWide(page: Page): Promise<string[]> {
  const widths = await Promise.all(
    page
      .frames()
      .map((frame) =>
        frame.evaluate(() => ({ at: location.pathname, by: document.documentElement.scrollWidth - innerWidth })),
      ),
  );
  return widths.filter(({ by }) => by > 0).map(({ at, by }) => `${at}: ${by} px`);
}

async function expectFit(page: Page): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    expect(await violations(page), `${width} px`).toEqual([]);
    expect(await eventually(async () => (await tooWide(page)).join(), "", 2_000), `${width} px`).toBe("");
  }
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
}

describe.each<Language>(["en", "ja"])("in %s", (language) => {
  let story: Story;
  let admin: AdminPage;
  let shopper: Shopper;

  beforeAll(async () => {
    story = await makeStory(browser, language);
    admin = await AdminPage.open(browser, shopFor(language), language);
    shopper = await Shopper.open(browser, shopFor(language));
  });
  afterAll(async () => {
    await Promise.all([admin.close(), shopper.close()]);
  });

  const names = adminScreens(language, {
    email: "",
    name: "",
    product: { id: "", handle: "", title: { en: "", ja: "" }, variants: [] },
  }).map(({ name }) => name);
  it.each(names)("admin: %s", async (name) => {
    const screen = adminScreens(language, story).find((each) => each.name === name);
    await screen?.open(admin);
    await expectFit(admin.page);
  });

  it("storefront: a product that earns", async () => {
    await shopper.visit(`/products/${story.product.handle}`);
    await shopper.page.locator("kizuna-earn p:not([hidden])").waitFor();
    await expectFit(shopper.page);
  });

  it("storefront: the points page of a guest, and of a shopper with their history open", async () => {
    await shopper.visit("/pages/points");
    await shopper.page.locator(".kizuna-points").waitFor();
    await expectFit(shopper.page);
    await shopper.signIn(story.email);
    await eventually(async () => (await shopper.balance()).replace(/[^0-9]/g, "") !== "0", true);
    expect((await shopper.history()).length).toBeGreaterThan(2);
    await expectFit(shopper.page);
  });

  it("opens and closes the history by keyboard, with a focus that shows", async () => {
    await shopper.visit("/pages/points");
    const button = shopper.page.locator("kizuna-history > button");
    const focused = () => button.evaluate((node) => node === document.activeElement);
    for (let presses = 0; presses < 30 && !(await focused()); presses++) await shopper.page.keyboard.press("Tab");
    expect(await focused()).toBe(true);
    expect(await button.evaluate((node) => getComputedStyle(node).outlineStyle)).not.toBe("none");
    await shopper.page.keyboard.press("Enter");
    await shopper.page.locator(".kizuna-history li").first().waitFor();
    expect(await button.getAttribute("aria-expanded")).toBe("true");
    await shopper.page.keyboard.press("Space");
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    expect(await shopper.page.locator(".kizuna-history").isVisible()).toBe(false);
  });
});
