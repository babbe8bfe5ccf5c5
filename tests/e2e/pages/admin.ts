// The admin as a merchant uses it: the shell around, the app in its frame.
import type { Browser, BrowserContextOptions, FrameLocator, Locator, Page } from "playwright-core";

import type { StackShop } from "../../demo/stack";
import { openContext } from "../../setup/chromium";
import campaignsEn from "../../../app/i18n/en/campaigns.json";
import en from "../../../app/i18n/en/core.json";
import healthEn from "../../../app/i18n/en/health.json";
import messagesEn from "../../../app/i18n/en/messages.json";
import privacyEn from "../../../app/i18n/en/privacy.json";
import referralsEn from "../../../app/i18n/en/referrals.json";
import reviewsEn from "../../../app/i18n/en/reviews.json";
import rewardsEn from "../../../app/i18n/en/rewards.json";
import tiersEn from "../../../app/i18n/en/tiers.json";
import transfersEn from "../../../app/i18n/en/transfers.json";
import waysEn from "../../../app/i18n/en/ways.json";
import wizardEn from "../../../app/i18n/en/wizard.json";
import campaignsJa from "../../../app/i18n/ja/campaigns.json";
import ja from "../../../app/i18n/ja/core.json";
import healthJa from "../../../app/i18n/ja/health.json";
import messagesJa from "../../../app/i18n/ja/messages.json";
import privacyJa from "../../../app/i18n/ja/privacy.json";
import referralsJa from "../../../app/i18n/ja/referrals.json";
import reviewsJa from "../../../app/i18n/ja/reviews.json";
import rewardsJa from "../../../app/i18n/ja/rewards.json";
import tiersJa from "../../../app/i18n/ja/tiers.json";
import transfersJa from "../../../app/i18n/ja/transfers.json";
import waysJa from "../../../app/i18n/ja/ways.json";
import wizardJa from "../../../app/i18n/ja/wizard.json";
import storefrontEn from "../../../extensions/storefront/locales/en.default.json";
import storefrontJa from "../../../extensions/storefront/locales/ja.json";
import { Control, eventually } from "./control";

export type Language = "en" | "ja";

/** The shell's words that the tests press or read. */
const SHELL = {
  en: {
    install: "Install app",
    unsaved: "Unsaved changes",
    save: "Save",
    discard: "Discard",
    stay: "Stay",
    leave: "Leave page",
  },
  ja: {
    install: "インストール",
    unsaved: "保存されていない変更",
    save: "保存",
    discard: "破棄",
    stay: "ページに留まる",
    leave: "ページを離れる",
  },
} as const;

/** The app's own words by language. */
export const WORDS = { en, ja } as const;
/** The words of the program's own pages. */
export const PROGRAM_WORDS = {
  en: {
    ...campaignsEn,
    ...healthEn,
    ...messagesEn,
    ...privacyEn,
    ...referralsEn,
    ...reviewsEn,
    ...rewardsEn,
    ...tiersEn,
    ...transfersEn,
    ...waysEn,
    ...wizardEn,
  },
  ja: {
    ...campaignsJa,
    ...healthJa,
    ...messagesJa,
    ...privacyJa,
    ...referralsJa,
    ...reviewsJa,
    ...rewardsJa,
    ...tiersJa,
    ...transfersJa,
    ...waysJa,
    ...wizardJa,
  },
} as const;
/** The words of the theme blocks. */
export const STOREFRONT_WORDS = { en: storefrontEn.kizuna, ja: storefrontJa.kizuna } as const;

interface ToastWindow extends Window {
  kizunaToasts?: string[];
}
/** Runs in the page: a toast stays for seconds, which a busy machine may need before it looks. */
function rememberToasts(): void {
  const shown: string[] = ((window as ToastWindow).kizunaToasts = []);
  const note = (node: Node) => {
    if (node.parentElement?.matches("[data-toasts]")) shown.push(node.textContent ?? "");
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(note);
  }).observe(document, { childList: true, subtree: true });
}

export class AdminPage {
  readonly words: (typeof SHELL)[Language];
  readonly app: FrameLocator;

  private constructor(
    readonly page: Page,
    readonly shop: StackShop,
    readonly language: Language,
    /** Errors that pages and the console reported, in the app's frame too. */
    readonly problems: string[],
  ) {
    this.words = SHELL[language];
    this.app = page.frameLocator("iframe[data-app]");
  }

  /** A signed-in member of staff with a fresh browser profile, on no page yet. */
  static async open(
    browser: Browser,
    shop: StackShop,
    language: Language,
    options: BrowserContextOptions = {},
  ): Promise<AdminPage> {
    const context = await openContext(browser, { locale: language === "ja" ? "ja-JP" : "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    await page.addInitScript(rememberToasts);
    const problems: string[] = [];
    // Remix complains about its own stream when a navigation overtakes another: nothing is lost.
    const note = (text: string) => text.includes("BodyStreamBuffer was aborted") || problems.push(text);
    page.on("pageerror", (error) => note(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") note(message.text());
    });
    return new AdminPage(page, shop, language, problems);
  }

  /** Opens a page of the app by its address in the admin: "", "/app/members" … */
  async visit(path: string): Promise<void> {
    const url = new URL(this.shop.admin + path);
    url.searchParams.set("locale", this.language);
    await this.page.goto(url.href);
  }

  /** The heading of the app's page, once the page is there and answers. */
  async sees(title: string): Promise<void> {
    const heading = this.app.getByRole("heading", { level: 1, name: title });
    await heading.waitFor();
    await eventually(
      () => heading.evaluate((node) => Object.keys(node).some((key) => key.startsWith("__react"))),
      true,
    );
  }

  /** Installs through the install page, and waits until the app shows Home. */
  async install(): Promise<void> {
    await this.visit("");
    await this.page.getByRole("button", { name: this.words.install }).click();
    await this.sees(WORDS[this.language].home.title);
  }

  /** Follows an entry of the app's menu. */
  async menu(name: string): Promise<void> {
    await this.page.locator("[data-app-nav]").getByRole("link", { name, exact: true }).click();
  }

  get saveBar(): Locator {
    return this.page.getByRole("region", { name: this.words.unsaved });
  }

  async save(): Promise<void> {
    await this.saveBar.getByRole("button", { name: this.words.save, exact: true }).click();
  }

  async discard(): Promise<void> {
    await this.saveBar.getByRole("button", { name: this.words.discard, exact: true }).click();
  }

  /** A toast with this text, shown since the last one that was waited for; it may have gone by now. */
  async toast(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const { kizunaToasts: shown = [] } = window as ToastWindow;
      const at = shown.findIndex((each) => each.includes(wanted));
      shown.splice(0, at + 1);
      return at >= 0;
    }, text);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Installs the app where it is not, through the install page, and starts the program with its defaults. */
export async function ensureStarted(browser: Browser, shop: StackShop): Promise<void> {
  if (await new Control(shop).isInstalled()) return;
  const admin = await AdminPage.open(browser, shop, "en");
  await admin.install();
  await admin.visit("/app/program/earning");
  await admin.sees(en.earning.title);
  await admin.app.getByRole("button", { name: en.earning.not_started.action }).click();
  await admin.toast(en.earning.saved);
  await admin.close();
}
