// Every page of the admin and of the storefront with something to see on it, for tests that look at all of them.
import type { Browser, Locator } from "playwright-core";

import { AdminPage, PROGRAM_WORDS, STOREFRONT_WORDS, WORDS, type Language } from "./admin";
import { Control, eventually, shopIn, type ControlProduct } from "./control";
import { makeFresh } from "./fresh-shop";
import { Shopper } from "./shopper";

export const WIDTHS = [1280, 390] as const;

/** The shop whose staff and shoppers read this language. */
export const shopFor = (language: Language) => shopIn(language === "ja" ? "JPY" : "USD");

export interface Screen {
  name: string;
  /** Brings the page up in an open admin. */
  open(admin: AdminPage): Promise<void>;
}

/** A member with a story to show: an order, a partial refund, an edit, a reward, a friend. */
export interface Story {
  email: string;
  name: string;
  product: ControlProduct;
  /** The member's own link for friends. */
  link: string;
}

/** A fresh shop with the program that the wizard makes, a campaign and referrals, and a member who uses it all. */
export async function makeStory(browser: Browser, language: Language): Promise<Story> {
  const control = new Control(shopFor(language));
  await makeFresh(control);
  await startProgram(browser, language);
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
  const link = await takePart(browser, language, email);
  return { email, product, link, name: language === "ja" ? "水野 結衣" : "Marguerite Whitfield" };
}

async function startProgram(browser: Browser, language: Language): Promise<void> {
  const { wizard, referrals } = PROGRAM_WORDS[language];
  const admin = await AdminPage.open(browser, shopFor(language), language);
  await admin.install();
  await admin.visit("/app/program/wizard");
  await admin.sees(wizard.title);
  await admin.app.getByRole("button", { name: wizard.start }).click();
  await admin.app.getByText(wizard.done.title).waitFor();
  await addCampaign(admin);
  await admin.visit("/app/program/referrals");
  await admin.sees(referrals.title);
  await admin.app.getByLabel(referrals.field.enabled).check({ force: true });
  await admin.save();
  await admin.toast(referrals.saved);
  await admin.close();
}

async function addCampaign(admin: AdminPage): Promise<void> {
  const { campaigns } = PROGRAM_WORDS[admin.language];
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await admin.visit("/app/program/campaigns/new");
  await admin.sees(campaigns.new);
  await admin.app
    .getByLabel(campaigns.editor.name)
    .first()
    .fill(admin.language === "ja" ? "年末ダブルポイント" : "Winter double points");
  await admin.app.getByLabel(campaigns.editor.from, { exact: true }).fill(`${day(3)}T10:00`);
  await admin.app.getByLabel(campaigns.editor.until, { exact: true }).fill(`${day(10)}T10:00`);
  await admin.save();
  await admin.toast(campaigns.saved);
}

/** Joins, takes a reward and makes the link for friends; answers the link. */
async function takePart(browser: Browser, language: Language, email: string): Promise<string> {
  const words = STOREFRONT_WORDS[language];
  const shopper = await Shopper.open(browser, shopFor(language));
  const { page } = shopper;
  await shopper.signIn(email);
  await shopper.visit("/pages/points");
  await page.locator("kizuna-join button").click();
  await page.getByText(words.join.done).waitFor();
  const reward = language === "ja" ? "お買い物にポイントを使う" : "Use points on your order";
  const dialog = await shopper.choose(reward);
  await dialog.getByLabel(words.redeem.how_many, { exact: true }).fill("100");
  await dialog.getByRole("button", { name: words.redeem.confirm }).click();
  await dialog.locator("[data-slot=code]").waitFor();
  await shopper.visit("/pages/points");
  // Who joined while referrals were on has a link already.
  const make = page.getByRole("button", { name: words.invite.get });
  await page.locator("kizuna-copy").waitFor();
  if (await make.isVisible()) await make.click();
  const field = page.getByLabel(words.invite.link);
  await eventually(async () => (await field.inputValue()) !== "", true);
  const link = await field.inputValue();
  await shopper.close();
  return link;
}

type At = (name: string, path: string, title: string) => Screen;

/** The pages of the admin in a language, with a member to open. */
export function adminScreens(language: Language, story: Story): Screen[] {
  const words = WORDS[language];
  const at: At = (name, path, title) => ({
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
    ...programScreens(language, at),
    ...rewardScreens(language, at),
    ...peopleScreens(language, at, story),
    ...reviewPages(language, at),
    at("settings", "/app/settings", words.settings.title),
    at("health", "/app/health", PROGRAM_WORDS[language].health.title),
    at("privacy", "/app/settings/privacy", PROGRAM_WORDS[language].privacy.title),
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
        await saveWrong(admin, admin.app.getByLabel(words.earning.rate.points));
      },
    },
  ];
}

/** The page with what it says about a field that cannot be. */
async function saveWrong(admin: AdminPage, field: Locator): Promise<void> {
  await field.fill("0");
  await admin.save();
  await eventually(() => field.getAttribute("aria-invalid"), "true");
}

function programScreens(language: Language, at: At): Screen[] {
  const { ways, campaigns, tiers, referrals, wizard } = PROGRAM_WORDS[language];
  return [
    at("wizard", "/app/program/wizard", wizard.title),
    {
      name: "wizard-done",
      async open(admin) {
        await admin.visit("/app/program/wizard");
        await admin.sees(wizard.title);
        await admin.app.getByRole("button", { name: wizard.start }).click();
        await admin.app.getByText(wizard.done.title).waitFor();
      },
    },
    at("ways", "/app/program/ways", ways.title),
    {
      name: "way-chooser",
      async open(admin) {
        await admin.visit("/app/program/ways");
        await admin.sees(ways.title);
        await admin.app.getByRole("button", { name: ways.add, exact: true }).click();
        await admin.app.getByRole("button", { name: ways.kind.social }).click();
        await admin.app.getByLabel(ways.field.url).waitFor();
      },
    },
    at("campaigns", "/app/program/campaigns", campaigns.title),
    {
      name: "campaign",
      async open(admin) {
        await admin.visit("/app/program/campaigns");
        await admin.sees(campaigns.title);
        await admin.app.locator("a[data-primary-link]").first().click();
        await admin.app.getByText(campaigns.precedence.title).waitFor();
      },
    },
    at("tiers", "/app/program/tiers", tiers.title),
    {
      name: "tier-plan",
      async open(admin) {
        await admin.visit("/app/program/tiers");
        await admin.sees(tiers.title);
        await admin.app.getByRole("button", { name: tiers.change }).click();
        await admin.app.getByText(tiers.preview.title, { exact: true }).waitFor();
      },
    },
    at("referrals", "/app/program/referrals", referrals.title),
  ];
}

function rewardScreens(language: Language, at: At): Screen[] {
  const { rewards, redemptions } = PROGRAM_WORDS[language];
  const title = language === "ja" ? "お買い物にポイントを使う" : "Use points on your order";
  return [
    at("rewards", "/app/rewards", rewards.title),
    at("reward-kinds", "/app/rewards/new", rewards.chooser.title),
    at("reward-voucher", "/app/rewards/new?kind=voucher", rewards.kind.voucher),
    {
      name: "reward",
      async open(admin) {
        await admin.visit("/app/rewards");
        await admin.sees(rewards.title);
        await admin.app.getByRole("link", { name: title, exact: true }).click();
        await admin.app.getByLabel(rewards.form.points_least).waitFor();
      },
    },
    {
      name: "reward-wrong",
      async open(admin) {
        await admin.visit("/app/rewards/new?kind=points_off");
        await admin.sees(rewards.kind.points_off);
        await saveWrong(admin, admin.app.getByLabel(rewards.form.points_least));
      },
    },
    at("redemptions", "/app/rewards/redemptions", redemptions.title),
  ];
}

function reviewPages(language: Language, at: At): Screen[] {
  const { reviews } = PROGRAM_WORDS[language];
  return [
    at("reviews", "/app/reviews", reviews.inbox.title),
    at("reviews-all", "/app/reviews?tab=all", reviews.inbox.title),
    at("review-requests", "/app/reviews/requests", reviews.requests.title),
    at("review-tasks", "/app/reviews/tasks", reviews.tasks.title),
    at("review-gallery", "/app/reviews/gallery", reviews.gallery.title),
    at("review-analytics", "/app/reviews/analytics", reviews.analytics.title),
    {
      name: "review-settings",
      async open(admin) {
        await admin.visit("/app/settings/reviews");
        await admin.sees(reviews.settings.title);
        await admin.app.getByRole("button", { name: reviews.settings.questions.add, exact: true }).click();
        await saveWrong(admin, admin.app.getByLabel(reviews.settings.requests.link_days));
      },
    },
  ];
}

function peopleScreens(language: Language, at: At, story: Story): Screen[] {
  const { transfers, messages } = PROGRAM_WORDS[language];
  return [
    at("import", "/app/members/import", transfers.title),
    {
      name: "import-checked",
      async open(admin) {
        await admin.visit("/app/members/import");
        await admin.sees(transfers.title);
        const rows = [
          "email,points",
          `${story.email},120`,
          `${story.email},5`,
          "nobody@example.com,30",
          "not an address,1",
        ];
        await admin.app
          .locator("input[type=file]")
          .setInputFiles({ name: "points.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
        await admin.app.getByRole("button", { name: transfers.file.check }).click();
        await admin.app.getByText(transfers.preview.title).waitFor();
      },
    },
    at("messages", "/app/settings/messages", messages.title),
  ];
}

export interface StorefrontScreen {
  name: string;
  open(shopper: Shopper): Promise<void>;
}

/** The blocks in the theme, as a guest and as the signed-in member of the story sees them. */
export function storefrontScreens(
  language: Language,
  story: Story,
): { guest: StorefrontScreen[]; member: StorefrontScreen[] } {
  const words = STOREFRONT_WORDS[language];
  const launcher: StorefrontScreen = {
    name: "launcher",
    async open(shopper) {
      await shopper.visit("/");
      await shopper.page.locator("kizuna-launcher [data-do=open]").click();
      await shopper.page.locator("kizuna-launcher dialog[open]").waitFor();
    },
  };
  const panel = async (shopper: Shopper) => {
    await shopper.visit("/pages/points");
    await shopper.page.locator("kizuna-panel").waitFor();
  };
  return {
    guest: [
      { name: "points-guest", open: panel },
      { ...launcher, name: "launcher-guest" },
      {
        name: "friend",
        async open({ page }) {
          await page.goto(story.link);
          await page.locator("kizuna-friend form").waitFor();
        },
      },
    ],
    member: [
      {
        name: "product",
        async open(shopper) {
          await shopper.visit(`/products/${story.product.handle}`);
          await shopper.page.locator("kizuna-earn p:not([hidden])").waitFor();
        },
      },
      {
        name: "points-member",
        async open(shopper) {
          await panel(shopper);
          await shopper.page.getByRole("button", { name: words.codes.show }).click();
          await shopper.page.locator(".kizuna-codes li").first().waitFor();
          await shopper.history();
        },
      },
      {
        name: "redeem",
        async open(shopper) {
          await shopper.choose(language === "ja" ? "お買い物にポイントを使う" : "Use points on your order");
        },
      },
      launcher,
      {
        name: "cart",
        async open(shopper) {
          await shopper.addToCart(story.product.handle, 2);
          await shopper.visit("/cart");
          await shopper.page.locator("kizuna-cart-earn p").waitFor();
        },
      },
    ],
  };
}
