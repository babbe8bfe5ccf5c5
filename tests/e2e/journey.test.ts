// The whole story in a real browser: from an empty shop to points a shopper can see, and why they changed.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, WORDS } from "./pages/admin";
import { Control, eventually, shopIn, type ControlOrder } from "./pages/control";
import { makeFresh } from "./pages/fresh-shop";
import { Shopper } from "./pages/shopper";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const number = (value: number): string => value.toLocaleString("en-US");
const onlyOne = (orders: ControlOrder[]): ControlOrder => {
  const [order, ...others] = orders;
  if (!order || others.length > 0) throw new Error(`expected one order, found ${others.length + (order ? 1 : 0)}`);
  return order;
};

describe("Tokyo, in Japanese: prices with tax", () => {
  const words = WORDS.ja.earning;
  const shop = shopIn("JPY");
  const control = new Control(shop);
  const email = `sakura.${Date.now()}@example.jp`;
  // Three points for every ¥200.
  const pointsFor = (yen: number): number => Math.floor((yen * 3) / 200);
  const soapYen = 1_320;
  const oilYen = 7_260;
  let admin: AdminPage;
  let shopper: Shopper;
  let order: ControlOrder;

  beforeAll(async () => {
    await makeFresh(control);
    await control.createCustomer({ email, lastName: "春野", firstName: "桜", locale: "ja" });
    admin = await AdminPage.open(browser, shop, "ja");
    shopper = await Shopper.open(browser, shop);
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await Promise.all([admin.close(), shopper.close()]);
  });

  it("installs from the install page and arrives at Home", async () => {
    await admin.install();
    await admin.app.getByRole("heading", { name: WORDS.ja.home.glance.title }).waitFor();
  });

  it("answers the worked example with every keystroke", async () => {
    await admin.menu(WORDS.ja.nav.program);
    await admin.sees(words.title);
    const example = admin.app.locator(".kz-example-answer");
    const points = admin.app.getByLabel(words.rate.points);
    await admin.app.getByLabel(words.rate.per).fill("100");
    await points.fill("");
    expect(await example.innerText()).toBe(words.example.unreadable);
    await points.press("1");
    expect(await example.innerText()).toContain("137ポイント：¥13,780 × 100円ごとに1ポイント（端数切り捨て）");
    await points.press("2");
    expect(await example.innerText()).toContain("1,653ポイント：¥13,780 × 100円ごとに12ポイント（端数切り捨て）");
    await points.press("Backspace");
    await points.press("Backspace");
    await points.press("3");
    expect(await example.innerText()).toContain("413ポイント：¥13,780 × 100円ごとに3ポイント（端数切り捨て）");
  });

  it("marks a bad value where it stands and loses nothing", async () => {
    const per = admin.app.getByLabel(words.rate.per);
    await per.fill("0");
    await admin.save();
    await admin.toast(words.needs_a_look);
    const error = admin.app.getByText(words.error.amount);
    await error.waitFor();
    expect(await per.getAttribute("aria-invalid")).toBe("true");
    expect(await admin.app.getByLabel(words.rate.points).inputValue()).toBe("3");
    await per.fill("200");
    await error.waitFor({ state: "detached" });
  });

  it("saves and goes live", async () => {
    await admin.save();
    await admin.toast(words.saved);
    await admin.saveBar.waitFor({ state: "detached" });
    await admin.app.getByText(words.badge.live, { exact: true }).first().waitFor();
  });

  it("shows a signed-in shopper what each variant earns", async () => {
    await shopper.signIn(email);
    const line = (points: number) => `この商品のご購入で${number(points)}ポイント獲得`;
    const first = line(pointsFor(4_180));
    const read = async () => {
      await shopper.visit("/products/camellia-face-oil");
      return (await shopper.page.locator("kizuna-earn").count()) === 0 ? "" : shopper.earnLine();
    };
    expect(await eventually(read, first)).toBe(first);
    await shopper.chooseVariant("30ml");
    expect(await shopper.earnLine()).toBe(line(pointsFor(oilYen)));
  });

  it("turns an order into points on the storefront", async () => {
    await shopper.addToCart("camellia-face-oil", 2, "30ml");
    await shopper.addToCart("yuzu-rice-bran-soap", 1);
    const name = await shopper.checkOut();
    order = onlyOne(await control.ordersOf(email));
    expect(order.name).toBe(name);
    expect(order.totals.subtotalMinor).toBe(2 * oilYen + soapYen);
    const expected = `${number(pointsFor(2 * oilYen + soapYen))}ポイント`;
    expect(await eventually(() => shopper.balance(), expected)).toBe(expected);
  });

  it("takes exactly the refunded part back", async () => {
    const oil = order.lines.findIndex((line) => line.unitPriceMinor === oilYen);
    await control.refund(order.id, { lines: [{ index: oil, quantity: 1 }] });
    const expected = `${number(pointsFor(oilYen + soapYen))}ポイント`;
    expect(await eventually(() => shopper.balance(), expected)).toBe(expected);
  });

  it("follows an edit of the order exactly", async () => {
    await control.edit(order.id, { add: [{ handle: "charcoal-clay-soap", quantity: 1 }], payDifference: true });
    const expected = `${number(pointsFor(oilYen + soapYen + 1_430))}ポイント`;
    expect(await eventually(() => shopper.balance(), expected)).toBe(expected);
  });

  // Newest first: what was earned at 15,840, kept of 8,580 after the refund, and earned at 10,010 after the edit.
  const story = [
    ["22ポイントの追加：注文内容の変更により、この注文は150ポイントになりました", "+22"],
    ["109ポイントの取り消し：¥7,260の返金により、この注文は128ポイントになりました", "-109"],
    ["237ポイント：¥15,840 × 200円ごとに3ポイント（端数切り捨て）", "+237"],
  ] as const;

  it("explains each step to the merchant", async () => {
    await admin.menu(WORDS.ja.nav.members);
    await admin.app.getByRole("searchbox").fill(email);
    await admin.app.getByRole("row").filter({ hasText: email }).getByRole("link", { name: "春野 桜" }).click();
    await admin.sees("春野");
    const lines = admin.app.locator(".kz-timeline > li");
    await lines.nth(2).waitFor();
    const texts = await lines.allInnerTexts();
    expect(texts).toHaveLength(story.length);
    for (const [at, [reason, points]] of story.entries()) {
      expect(texts[at]).toContain(reason);
      expect(texts[at]).toContain(points.replace("-", "−"));
      expect(texts[at]).toContain(order.name);
    }
  });

  it("tells the shopper the same, and asks the app only when they want to know", async () => {
    const before = await control.proxyRequests();
    await shopper.balance();
    expect(await control.proxyRequests()).toEqual(before);
    expect(await shopper.history()).toEqual(story.map((line) => line.join("|")));
    const asked = (await control.proxyRequests()).slice(before.length).filter((request) => request.startsWith("GET "));
    expect(asked).toEqual([expect.stringContaining("GET /apps/kizuna/history 200")]);
  });
});

describe("New York, in English: tax on top", () => {
  const shop = shopIn("USD");
  const control = new Control(shop);
  const email = `jordan.${Date.now()}@example.com`;
  let admin: AdminPage;
  let shopper: Shopper;

  beforeAll(async () => {
    await makeFresh(control);
    await control.createCustomer({ email, firstName: "Jordan", lastName: "Reyes", locale: "en" });
    admin = await AdminPage.open(browser, shop, "en");
    shopper = await Shopper.open(browser, shop);
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await Promise.all([admin.close(), shopper.close()]);
  });

  it("installs and starts with the defaults", async () => {
    await admin.install();
    await admin.menu(WORDS.en.nav.program);
    await admin.sees(WORDS.en.earning.title);
    await admin.app
      .locator(".kz-example-answer")
      .getByText("137 points: $137.80 × 1 per $1.00, rounded down")
      .waitFor();
    const start = admin.app.getByRole("button", { name: WORDS.en.earning.not_started.action });
    // A shop that had the app before still has its program.
    if (await start.isVisible()) await start.click();
    await admin.app.getByText(WORDS.en.earning.badge.live, { exact: true }).first().waitFor();
  });

  it("gives points for the goods without tax and shipping, and takes all back with a full refund", async () => {
    const [product] = (await control.products()).filter(({ variants }) => variants.length === 1);
    const cents = product?.variants[0]?.priceMinor ?? 0;
    const expected = Math.floor((3 * cents) / 100);
    await shopper.signIn(email);
    await shopper.addToCart(product?.handle ?? "", 3);
    await shopper.checkOut();
    const order = onlyOne(await control.ordersOf(email));
    expect(order.totals.subtotalMinor).toBe(3 * cents);
    expect(order.totals.totalMinor).toBeGreaterThan(3 * cents);
    const points = `${number(expected)} points`;
    expect(await eventually(() => shopper.balance(), points)).toBe(points);

    await control.refund(order.id, { lines: [{ index: 0, quantity: 3 }], shippingMinor: "all" });
    expect(await eventually(() => shopper.balance(), "0 points")).toBe("0 points");
    const [newest] = await shopper.history();
    const dollars = `$${((3 * cents) / 100).toFixed(2)}`;
    expect(newest).toBe(
      `${number(expected)} points taken back: ${dollars} was refunded, so this order earns 0 points|-${number(expected)}`,
    );
  });
});
