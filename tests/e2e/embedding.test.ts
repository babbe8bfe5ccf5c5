// The app inside the admin, in browsers that partition third-party storage and in those that refuse it.
import type { Browser, Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, ensureStarted, WORDS } from "./pages/admin";
import { shopIn } from "./pages/control";
import { STACK } from "./pages/running-stack";

const { nav, earning, members, settings, deliveries, home } = WORDS.en;
const shop = shopIn("USD");

describe.each([
  { storage: "refused", partitioned: false },
  { storage: "partitioned", partitioned: true },
])("the app in a frame whose storage is $storage", ({ storage, partitioned }) => {
  let browser: Browser;
  let admin: AdminPage;

  const frame = (): Frame => {
    const found = admin.page.frames().find((each) => each.url().startsWith(STACK.tunnel));
    if (!found) throw new Error("the app's frame is not there");
    return found;
  };
  const mark = () => frame().evaluate(() => Object.assign(window, { kizunaMark: true }) && undefined);
  const isMarked = () => frame().evaluate(() => "kizunaMark" in window);

  beforeAll(async () => {
    browser = await launchBrowser({ partitioned });
    await ensureStarted(browser, shop);
    admin = await AdminPage.open(browser, shop, "en");
    await admin.visit("");
    await admin.sees(home.title);
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
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
