// The storefront: our theme with an extension's blocks, cart, sign-in, checkout. The extension here is a
// throw-away one, so that the real one may change freely.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gid } from "../../simulator/ids";
import { createDiscount } from "../../simulator/order-engine";
import { totals } from "../../simulator/order-math";
import type { SimShop } from "../../simulator/state";
import { launchBrowser, openContext } from "../../setup/chromium";
import { NEW_YORK, startPages, TOKYO, type Pages } from "./pages";
import { form, shopper } from "./shopper";

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const BLOCK = `
{%- assign namespace = app.metafields.kizuna.program.value.customerNamespace -%}
<p id="resolved">{{ customer.metafields[namespace].loyalty.value.balance }}</p>
<p id="shorthand">{{ customer.metafields['$app:kizuna'].loyalty.value.balance }}</p>
<p id="plural">{{ 'probe.points' | t: count: 2, formatted: '<b>2</b>' }}</p>
<p id="one">{{ 'probe.points' | t: count: 1, formatted: '1' }}</p>
<p id="missing">{{ 'probe.only_en' | t }}</p>
<p id="floor">{{ 7 | divided_by: 2 }},{{ 7 | divided_by: 2.5 }},{{ -7 | modulo: 3 }}</p>
<p id="money">{{ 100000 | money }},{{ 1234567 | money_with_currency }}</p>
<p id="json">{{ '</script>' | json }}</p>
<p id="date">{{ '2027-03-31' | date: '%Y-%m-%d' }},{{ '2027-03-31T23:30:00Z' | date: '%Y-%m-%d' }}</p>
<p id="setting">{{ block.settings.label }},{{ block.settings.item.title }}</p>
<p id="snippet">{% render 'probe-part', word: 'x' %}</p>
{% schema %}{ "name": "Probe", "target": "section", "javascript": "probe.js", "stylesheet": "probe.css",
  "settings": [{ "type": "text", "id": "label", "label": "L", "default": "Hello" }, { "type": "product", "id": "item", "label": "P", "autofill": true }] }{% endschema %}`;
const EMBED = `<div id="embed">{{ request.locale.iso_code }}</div>{% schema %}{ "name": "Embed", "target": "body" }{% endschema %}`;

let folder: string;
let pages: Pages;
let browser: Browser;

function writeExtension(): string {
  const root = mkdtempSync(join(tmpdir(), "kizuna-extension-"));
  const files: Record<string, string> = {
    "blocks/probe.liquid": BLOCK,
    "blocks/embed.liquid": EMBED,
    "snippets/probe-part.liquid": "{% doc %} A part. {% enddoc %}{{ word }}:{{ shop.name }}",
    "assets/probe.js": "document.documentElement.dataset.probe = 'ran';",
    "assets/probe.css": "#plural { color: rgb(1, 2, 3) }",
    "locales/en.default.json":
      '{ "probe": { "points": { "one": "{{ formatted }} point", "other": "{{ formatted }} points" }, "only_en": "English only" } }',
    "locales/ja.json": '{ "probe": { "points": { "other": "{{ formatted }}ポイント" } } }',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function putMetafield(shop: SimShop, ownerGid: string, namespace: string, key: string, value: unknown): void {
  const at = pages.sim.now().toISOString();
  shop.metafields.push({
    id: pages.sim.newId(),
    ownerGid,
    namespace,
    key,
    type: "json",
    value: JSON.stringify(value),
    compareDigest: "",
    createdAt: at,
    updatedAt: at,
  });
}

const customerNamed = (shop: SimShop, email: string) => {
  const found = Object.values(shop.customers).find((customer) => customer.email === email);
  if (!found) throw new Error(`no ${email}`);
  return found;
};

const between = (text: string, id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(text)?.[1];
const storefront = (domain: string) => pages.sim.addresses.storefronts[domain] ?? "";
const variantOf = (shop: SimShop, handle: string, at = 0) =>
  Object.values(shop.products).find((product) => product.handle === handle)?.variants[at]?.id ?? "";

beforeAll(async () => {
  folder = writeExtension();
  pages = await startPages((_, res) => res.end("app"), folder);
  for (const shop of [pages.tokyo, pages.newYork]) {
    shop.placedBlocks = { product: ["probe"], "page.points": ["probe"], embeds: ["embed"] };
    putMetafield(shop, gid("AppInstallation", shop.install?.installationId ?? ""), "kizuna", "program", {
      customerNamespace: `app--${pages.sim.appId}--kizuna`,
    });
  }
  putMetafield(
    pages.tokyo,
    gid("Customer", customerNamed(pages.tokyo, "hina@example.com").id),
    `app--${pages.sim.appId}--kizuna`,
    "loyalty",
    { balance: 1240 },
  );
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await pages?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the extension's blocks in the theme", () => {
  const soap = "/products/yuzu-rice-bran-soap";

  it("see settings with defaults, translations with plurals, snippets and Ruby's integers", async () => {
    const text = await (await fetch(storefront(TOKYO) + soap)).text();
    expect(between(text, "plural")).toBe("&lt;b&gt;2&lt;/b&gt;ポイント");
    expect(between(text, "one")).toBe("1ポイント");
    expect(between(text, "missing")).toBe("English only");
    expect(between(text, "floor")).toBe("3,2.8,2");
    expect(between(text, "json")).toBe('"\\u003c/script\\u003e"');
    expect(between(text, "setting")).toBe("Hello,ゆず米ぬか石けん");
    expect(between(text, "snippet")).toBe("x:きなり");
    expect(between(await (await fetch(storefront(NEW_YORK) + "/pages/points")).text(), "one")).toBe("1 point");
  });

  it("print money in the shop's or the shopper's currency: Liquid counts hundredths, yen too", async () => {
    const text = await (await fetch(storefront(TOKYO) + soap)).text();
    expect(between(text, "money")).toBe("¥1,000,¥12,346 JPY");
    const visit = shopper(storefront(TOKYO));
    await visit("/localization", form({ currency_code: "USD", return_to: soap }));
    expect(between(await (await visit(soap)).text(), "money")).toBe("$1,000.00,$12,345.67 USD");
  });

  it("keep a date without time on its day, whatever the shop's zone", async () => {
    expect(between(await (await fetch(storefront(NEW_YORK) + "/pages/points")).text(), "date")).toBe(
      "2027-03-31,2027-03-31",
    );
    expect(between(await (await fetch(storefront(TOKYO) + soap)).text(), "date")).toBe("2027-03-31,2027-04-01");
  });

  it("find the customer's app metafield under the spelling the fault switch allows, and nothing for guests", async () => {
    const visit = shopper(storefront(TOKYO));
    expect(between(await (await visit(soap)).text(), "shorthand")).toBe("");
    await visit("/account/login", form({ email: "HINA@example.com" }));
    const seen: Record<string, unknown> = {};
    for (const spelling of ["shorthand", "resolved"] as const) {
      pages.sim.faults.metafieldNamespace = spelling;
      const text = await (await visit(soap)).text();
      seen[spelling] = [between(text, "shorthand"), between(text, "resolved")];
    }
    expect(seen).toEqual({ shorthand: ["1240", ""], resolved: ["", "1240"] });
  });

  it("bring their script and style once, stand where placed, and embeds before the end of every page", async () => {
    const text = await (await fetch(storefront(TOKYO) + soap)).text();
    expect(text.match(/<script src="\/cdn\/extension\/probe\.js\?v=\d+" defer>/g)).toHaveLength(1);
    expect(text.match(/<link rel="stylesheet" href="\/cdn\/extension\/probe\.css\?v=\d+"/g)).toHaveLength(1);
    const home = await (await fetch(storefront(TOKYO))).text();
    expect(home).not.toContain("probe.js");
    expect(home.indexOf('id="embed"')).toBeGreaterThan(home.indexOf("</main>"));
    const asset = await fetch(`${storefront(TOKYO)}/cdn/extension/probe.js`);
    expect([asset.status, asset.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect((await fetch(`${storefront(TOKYO)}/cdn/extension/..%2Fblocks%2Fprobe.liquid`)).status).toBe(404);
  });
});

describe("the theme", () => {
  it("speaks the shop's language at the root and the other below its prefix", async () => {
    expect(await (await fetch(storefront(TOKYO))).text()).toContain('<html lang="ja"');
    const english = await (await fetch(`${storefront(TOKYO)}/en/products/yuzu-rice-bran-soap`)).text();
    expect(english).toContain('<html lang="en"');
    expect(english).toContain("Yuzu Rice-Bran Soap");
    expect(english).toContain('href="/en/cart"');
    expect(await (await fetch(`${storefront(NEW_YORK)}/ja`)).text()).toContain('<html lang="ja"');
  });

  it("has no missing translation and no Liquid error on any page, in both languages", async () => {
    const paths = [
      "/",
      "/collections",
      "/collections/all",
      "/collections/tea",
      "/products/camellia-face-oil",
      "/search?q=tea",
      "/cart",
      "/account/login",
      "/pages/points",
      "/nothing",
    ];
    for (const prefix of ["", "/en"]) {
      for (const path of paths) {
        const response = await fetch(storefront(TOKYO) + (prefix + path).replace(/\/$/, "") || "/");
        const text = await response.text();
        expect([prefix + path, response.status]).toEqual([prefix + path, path === "/nothing" ? 404 : 200]);
        expect(text).not.toMatch(/Translation missing|Liquid error|undefined|\[object/);
      }
    }
  });

  it("finds products by words of either language", async () => {
    expect(await (await fetch(`${storefront(TOKYO)}/search?q=${encodeURIComponent("抹茶")}`)).text()).toContain(
      "薄茶 抹茶",
    );
    expect(await (await fetch(`${storefront(TOKYO)}/search?q=matcha`)).text()).toContain("薄茶 抹茶");
  });

  it("tells scripts which variant is chosen: hidden field, change event, address and price", async () => {
    const context = await openContext(browser);
    const page = await context.newPage();
    await page.goto(`${storefront(TOKYO)}/products/camellia-face-oil`);
    await page.evaluate(() => {
      document.addEventListener("change", (event) => {
        const field = event.target as HTMLInputElement;
        if (field.name === "id") document.title = `chosen ${field.value}`;
      });
    });
    await page.getByText("30ml").click();
    const wanted = variantOf(pages.tokyo, "camellia-face-oil", 1);
    expect(await page.title()).toBe(`chosen ${wanted}`);
    expect(new URL(page.url()).searchParams.get("variant")).toBe(wanted);
    expect(await page.locator("[data-price]").textContent()).toBe("¥7,260");
    await page.getByRole("button", { name: "カートに入れる" }).click();
    await page.getByText("カートに入れました").waitFor();
    expect(await page.locator("[data-cart-count]").textContent()).toBe("1");
    expect(await page.locator("html").getAttribute("data-probe")).toBe("ran");
    await context.close();
  });

  it(
    "has no accessibility violation, no overflow and no request elsewhere, at desk and phone width",
    { timeout: 240_000 },
    async () => {
      for (const width of [1280, 390]) {
        const context = await openContext(browser, { viewport: { width, height: 844 } });
        const page = await context.newPage();
        const origin = storefront(TOKYO);
        const elsewhere: string[] = [];
        page.on("request", (request) => {
          if (!request.url().startsWith(origin)) elsewhere.push(request.url());
        });
        await page.goto(`${origin}/products/camellia-face-oil`);
        await page.locator("[data-add]").click();
        await page.locator("[data-added]:not([hidden])").waitFor();
        for (const path of [
          "/",
          "/en/collections/all",
          "/products/camellia-face-oil",
          "/cart",
          "/en/checkout",
          "/account/login",
          "/search?q=tea",
          "/pages/points",
        ]) {
          await page.goto(origin + path);
          const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
          expect([path, width, violations.map(({ id }) => id)]).toEqual([path, width, []]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect([path, width, overflow <= 0]).toEqual([path, width, true]);
        }
        expect(elsewhere).toEqual([]);
        await context.close();
      }
    },
  );
});

describe("cart and checkout", () => {
  const json = async (response: Promise<Response>) => (await (await response).json()) as Record<string, never>;

  it("keep a cart over the Ajax API: add, change, update, clear", async () => {
    const visit = shopper(storefront(TOKYO));
    const id = variantOf(pages.tokyo, "yuzu-rice-bran-soap");
    const body = JSON.stringify({
      items: [{ id, quantity: 2 }, { id: variantOf(pages.tokyo, "monaka-wafer-sweets") }],
    });
    const headers = { "content-type": "application/json" };
    await visit("/cart/add.js", { method: "POST", body, headers });
    const multipart = new FormData();
    multipart.set("id", id);
    await visit("/cart/add.js", { method: "POST", body: multipart });
    const cart = await json(visit("/cart.js"));
    expect([cart.item_count, cart.total_price, cart.currency]).toEqual([4, (1320 * 3 + 1620) * 100, "JPY"]);
    const changed = await json(
      visit("/cart/change.js", { method: "POST", headers, body: JSON.stringify({ line: 2, quantity: 0 }) }),
    );
    expect(changed.item_count).toBe(3);
    const wrong = await visit("/cart/add.js", { method: "POST", headers, body: JSON.stringify({ id: "1" }) });
    expect(wrong.status).toBe(422);
    expect((await json(visit("/cart/clear.js", { method: "POST" }))).item_count).toBe(0);
  });

  it("place a signed-in shopper's order with a code, tax inside yen prices", async () => {
    createDiscount(pages.sim, TOKYO, { code: "HARU10", kind: "percentage", value: 1000 });
    const events: string[] = [];
    pages.sim.onEvent(({ topic }) => events.push(topic));
    const visit = shopper(storefront(TOKYO));
    await visit("/account/login", form({ email: "hina@example.com" }));
    await visit("/cart/add", form({ id: variantOf(pages.tokyo, "yuzu-rice-bran-soap"), quantity: "2" }));
    const applied = await visit("/discount/haru10?redirect=/checkout");
    expect(applied.headers.get("location")).toBe("/checkout");
    const checkout = await (await visit("/checkout")).text();
    expect(checkout).toMatch(/data-discount>−¥264</);
    expect(checkout).toMatch(/data-total>¥3,036</);
    const placed = await visit("/checkout", form({ email: "hina@example.com", payment: "card" }));
    expect(placed.status).toBe(303);
    const order = Object.values(pages.tokyo.orders).at(-1);
    expect(order && [order.customerId, order.locale, totals(order).totalMinor, totals(order).totalTaxMinor, totals(order).financialStatus]).toEqual([
      customerNamed(pages.tokyo, "hina@example.com").id, "ja", 3036, 276, "paid",
    ]); // prettier-ignore
    expect(events).toEqual(expect.arrayContaining(["orders/create", "orders/paid"]));
    const status = await (await visit(placed.headers.get("location") ?? "")).text();
    expect(status).toContain(order?.name ?? "-");
    expect(status).toMatch(/data-order-total>¥3,036</);
    expect((await json(visit("/cart.js"))).item_count).toBe(0);
    expect(await (await visit("/account")).text()).toContain(order?.name ?? "-");
  });

  it("place a guest's dollar order with tax added, in English or Japanese, shown in another currency", async () => {
    pages.newYork.presentment = { JPY: 150 };
    const visit = shopper(storefront(NEW_YORK));
    const [product] = Object.values(pages.newYork.products);
    await visit("/localization", form({ currency_code: "JPY" }));
    await visit("/cart/add", form({ id: product?.variants[0]?.id ?? "" }));
    const refused = await visit("/ja/checkout", form({ email: "nobody", payment: "card" }));
    expect(refused.status).toBe(422);
    await visit(
      "/ja/checkout",
      form({ email: "guest@example.com", first_name: "Gail", last_name: "Guest", payment: "bank_transfer" }),
    );
    const order = Object.values(pages.newYork.orders).at(-1);
    if (!order) throw new Error("no order");
    const sums = totals(order);
    expect([order.currency, order.presentmentCurrency, order.presentmentRate, order.locale]).toEqual([
      "USD",
      "JPY",
      150,
      "ja",
    ]);
    expect(sums.totalMinor).toBe(sums.subtotalMinor + sums.totalShippingMinor + sums.totalTaxMinor);
    expect(sums.totalTaxMinor).toBeGreaterThan(0);
    expect(sums.financialStatus).toBe("pending");
    const guest = pages.newYork.customers[order.customerId ?? ""];
    expect([guest?.state, guest?.email, guest?.lastName]).toEqual(["disabled", "guest@example.com", "Guest"]);
  });

  it("say in words why a code is refused, and never send a shopper to another site", async () => {
    const visit = shopper(storefront(TOKYO));
    await visit("/cart/add", form({ id: variantOf(pages.tokyo, "yuzu-rice-bran-soap") }));
    await visit("/checkout/discount", form({ discount_code: "NOPE" }));
    expect(await (await visit("/checkout")).text()).toContain("NOPE: このコードは存在しません");
    const away = await visit("/discount/NOPE?redirect=//evil.example/x");
    expect(away.headers.get("location")).toBe("/");
  });
});

describe("accounts", () => {
  it("open an account for a new address and refuse a forged cookie", async () => {
    const visit = shopper(storefront(TOKYO));
    expect((await visit("/account")).headers.get("location")).toBe("/account/login");
    expect((await visit("/account/login", form({ email: "not one" }))).status).toBe(422);
    await visit("/account/login", form({ email: "new@example.com" }));
    expect((await visit("/account")).status).toBe(200);
    expect(customerNamed(pages.tokyo, "new@example.com").state).toBe("enabled");
    const other = customerNamed(pages.tokyo, "ren@example.com").id;
    const forged = await fetch(`${storefront(TOKYO)}/account`, {
      redirect: "manual",
      headers: { cookie: `kinari_tokyo_customer=${other}.${"0".repeat(64)}` },
    });
    expect(forged.status).toBe(302);
  });

  it("follow a merged customer to the one that was kept", async () => {
    const visit = shopper(storefront(TOKYO));
    await visit("/account/login", form({ email: "gone@example.com" }));
    const gone = customerNamed(pages.tokyo, "gone@example.com");
    pages.tokyo.mergedCustomers[gone.id] = customerNamed(pages.tokyo, "ren@example.com").id;
    delete pages.tokyo.customers[gone.id];
    expect(await (await visit("/account")).text()).toContain("ren@example.com");
  });
});
