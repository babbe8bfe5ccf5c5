// Every page of the admin with something to see on it, for tests that look at all of them.
import type { Browser } from "playwright-core";

import type { AdminPage } from "./admin";
import { ensureStarted, WORDS, type Language } from "./admin";
import { Control, eventually, shopIn, type ControlProduct } from "./control";

export const WIDTHS = [1280, 390] as const;

/** The shop whose staff and shoppers read this language. */
export const shopFor = (language: Language) => shopIn(language === "ja" ? "JPY" : "USD");

export interface Screen {
  name: string;
  /** Brings the page up in an open admin. */
  open(admin: AdminPage): Promise<void>;
}

/** A member with a story to show: an order, a partial refund, an edit, an adjustment to come. */
export interface Story {
  email: string;
  name: string;
  product: ControlProduct;
}

/** Gives a new customer of the language's shop an order that was refunded in part and edited. */
export async function makeStory(browser: Browser, language: Language): Promise<Story> {
  const control = new Control(shopFor(language));
  await ensureStarted(browser, control.shop);
  const email = `story.${language}.${Date.now()}@example.com`;
  const [lastName, firstName] = language === "ja" ? ["水野", "結衣"] : ["Whitfield", "Marguerite"];
  const customer = await control.createCustomer({ email, lastName, firstName, locale: language });
  const product = (await control.products()).find(({ variants }) => variants.length > 1);
  if (!product) throw new Error("the shop has no product with variants");
  const order = await control.createOrder({
    customerId: customer.id,
    lines: [{ handle: product.handle, quantity: 4 }],
  });
  // Steps that arrive together are settled together: each waits until the one before is published.
  let balance: number | null = null;
  const published = async () => {
    const before = balance;
    await eventually(async () => (balance = await control.publishedBalance(customer.id)) !== before, true);
  };
  await published();
  await control.refund(order.id, { lines: [{ index: 0, quantity: 1 }] });
  await published();
  await control.edit(order.id, { add: [{ handle: product.handle, quantity: 1 }], payDifference: true });
  await published();
  return { email, product, name: language === "ja" ? "水野 結衣" : "Marguerite Whitfield" };
}

/** The pages of the admin in a language, with a member to open. */
export function adminScreens(language: Language, story: Story): Screen[] {
  const words = WORDS[language];
  const at = (name: string, path: string, title: string): Screen => ({
    name,
    async open(admin) {
      await admin.visit(path);
      await admin.sees(title);
    },
  });
  const member: Screen = {
    name: "member",
    async open(admin) {
      await admin.visit(`/app/members?q=${encodeURIComponent(story.email)}`);
      await admin.sees(words.members.title);
      await admin.app.locator("tbody tr").filter({ hasText: story.email }).getByRole("link").click();
      await admin.sees(story.name);
    },
  };
  const delivery: Screen = {
    name: "delivery",
    async open(admin) {
      await admin.visit("/app/settings/deliveries");
      await admin.sees(words.deliveries.title);
      await admin.app.locator("tbody tr a").first().click();
      await admin.app.getByText(words.deliveries.detail.facts).waitFor();
    },
  };
  return [
    at("home", "", words.home.title),
    // One member is as good as fifty, and looked at sooner.
    at("members", `/app/members?q=${encodeURIComponent(story.email)}`, words.members.title),
    at("settings", "/app/settings", words.settings.title),
    at("deliveries", "/app/settings/deliveries", words.deliveries.title),
    delivery,
    member,
    {
      name: "member-adjust",
      async open(admin) {
        await member.open(admin);
        await admin.app.getByRole("button", { name: words.members.adjust }).click();
        await admin.app.getByRole("dialog").waitFor();
      },
    },
    {
      name: "earning",
      async open(admin) {
        await admin.visit("/app/program/earning");
        await admin.sees(words.earning.title);
        await admin.app.getByRole("button", { name: words.earning.advanced.show }).click();
        await admin.app.getByText(words.earning.preview.title).waitFor();
        const points = admin.app.getByLabel(words.earning.rate.points);
        await points.fill("0");
        await admin.save();
        await eventually(() => points.getAttribute("aria-invalid"), "true");
      },
    },
  ];
}
