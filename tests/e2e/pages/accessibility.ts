// Nobody is left out: no page of the admin or of the storefront breaks WCAG 2.2 A or AA as far as a program can
// tell, at desktop width and on a phone, in both languages.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { violationsOn } from "../../setup/axe";
import { launchBrowser } from "../../setup/chromium";
import { AdminPage, type Language } from "./admin";
import { watchPolicies } from "./content-policy";
import { eventually } from "./control";
import { adminScreens, makeStory, shopFor, storefrontScreens, WIDTHS, type Story } from "./screens";
import { Shopper } from "./shopper";
import { shoot } from "./shots";

const HEIGHT = 900;

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

/** Nothing is wrong at any width; pictures are taken on the way. */
async function expectFit(page: Page, language: Language, name: string, looks: "all" | "frames" = "all"): Promise<void> {
  if (looks === "frames") expect(page.frames().length).toBeGreaterThan(1);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    await shoot(page, `${language}.${name}.${width}`);
    expect(await violationsOn(page, { in: looks }), `${width} px`).toEqual([]);
    expect(await eventually(async () => (await tooWide(page)).join(), "", 15_000), `${width} px`).toBe("");
  }
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
}

const NOBODY: Story = {
  email: "",
  name: "",
  link: "",
  product: { id: "", handle: "", title: { en: "", ja: "" }, variants: [] },
};

/** The tests of one language: a file each, so that they run side by side. */
export function testAccessibility(language: Language): void {
  let browser: Browser;
  let story: Story;
  let admin: AdminPage;
  let guest: Shopper;
  let shopper: Shopper;
  let refused: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
    story = await makeStory(browser, language);
    admin = await AdminPage.open(browser, shopFor(language), language);
    refused = watchPolicies(admin.page);
    guest = await Shopper.open(browser, shopFor(language));
    shopper = await Shopper.open(browser, shopFor(language));
    await shopper.signIn(story.email);
  });
  afterAll(() => browser.close());

  it.each(adminScreens(language, NOBODY).map(({ name }) => name))("admin: %s", async (name) => {
    const screen = adminScreens(language, story).find((each) => each.name === name);
    await screen?.open(admin);
    // Around the app's frame is the same shell on every page.
    await expectFit(admin.page, language, `admin-${name}`, name === "home" ? "all" : "frames");
    expect(refused).toEqual([]);
  });

  const storefront = storefrontScreens(language, NOBODY);
  it.each(storefront.guest.map(({ name }) => name))("storefront: %s", async (name) => {
    await storefrontScreens(language, story)
      .guest.find((each) => each.name === name)
      ?.open(guest);
    await expectFit(guest.page, language, `store-${name}`);
  });
  it.each(storefront.member.map(({ name }) => name))("storefront, signed in: %s", async (name) => {
    await storefrontScreens(language, story)
      .member.find((each) => each.name === name)
      ?.open(shopper);
    await expectFit(shopper.page, language, `store-${name}`);
  });

  it("opens and closes the history by keyboard, with a focus that shows", async () => {
    await shopper.visit("/pages/points");
    const button = shopper.page.locator("kizuna-history > button");
    const focused = () => button.evaluate((node) => node === document.activeElement);
    for (let presses = 0; presses < 60 && !(await focused()); presses++) await shopper.page.keyboard.press("Tab");
    expect(await focused()).toBe(true);
    expect(await button.evaluate((node) => getComputedStyle(node).outlineStyle)).not.toBe("none");
    await shopper.page.keyboard.press("Enter");
    await shopper.page.locator(".kizuna-history li").first().waitFor();
    expect(await button.getAttribute("aria-expanded")).toBe("true");
    await shopper.page.keyboard.press("Space");
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    expect(await shopper.page.locator(".kizuna-history").isVisible()).toBe(false);
  });
}
