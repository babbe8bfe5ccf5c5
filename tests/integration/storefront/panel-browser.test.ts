// The panel's scripts in Chromium against the real doors: what they send is understood, what comes is shown.
import { EventEmitter, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { listRewards } from "../../../app/loyalty/rewards/list-rewards.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { launchBrowser, openContext } from "../../setup/chromium";
import { useTestDatabase } from "../../setup/postgres";
import { sampleRules } from "../../storefront/sample-program";
import { openStorefront, type StorefrontPages } from "../../storefront/storefront-pages";
import { CODE_TERMS, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";
import { besideTheClock, listening } from "./beside-the-clock";

const database = useTestDatabase();
let shop: RedemptionShop;
let front: StorefrontPages;
let servers: Server[] = [];
let browser: Browser;
let member: Awaited<ReturnType<RedemptionShop["member"]>>;
/** Whom the door takes the signed-in shopper for. */
let acting: typeof member;

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), sampleRules());
  member = await shop.member(1_240);
  acting = member;
  const terms = {
    kind: "points_off",
    ...CODE_TERMS,
    pointsPerStep: 10,
    minorPerStep: 10,
    pointsMax: 5_000,
    appliesTo: null,
    worthMore: "limit",
  } as const;
  await shop.reward(terms, { points: 100 });
  front = await openStorefront({ "page.points": ["points-panel"], cart: ["earn-in-cart"], embeds: ["launcher"] });
  front.publish(sampleRules(), await listRewards(shop.shopId, { forShoppers: true }));
  front.own({ balance: 1_240 });
  // The theme's shop and the platform's are two simulators: the door hears of one shop and one member.
  const door = createServer((req, res) => {
    const [path = "", query = ""] = (req.url ?? "").split("?");
    const parameters = new URLSearchParams(query);
    parameters.set("shop", DOMAIN);
    if (parameters.get("logged_in_customer_id")) parameters.set("logged_in_customer_id", acting.customerId);
    parameters.set("signature", signProxyQuery(parameters, env().SHOPIFY_API_SECRET));
    req.url = `${path}?${parameters.toString()}`;
    void handleProxy(req, res);
  });
  front.pages.sim.appUrl = await listening(door);
  const clock = besideTheClock(shop.platform.address, () => shop.now);
  env().SHOPIFY_SIMULATOR_URL = await listening(clock);
  servers = [door, clock];
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await front.pages.stop();
  await shop.stop();
});

async function signIn(prefix: string): Promise<Page> {
  const { sim, tokyo } = front.pages;
  const origin = sim.addresses.storefronts[tokyo.domain] ?? "";
  const page = await (await openContext(browser, { locale: "en-US" })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${origin}${prefix}/account/login`);
  await page.locator("#email").fill("hina@example.com");
  await page.locator("main form.stack button").click();
  await page.waitForURL((url) => !url.pathname.endsWith("/login"));
  await page.goto(`${origin}${prefix}/pages/points`);
  return page;
}

/** What a page will say; slow machines take their time. */
const soon = (read: () => Promise<string>) => expect.poll(read, { timeout: 60_000 });

describe("the panel in a browser", () => {
  it("chooses points with the keyboard alone, gets one code for a lost answer, and gives it back", async () => {
    const page = await signIn("/en");
    await page.locator("[data-choose]").focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Home");
    expect(await page.locator("[data-slot=effect]").innerText()).toBe("−¥100");
    await page.keyboard.press("Tab");
    await page.keyboard.type("345");
    await page.keyboard.press("Enter");
    expect(await page.locator("[data-slot=problem]").innerText()).toContain("within the limits");
    await page.locator("[data-field=number]").fill("340");
    // The first answer is lost on the way: the second press is the same wish.
    let lost = 0;
    await page.route("**/apps/kizuna/redeem*", async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.locator("[data-do=confirm]").click();
    await soon(() => page.locator("[data-slot=problem]").innerText()).toContain("try again");
    await page.locator("[data-do=confirm]").click();
    await page.locator("kizuna-redeem [data-part=done]:not([hidden])").waitFor();
    const code = await page.locator("kizuna-redeem [data-slot=code]").innerText();
    expect(code.length).toBeGreaterThan(15);
    expect(await page.locator("kizuna-redeem [data-slot=apply]").getAttribute("href")).toBe(
      `/en/discount/${code}?redirect=${encodeURIComponent("/en/cart")}`,
    );
    expect(await shop.balance(member.memberId)).toMatchObject({ available: 900, reserved: 340 });
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.hasAttribute("data-choose"))).toBe(true);
    expect(await page.locator("[data-kizuna-balance]").innerText()).toBe("900 points");

    await page.locator("kizuna-codes > button").click();
    await page.locator(".kizuna-codes code").waitFor();
    expect(await page.locator(".kizuna-codes code").innerText()).toBe(code);
    const back = page.getByRole("button", { name: /^Give it back/ });
    await back.click();
    await back.click();
    await soon(() => page.locator(".kizuna-codes [role=status]").last().innerText()).toContain("Given back");
    await page.context().close();
  });

  it("tells a birthday, makes the personal link, follows, and joins, in Japanese", async () => {
    const page = await signIn("");
    await page.locator("kizuna-birthday [name=month]").selectOption("3");
    await page.locator("kizuna-birthday [name=day]").selectOption("14");
    await page.locator("kizuna-birthday button").click();
    await soon(() => page.locator("kizuna-birthday [data-said]").innerText()).toContain("3月14日");
    await page.locator("kizuna-copy button").click();
    await soon(() => page.locator("kizuna-copy input").inputValue()).toMatch(/\/pages\/points\?ref=[\w-]+$/);
    await page.context().route("https://instagram.example/**", (route) => route.fulfill({ body: "ok" }));
    await page.locator("kizuna-social a").click();
    await soon(() => page.locator("kizuna-social [data-said]").innerText()).toContain("ありがとうございます");
    await page.locator("kizuna-history button").first().click();
    await page.locator(".kizuna-history li").first().waitFor();
    await page.locator("kizuna-join button").click();
    await soon(() => page.locator("kizuna-join [data-said]").innerText()).toMatch(
      /会員になりました|うまくいきませんでした/,
    );
    await page.context().close();
  });

  it("welcomes a shopper by their first visit, asks once, and moves nothing on the page", async () => {
    const ways = [{ id: "join", kind: "join" as const, enabled: true, points: 100, holdDays: 0, by: "visit" as const }];
    await saveProgram(shop.shopId, { ways }, "staff:1", shop.now);
    front.publish(sampleRules({ ways }), []);
    front.own({ balance: 0 });
    acting = await shop.member(0);
    const guest = await (await openContext(browser, { locale: "en-US" })).newPage();
    const asked: string[] = [];
    const listen = (page: Page) =>
      page.on("request", (request) => {
        if (request.url().includes("/apps/kizuna/")) asked.push(request.postData() ?? request.url());
      });
    listen(guest);
    const { sim, tokyo } = front.pages;
    const origin = sim.addresses.storefronts[tokyo.domain] ?? "";
    await guest.goto(`${origin}/en/pages/points`);
    await guest.waitForLoadState("networkidle");
    expect(asked).toEqual([]);
    await guest.context().close();

    const page = await signIn("/en");
    await page.evaluate(() => localStorage.clear());
    listen(page);
    // The answer waits until the places of everything are noted.
    const noted = new EventEmitter();
    const mayAnswer = once(noted, "places");
    await page.route("**/apps/kizuna/join*", async (route) => {
      await mayAnswer;
      await route.continue();
    });
    const places = () =>
      page
        .locator("main *:not(kizuna-join[data-visit], kizuna-join[data-visit] *)")
        .evaluateAll((all) => all.map((each) => JSON.stringify(each.getBoundingClientRect())));
    acting = await shop.member(0);
    await page.reload();
    await page.waitForLoadState();
    const before = await places();
    noted.emit("places");
    // It fades by itself: what was said counts, not whether it still shows.
    await page.locator(".kizuna-toast").waitFor({ state: "attached" });
    expect(await page.locator(".kizuna-toast").textContent()).toBe("Welcome. You are a member now.");
    expect(asked).toEqual([JSON.stringify({ how: "visit" })]);
    expect(await places()).toEqual(before);
    expect(await shop.balance(acting.memberId)).toMatchObject({ available: 100 });
    // The metafield follows a moment later: until then the browser remembers.
    await page.reload();
    await page.waitForLoadState("networkidle");
    expect(asked).toHaveLength(1);
    await page.context().close();
    acting = member;
  });

  it("follows the cart when the theme changes it without a reload", async () => {
    const page = await signIn("/en");
    const { origin } = new URL(page.url());
    const [product] = Object.values(front.pages.tokyo.products);
    const items = [{ id: Number(product?.variants[0]?.id), quantity: 1 }];
    await page.request.post(`${origin}/cart/add.js`, { data: { items } });
    await page.goto(`${origin}/en/cart`);
    const line = page.locator("kizuna-cart-earn [data-points]");
    const before = Number(await line.getAttribute("data-points"));
    await page.evaluate(async () => {
      const body = JSON.stringify({ line: 1, quantity: 3 });
      await fetch("/cart/change.js", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    });
    await soon(async () => (await line.getAttribute("data-points")) ?? "").toBe(String(before * 3));
    await page.context().close();
  });

  it("opens and closes the launcher with the keyboard, and keeps it away once dismissed", async () => {
    const page = await signIn("/en");
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/en`);
    await page.locator("[data-do=open]").focus();
    await page.keyboard.press("Enter");
    await page.locator("kizuna-launcher dialog[open]").waitFor();
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      const isInside = () =>
        document.activeElement === document.body || document.activeElement?.closest("dialog") !== null;
      expect(await page.evaluate(isInside)).toBe(true);
    }
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-do"))).toBe("open");
    await page.locator("[data-do=hide]").click();
    await page.locator("kizuna-launcher").waitFor({ state: "hidden" });
    await page.reload();
    expect(await page.locator("kizuna-launcher").isHidden()).toBe(true);
    await page.context().close();
  });
});
