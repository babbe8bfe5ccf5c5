// A shopper on the storefront: signs in, chooses, buys, looks at their points.
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

import type { StackShop } from "../../demo/stack";
import { openContext } from "../../setup/chromium";

export class Shopper {
  private constructor(
    readonly page: Page,
    private readonly origin: string,
    private readonly prefix: string,
  ) {}

  /** Opens the shop in its own language, or in another one by its path ("/en"). */
  static async open(
    browser: Browser,
    shop: StackShop,
    options: BrowserContextOptions & { prefix?: string } = {},
  ): Promise<Shopper> {
    const { prefix = "", ...rest } = options;
    const context = await openContext(browser, { locale: shop.locale === "ja" ? "ja-JP" : "en-US", ...rest });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    return new Shopper(page, new URL(shop.storefront).origin, prefix);
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(this.origin + this.prefix + path);
  }

  async signIn(email: string): Promise<void> {
    await this.visit("/account/login");
    await this.page.locator("#email").fill(email);
    await this.page.locator("main form.stack button").click();
    await this.page.waitForURL((url) => !url.pathname.endsWith("/login"));
  }

  /** The line of the "Earn N" block that is shown. */
  earnLine(): Promise<string> {
    return this.page.locator("kizuna-earn p:not([hidden])").innerText();
  }

  async chooseVariant(title: string): Promise<void> {
    await this.page.locator("fieldset.options label", { hasText: title }).click();
  }

  async addToCart(handle: string, quantity: number, variant?: string): Promise<void> {
    await this.visit(`/products/${handle}`);
    if (variant !== undefined) await this.chooseVariant(variant);
    await this.page.locator("#quantity").fill(String(quantity));
    await this.page.locator("[data-add]").click();
    await this.page.locator("[data-added]:not([hidden])").waitFor();
  }

  /** Through cart and checkout to the order's page; answers the order's name. */
  async checkOut(): Promise<string> {
    await this.visit("/cart");
    await this.goToCheckout();
    return this.placeOrder();
  }

  /** From the cart to the checkout. */
  async goToCheckout(): Promise<void> {
    await this.page.locator("button[name=checkout]").click();
    await this.page.locator("button[name=place]").waitFor();
  }

  /** Buys what stands at the checkout; answers the order's name. */
  async placeOrder(): Promise<string> {
    await this.page.locator("button[name=place]").click();
    await this.page.waitForURL("**/orders/**");
    return this.page.locator("h1").innerText();
  }

  /** The balance on the points page, as the page says it: "237ポイント". */
  async balance(): Promise<string> {
    await this.visit("/pages/points");
    const balance = this.page.locator("[data-kizuna-balance]");
    return (await balance.count()) === 0 ? "" : balance.innerText();
  }

  /** Opens the history on the points page; answers "text|points" of each line, newest first. */
  async history(): Promise<string[]> {
    await this.page.locator("kizuna-history > button").click();
    await this.page.locator(".kizuna-history li").first().waitFor();
    return this.page
      .locator(".kizuna-history li")
      .evaluateAll((lines) =>
        lines.map((line) =>
          ["reason", "points"].map((part) => line.querySelector(`.kizuna-history__${part}`)?.textContent).join("|"),
        ),
      );
  }

  /** Everything of ours that the page asked for since it began to load: scripts, and the app itself. */
  watchRequests(): { scripts: string[]; app: string[] } {
    const asked = { scripts: [] as string[], app: [] as string[] };
    this.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (/\/apps\/kizuna\//.test(pathname)) asked.app.push(`${request.method()} ${pathname.split("/apps/")[1]}`);
      else if (/\/kizuna-[a-z-]+\.js$/.test(pathname))
        asked.scripts.push(pathname.slice(pathname.lastIndexOf("/") + 1));
    });
    return asked;
  }

  /** Opens the dialog of a reward on the points page. */
  async choose(title: string): Promise<Locator> {
    await this.visit("/pages/points");
    await this.page.getByRole("button", { name: new RegExp(`${title}$`) }).click();
    const dialog = this.page.locator("kizuna-redeem dialog");
    await dialog.getByRole("heading", { name: title }).waitFor();
    return dialog;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
