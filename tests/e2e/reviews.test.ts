// The story of a review on the production build: bought, delivered, asked for by mail, written with a photo and a
// video on the shop's own domain, looked at, answered, shown with its labels, voted for, and rewarded; with scripts
// and without, in both languages.
import { DateTime } from "luxon";
import type { Browser, Locator } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mp4WithPlace } from "../fixtures/videos";
import { violationsOn } from "../setup/axe";
import { launchBrowser } from "../setup/chromium";
import { AdminPage, PROGRAM_WORDS, STOREFRONT_WORDS, WORDS, type Language } from "./pages/admin";
import { Control, eventually, type ControlCustomer, type ControlProduct } from "./pages/control";
import { asOwner, makeFresh } from "./pages/fresh-shop";
import { STACK } from "./pages/running-stack";
import { shopFor, WIDTHS } from "./pages/screens";
import { Shopper } from "./pages/shopper";
import { shoot } from "./pages/shots";

const SAYS = {
  en: {
    verified: "It is marked as a verified purchase",
    thanks: "Thank you for your review",
    already: "You have reviewed this product already",
    // The same words twice would be held.
    bodies: {
      Aiko: "Keeps well and smells wonderful, I would buy it again.",
      Bunji: "A little smaller than expected, yet the whole family likes it.",
      Marguerite: "Arrived quickly and nicely wrapped; my sister asked where to get one.",
    },
    reply: "Thank you, we are glad to hear it.",
    reasons: ["writing a review", "a review with photos", "a review with a video"],
    zone: "America/New_York",
  },
  ja: {
    verified: "「購入確認済み」と表示されます",
    thanks: "レビューをありがとうございます",
    already: "この商品のレビューはすでにいただいています",
    bodies: {
      Aiko: "香りがとても良く、毎日使っています。また購入したいです。",
      Bunji: "思ったより小さめでしたが、家族みんなが気に入っています。",
      Marguerite: "すぐに届き、包装もきれいでした。妹にも勧めたいと思います。",
    },
    reply: "うれしいお言葉をありがとうございます。",
    reasons: ["レビューの投稿", "写真付きレビューの投稿", "動画付きレビューの投稿"],
    zone: "Asia/Tokyo",
  },
} as const;
const WAYS = [
  { id: "review", kind: "review", enabled: true, points: 50, holdDays: 0, perMonth: 10 },
  { id: "photo-review", kind: "photo_review", enabled: true, points: 30, holdDays: 0, perMonth: 10 },
  { id: "video-review", kind: "video_review", enabled: true, points: 70, holdDays: 0, perMonth: 10 },
];

let browser: Browser;
let photo: Buffer;
beforeAll(async () => {
  browser = await launchBrowser();
  photo = await sharp({ create: { width: 640, height: 480, channels: 3, background: { r: 180, g: 120, b: 90 } } })
    .jpeg()
    .toBuffer();
});
afterAll(() => browser.close());

describe.each<Language>(["en", "ja"])("a review's way, in %s", (language) => {
  const shop = shopFor(language);
  const control = new Control(shop);
  const words = PROGRAM_WORDS[language].reviews;
  const shown = STOREFRONT_WORDS[language].reviews;
  const says = SAYS[language];
  let admin: AdminPage;
  let product: ControlProduct;

  beforeAll(async () => {
    await makeFresh(control);
    admin = await AdminPage.open(browser, shop, language);
    await admin.install();
    await admin.menu(WORDS[language].nav.program);
    await admin.sees(WORDS[language].earning.title);
    await admin.app.getByLabel(WORDS[language].earning.rate.points).fill("2");
    await admin.save();
    await admin.toast(WORDS[language].earning.saved);
    await control.listened();
    await askAtOnce(shop.domain);
    await noonIn(says.zone);
    const [first] = await control.products();
    if (!first) throw new Error("the shop sells nothing");
    product = first;
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await admin.close();
  });

  describe.each([true, false])("with JavaScript: %s", (javaScriptEnabled) => {
    const who = javaScriptEnabled ? "Aiko" : "Bunji";
    const email = `${who}.${language}.${Date.now()}@example.com`.toLowerCase();
    const body = says.bodies[who];
    let shopper: Shopper;
    let link = "";
    const whereScriptsRun: (name: string, test: () => Promise<void>) => void = javaScriptEnabled ? it : () => {};
    beforeAll(async () => {
      shopper = await Shopper.open(browser, shop, { javaScriptEnabled, viewport: { width: WIDTHS[1], height: 900 } });
    });
    afterAll(() => shopper.close());

    it("is asked for by mail after the delivery", async () => {
      const customer = await control.createCustomer({ email, firstName: who, lastName: "Mori", locale: language });
      await deliver(customer);
      const asked = async () => {
        link = (await control.mailTo(email)).flatMap(({ text }) => reviewLink(text) ?? []).at(-1) ?? "";
        return link !== "";
      };
      expect(await eventually(asked, true)).toBe(true);
    });

    it("is written on the shop's domain, with pictures, from a star in the mail", async () => {
      const { page } = shopper;
      await shopper.visit(`${link}&s=4`);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await page.locator("main").innerText()).toContain(says.verified);
      expect(await page.locator("input[type=radio][value='4']").isChecked()).toBe(true);
      await page.locator("textarea[name^=body]").fill(body);
      await attach(shopper, javaScriptEnabled);
      await page.locator("input[name=licence]").check();
      await shoot(page, `${language}.review-form.${javaScriptEnabled}`);
      if (javaScriptEnabled) expect(await violationsOn(page)).toEqual([]);
      await page.locator("button.send").click();
      await page.getByRole("heading", { name: says.thanks }).waitFor();
      await shoot(page, `${language}.review-thanks.${javaScriptEnabled}`);
      if (javaScriptEnabled) expect(await violationsOn(page)).toEqual([]);
      await shopper.visit(link);
      await page.getByRole("heading", { name: says.already }).waitFor();
    });

    it("is shown at once without its pictures, which staff look at, and is answered", async () => {
      const read = () => productPage(shopper);
      expect(await eventually(async () => (await read()).includes(body), true)).toBe(true);
      expect(await cardOf(shopper).locator("[data-part=media] a").count()).toBe(0);
      for (const label of [shown.verified, shown.incentivised])
        await cardOf(shopper).getByText(label, { exact: true }).waitFor();
      await admin.visit("/app/reviews?tab=media");
      await admin.sees(words.inbox.title);
      const { app } = admin;
      await app.getByText(body).first().click();
      const pane = app.getByRole("article");
      await pane.getByText(body).waitFor();
      const approve = javaScriptEnabled ? words.media.approve_all : words.media.approve;
      await pane.locator(".kz-media").waitFor();
      await pane.getByRole("button", { name: approve }).first().click();
      await admin.toast(words.act.media_approved);
      await admin.visit("/app/reviews?tab=all");
      await admin.sees(words.inbox.title);
      await app.getByText(body).first().click();
      await pane.getByText(body).waitFor();
      await app.locator("#review-reply").fill(says.reply);
      await app.getByRole("button", { name: words.reply.publish, exact: true }).click();
      await admin.toast(words.act.replied);
      await app.getByRole("button", { name: words.media.to_gallery, exact: true }).first().click();
      await admin.toast(words.act.curated);
    });

    it("stands on the product's page with pictures, labels and reply", async () => {
      const complete = async () => {
        await productPage(shopper);
        const card = cardOf(shopper);
        const pictures = await card.locator("[data-part=media] a").count();
        return pictures === (javaScriptEnabled ? 2 : 1) && (await card.innerText()).includes(says.reply);
      };
      expect(await eventually(complete, true)).toBe(true);
      await shoot(shopper.page, `${language}.product-reviews.${javaScriptEnabled}`);
      if (javaScriptEnabled) expect(await violationsOn(shopper.page)).toEqual([]);
    });

    it("stands in the gallery of the home page, and leads to the product", async () => {
      const { page } = shopper;
      const tile = page.locator(".kizuna-ugc li", { hasText: who });
      const inGallery = async () => {
        await shopper.visit("/");
        return (await tile.count()) > 0;
      };
      expect(await eventually(inGallery, true)).toBe(true);
      await tile.getByText(shown.incentivised, { exact: true }).waitFor();
      const picture = tile.locator("a.kizuna-thumb");
      if (!javaScriptEnabled) {
        await picture.click();
        await page.waitForURL(`**/products/${product.handle}`);
        return;
      }
      expect(await violationsOn(page)).toEqual([]);
      await picture.focus();
      await page.keyboard.press("Enter");
      const dialog = page.locator(".kizuna-ugc dialog[open]");
      await dialog.locator("img").waitFor();
      await dialog.getByText(shown.incentivised, { exact: true }).waitFor();
      await shoot(page, `${language}.lightbox`);
      expect(await violationsOn(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await picture.evaluate((node) => node === document.activeElement)).toBe(true);
    });

    whereScriptsRun("is seen large by the arrow keys, its photo and its video", async () => {
      const { page } = shopper;
      await productPage(shopper);
      await cardOf(shopper).locator("a.kizuna-thumb").first().press("Enter");
      const dialog = page.locator("dialog.kizuna-lightbox[open]");
      await dialog.locator("[data-stage] img").waitFor();
      await page.keyboard.press("ArrowRight");
      await dialog.locator("[data-stage] video[controls]").waitFor();
      await page.keyboard.press("ArrowLeft");
      await dialog.locator("[data-stage] img").waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    });

    whereScriptsRun("takes one helpful vote of another customer, which everybody sees", async () => {
      const voter = `voter.${language}.${Date.now()}@example.com`;
      await control.createCustomer({ email: voter, firstName: "Chika", lastName: "Ono", locale: language });
      const other = await Shopper.open(browser, shop);
      await other.signIn(voter);
      await productPage(other);
      const helped = (whose: Shopper) => cardOf(whose).locator("[data-part=helped]");
      expect(await helped(other).innerText()).toBe("0");
      await cardOf(other).locator("[data-do=yes]").click();
      await cardOf(other).locator("[data-do=yes][aria-pressed=true]").waitFor();
      expect(await helped(other).innerText()).toBe("1");
      await other.close();
      const seen = async () => {
        await productPage(shopper);
        return helped(shopper).innerText();
      };
      expect(await eventually(seen, "1")).toBe("1");
    });

    it("gave its points, and says what for", async () => {
      const kinds = javaScriptEnabled ? "photo_review,review,video_review" : "photo_review,review";
      expect(await eventually(() => reasons(email), kinds)).toBe(kinds);
      if (!javaScriptEnabled) return;
      await shopper.signIn(email);
      await shopper.balance();
      const lines = (await shopper.history()).join("\n");
      for (const reason of says.reasons) expect(lines).toContain(reason);
    });

    /** The review under test where the page shows it. */
    function cardOf(whose: Shopper): Locator {
      return whose.page.locator("li.kizuna-review", { hasText: body });
    }
  });

  it("is one of the shop's reviews, beside how the shop handles them", async () => {
    const visitor = await Shopper.open(browser, shop);
    await visitor.visit("/pages/reviews");
    await visitor.page.locator("li.kizuna-review", { hasText: says.bodies.Aiko }).waitFor();
    await visitor.page.getByRole("heading", { name: STOREFRONT_WORDS[language].policy.title }).waitFor();
    for (const width of WIDTHS) {
      await visitor.page.setViewportSize({ width, height: 900 });
      await shoot(visitor.page, `${language}.shop-reviews.${width}`);
      expect(await violationsOn(visitor.page), `${width} px`).toEqual([]);
    }
    await visitor.close();
  });

  it.each([true, false])(
    "is written by a signed-in customer without an invitation; JavaScript: %s",
    async (javaScriptEnabled) => {
      const email = `reviewer.${language}.${javaScriptEnabled}.${Date.now()}@example.com`;
      const names = { lastName: "Whitfield", firstName: "Marguerite" };
      await deliver(await control.createCustomer({ email, ...names, locale: language }));
      const visitor = await Shopper.open(browser, shop, { javaScriptEnabled });
      await visitor.signIn(email);
      // One product's page, or the page behind the code in every parcel.
      const address = `/apps/kizuna/review${javaScriptEnabled ? `?product=${product.id}` : ""}`;
      const { page } = visitor;
      const words = page.locator("textarea[name^=body]");
      const offered = async () => {
        await visitor.visit(address);
        return words.count();
      };
      expect(await eventually(offered, 1)).toBe(1);
      expect(await page.locator("main").innerText()).toContain(says.verified);
      await page.locator("label[for^=rating-][for$='-3']").click();
      await words.fill(says.bodies.Marguerite);
      await page.locator("button.send").click();
      await page.getByRole("heading", { name: says.thanks }).waitFor();
      await visitor.visit(address);
      await page.getByRole("heading", { name: says.already }).waitFor();
      await visitor.close();
    },
  );

  async function productPage(shopper: Shopper): Promise<string> {
    await shopper.visit(`/products/${product.handle}`);
    return shopper.page.locator("body").innerText();
  }

  /** An order of this customer, known to the app and then delivered. */
  async function deliver({ id }: ControlCustomer): Promise<void> {
    const order = await control.createOrder({ customerId: id, lines: [{ handle: product.handle, quantity: 1 }] });
    // What was shipped before the app knew the shop is nobody's to ask about.
    expect(await eventually(() => isStored(order.id), true)).toBe(true);
    await control.deliver(order.id);
  }
});

/** With scripts pictures go up one by one; without, they are part of the form. */
async function attach(shopper: Shopper, javaScriptEnabled: boolean): Promise<void> {
  const { page } = shopper;
  const files = page.locator("input[type=file]").first();
  await files.setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: photo });
  if (!javaScriptEnabled) return;
  await page.locator("[data-list] li[data-kind=photo][data-id]").waitFor();
  await files.setInputFiles({ name: "film.mp4", mimeType: "video/mp4", buffer: mp4WithPlace().bytes });
  await page.locator("[data-list] li[data-kind=video][data-id]").waitFor();
}

/** "/apps/kizuna/review?t=…" of a mail, without the shop's origin. */
function reviewLink(text: string | null): string | null {
  const found = /https?:\/\/\S+\/apps\/kizuna\/review\?t=\S+/.exec(text ?? "")?.[0];
  if (!found) return null;
  const url = new URL(found);
  url.searchParams.delete("s");
  return url.pathname + url.search;
}

// Mail that nobody waits for stays until the morning: the shops' clock goes on to the next noon.
async function noonIn(zone: string): Promise<void> {
  const { now } = (await (await fetch(`${STACK.shell}/control/clock`)).json()) as { now: string };
  const local = DateTime.fromISO(now, { zone });
  if (local.hour >= 9 && local.hour < 18) return;
  const noon = local.startOf("day").set({ hour: 12 });
  const setTo = (noon > local ? noon : noon.plus({ days: 1 })).toUTC().toISO();
  const moved = await fetch(`${STACK.shell}/control/clock`, { method: "POST", body: JSON.stringify({ setTo }) });
  if (!moved.ok) throw new Error(`the clock stays: ${moved.status} ${await moved.text()}`);
}

/** Requests go out on the day of the delivery, and the program gives points for reviews. */
async function askAtOnce(domain: string): Promise<void> {
  await asOwner(async (owner) => {
    await owner.query(`UPDATE shop_profile p SET reviews = $2 FROM shop s WHERE s.id = p.shop_id AND s.domain = $1`, [
      domain,
      JSON.stringify({ requests: { waitDays: 0, shippingDays: 0 } }),
    ]);
    await owner.query(
      `INSERT INTO program_version (shop_id, version, rules, effective_from, actor)
       SELECT v.shop_id, v.version + 1, jsonb_set(v.rules, '{ways}', $2), v.effective_from + interval '1 millisecond', 'system'
         FROM program_version v JOIN shop s ON s.id = v.shop_id WHERE s.domain = $1 ORDER BY v.version DESC LIMIT 1`,
      [domain, JSON.stringify(WAYS)],
    );
  });
}

function isStored(orderId: string): Promise<boolean> {
  return asOwner(async (owner) => {
    const { rowCount } = await owner.query(
      `SELECT FROM customer_order o JOIN shop_profile p ON p.shop_id = o.shop_id
        WHERE o.order_gid = $1 AND o.member_id IS NOT NULL AND o.facts IS NOT NULL AND p.reviews_since IS NOT NULL`,
      [`gid://shopify/Order/${orderId}`],
    );
    return (rowCount ?? 0) > 0;
  });
}

/** What the member got points for, as kinds of ways. */
async function reasons(email: string): Promise<string> {
  return asOwner(async (owner) => {
    const { rows } = await owner.query<{ kinds: string | null }>(
      `SELECT string_agg(g.kind, ',' ORDER BY g.kind) AS kinds
         FROM way_grant g JOIN member m ON m.shop_id = g.shop_id AND m.id = g.member_id WHERE m.email = $1`,
      [email],
    );
    return rows[0]?.kinds ?? "";
  });
}
