// The app inside the admin, in browsers that partition third-party storage and in those that refuse it.
import type { Browser, Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, ensureStarted, WORDS } from "./pages/admin";
import { watchPolicies } from "./pages/content-policy";
import { eventually, shopIn } from "./pages/control";
import { STACK } from "./pages/running-stack";

const { nav, earning, members, settings, deliveries, home } = WORDS.en;
const shop = shopIn("USD");

function frameOf({ page }: AdminPage): Frame {
  const found = page.frames().find((each) => each.url().startsWith(STACK.tunnel));
  if (!found) throw new Error("the app's frame is not there");
  return found;
}

describe.each([
  { storage: "refused", partitioned: false },
  { storage: "partitioned", partitioned: true },
])("the app in a frame whose storage is $storage", ({ storage, partitioned }) => {
  let browser: Browser;
  let admin: AdminPage;
  let refused: string[];

  const frame = () => frameOf(admin);
  const mark = () => frame().evaluate(() => Object.assign(window, { kizunaMark: true }) && undefined);
  const isMarked = () => frame().evaluate(() => "kizunaMark" in window);

  beforeAll(async () => {
    browser = await launchBrowser({ partitioned });
    await ensureStarted(browser, shop);
    admin = await AdminPage.open(browser, shop, "en");
    refused = watchPolicies(admin.page);
    await admin.visit("");
    await admin.sees(home.title);
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    expect(refused).toEqual([]);
    await browser.close();
  });

  it("loads, with storage as this browser has it", async () => {
    const found = await frame().evaluate(() => {
      try {
        sessionStorage.setItem("probe", "1");
        return "partitioned";
      } catch {
        return "refused";
      }
    });
    expect(found).toBe(storage);
  });

  it("follows the menu without loading the document again", async () => {
    await mark();
    await admin.menu(nav.members);
    await admin.sees(members.title);
    await admin.menu(nav.program);
    await admin.sees(earning.title);
    await admin.page.waitForURL("**/apps/kizuna/app/program/earning*");
    expect(await isMarked()).toBe(true);
  });

  it("comes back to a deep page after a reload, also through the page that fetches a new token", async () => {
    await admin.menu(nav.settings);
    await admin.sees(settings.title);
    await admin.app.getByRole("link", { name: settings.health.deliveries }).click();
    await admin.sees(deliveries.title);
    await admin.page.reload();
    await admin.sees(deliveries.title);

    const withoutToken = new URL(frame().url());
    withoutToken.searchParams.delete("id_token");
    const asked = (name: string, path: string) =>
      admin.page.waitForRequest((request) => {
        const { pathname, searchParams } = new URL(request.url());
        return pathname === path && searchParams.has(name);
      });
    const bounced = asked("shopify-reload", "/auth/session-token");
    const back = asked("id_token", withoutToken.pathname);
    await frame().evaluate((url) => location.assign(url), withoutToken.href);
    await bounced;
    await (await back).response();
    await admin.sees(deliveries.title);
    expect(admin.page.url()).toContain("/apps/kizuna/app/settings/deliveries");
  });

  it("shows the save bar for a change and takes the change back on Discard", async () => {
    await admin.menu(nav.program);
    await admin.sees(earning.title);
    const points = admin.app.getByLabel(earning.rate.points);
    const saved = await points.inputValue();
    await points.fill("77");
    await admin.saveBar.waitFor();
    await admin.discard();
    await admin.saveBar.waitFor({ state: "detached" });
    expect(await points.inputValue()).toBe(saved);
  });

  it("asks before unsaved changes are left behind", async () => {
    const points = admin.app.getByLabel(earning.rate.points);
    await points.fill("78");
    await admin.saveBar.waitFor();
    await admin.menu(nav.members);
    await admin.page.getByRole("button", { name: admin.words.stay }).click();
    expect(await points.inputValue()).toBe("78");
    await admin.saveBar.waitFor();

    await admin.menu(nav.members);
    await admin.page.getByRole("button", { name: admin.words.leave }).click();
    await admin.sees(members.title);
    await admin.saveBar.waitFor({ state: "detached" });
  });
});

interface BridgeWindow extends Window {
  shopify: { idToken(): Promise<string> };
}

describe("what somebody slipped into a page", () => {
  let browser: Browser;
  let admin: AdminPage;
  let refused: string[];
  let ran: string[];
  const SLIPPED = [
    `<script>console.log("ran: inline")</script>`,
    `<script nonce="AAAAAAAAAAAAAAAAAAAAAA==">console.log("ran: another nonce")</script>`,
    `<script src="data:text/javascript,console.log('ran: data')"></script>`,
    `<script src="https://cdn.shopify.com/s/files/1/0001/files/slipped.js"></script>`,
  ].join("");
  const refusals = (least: number) => eventually(() => Promise.resolve(refused.length >= least), true);

  beforeAll(async () => {
    browser = await launchBrowser();
    await ensureStarted(browser, shop);
  });
  beforeEach(async () => {
    admin = await AdminPage.open(browser, shop, "en");
    refused = watchPolicies(admin.page);
    ran = [];
    admin.page.on("console", (message) => {
      if (message.text().startsWith("ran: ")) ran.push(message.text());
    });
  });
  afterEach(() => admin.close());
  afterAll(() => browser.close());

  it("E12 does not run, while the page itself does", async () => {
    await admin.visit("/app/members");
    await admin.sees(members.title);
    await frameOf(admin).evaluate(() => {
      const script = (make: (element: HTMLScriptElement) => void) => {
        const element = document.createElement("script");
        make(element);
        document.body.append(element);
      };
      script((element) => (element.textContent = `console.log("ran: inline")`));
      script((element) => (element.src = `data:text/javascript,console.log("ran: data")`));
      script((element) => (element.src = "https://cdn.shopify.com/s/files/1/0001/files/slipped.js"));
      const box = document.createElement("div");
      box.innerHTML =
        `<img src="data:," alt="" onerror="console.log('ran: handler')">` +
        `<a href="javascript:console.log('ran: address')">address</a>`;
      document.body.append(box);
      box.querySelector("a")?.click();
    });
    expect(await refusals(5)).toBe(true);
    await admin.menu(nav.settings);
    await admin.sees(settings.title);
    expect(ran).toEqual([]);
    expect(refused.filter((each) => !each.includes("script-src 'self' 'nonce-"))).toEqual([]);
  });

  // App Bridge asks with the token it has just got, and shows the answer in place of the page that got it.
  it("E12 does not run in a page that is written into the one that fetched a token", async () => {
    await admin.visit("/app/settings");
    await admin.sees(settings.title);
    const { origin, search } = new URL(frameOf(admin).url());
    await frameOf(admin).goto(`${origin}/auth/session-token${search}`);
    await eventually(() => frameOf(admin).evaluate(() => "shopify" in window), true);
    await frameOf(admin).evaluate(
      async ({ address, slipped }) => {
        const { shopify } = window as unknown as BridgeWindow;
        const headers = { Authorization: `Bearer ${await shopify.idToken()}`, "X-Shopify-Bounce": "1" };
        const html = await (await fetch(address, { headers })).text();
        history.replaceState(null, "", address);
        document.open();
        document.write(html.replace("</head>", `${slipped}</head>`));
        document.close();
      },
      { address: `${origin}/app/members${search}`, slipped: SLIPPED },
    );
    await admin.sees(members.title);
    expect(await refusals(4)).toBe(true);
    expect(ran).toEqual([]);
  });
});
