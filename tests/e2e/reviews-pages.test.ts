// A customer reviews what they bought, on the shop's own domain and on the production build: with scripts and without,
// in the language of the shop.
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, type Language } from "./pages/admin";
import { Control, eventually } from "./pages/control";
import { asOwner, makeFresh } from "./pages/fresh-shop";
import { shopFor } from "./pages/screens";
import { shoot } from "./pages/shots";
import { Shopper } from "./pages/shopper";

const SAYS = {
  en: {
    verified: "It is marked as a verified purchase",
    thanks: "Thank you for your review",
    already: "You have reviewed this product already",
  },
  ja: {
    verified: "「購入確認済み」と表示されます",
    thanks: "レビューをありがとうございます",
    already: "この商品のレビューはすでにいただいています",
  },
} as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each<Language>(["en", "ja"])("reviews on the shop's domain, in %s", (language) => {
  const shop = shopFor(language);
  const control = new Control(shop);

  beforeAll(async () => {
    await makeFresh(control);
    const admin = await AdminPage.open(browser, shop, language);
    await admin.install();
    await admin.close();
    await control.listened();
  });

  it.each([true, false])(
    "takes a verified review from a signed-in customer; JavaScript: %s",
    async (javaScriptEnabled) => {
      const email = `reviewer.${language}.${javaScriptEnabled}.${Date.now()}@example.com`;
      const customer = await control.createCustomer({
        email,
        lastName: "Whitfield",
        firstName: "Marguerite",
        locale: language,
      });
      const [product] = await control.products();
      if (!product) throw new Error("the shop sells nothing");
      const order = await control.createOrder({
        customerId: customer.id,
        lines: [{ handle: product.handle, quantity: 1 }],
      });
      await control.settled();
      expect(await eventually(() => isStored(order.id), true)).toBe(true);

      const shopper = await Shopper.open(browser, shop, { javaScriptEnabled, viewport: { width: 390, height: 800 } });
      await shopper.signIn(email);
      const address = `/apps/kizuna/review?product=${product.id}`;
      await shopper.visit(address);
      const { page } = shopper;
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await page.locator("main").innerText()).toContain(SAYS[language].verified);
      await page.locator(`label[for="rating-${product.id}-3"]`).click();
      await page
        .locator(`#body-${product.id}`)
        .fill(language === "ja" ? "香りがやさしく、毎朝飲んでいます。" : "Gentle, and it keeps well.");
      await shoot(page, `${language}.review-form.${javaScriptEnabled}`);
      if (javaScriptEnabled)
        expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
      await page.locator("button.send").click();
      await page.getByRole("heading", { name: SAYS[language].thanks }).waitFor();
      await shopper.visit(address);
      await page.getByRole("heading", { name: SAYS[language].already }).waitFor();
      await shopper.close();
    },
    300_000,
  );
});

function isStored(orderId: string): Promise<boolean> {
  return asOwner(async (owner) => {
    const { rowCount } = await owner.query(
      "SELECT FROM customer_order WHERE order_gid = $1 AND member_id IS NOT NULL AND facts IS NOT NULL",
      [`gid://shopify/Order/${orderId}`],
    );
    return (rowCount ?? 0) > 0;
  });
}
