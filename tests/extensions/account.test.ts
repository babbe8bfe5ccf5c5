import { getExtension } from "@shopify/ui-extensions-tester";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AccountAnswer } from "../../app/storefront/account-answers";
import { ACCOUNT } from "./answers";
import { appThatAnswers, button, extensionFolder, shownTexts, translator } from "./host";

const TARGET = "customer-account.profile.block.render";
const extension = getExtension(TARGET, { configSearchDir: extensionFolder("account") });
const ACCOUNT_PATH = "/account-api/account";
const REDEEM_PATH = "/account-api/redeem";

/** Shows the block in a language, with an app that answers so. */
async function show(replies: Parameters<typeof appThatAnswers>[0], language: "en.default" | "ja" = "en.default") {
  const app = appThatAnswers(replies);
  extension.fetch = app.fetch;
  extension.shopify.i18n.translate = translator("account", language) as never;
  extension.shopify.i18n.formatNumber = (value) => new Intl.NumberFormat("en").format(value);
  extension.shopify.i18n.formatDate = (date) => date.toISOString().slice(0, 10);
  extension.shopify.sessionToken.get = async () => "the.session.token";
  await extension.render();
  // What can be reviewed is asked for beside the points, in its own time.
  return {
    get asked() {
      return app.asked.filter(({ path }) => path !== "/account-api/reviews");
    },
  };
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const seen = (text: string) => soon(() => expect(shownTexts()).toContain(text));

beforeEach(() => extension.setUp());
afterEach(() => extension.tearDown());

describe("the account's points block", () => {
  it("keeps the place with a skeleton while it asks, with the session token", async () => {
    const app = await show({ [ACCOUNT_PATH]: [ACCOUNT] });
    expect(document.querySelectorAll("s-skeleton-paragraph").length).toBeGreaterThan(0);
    await seen("1,240 points");
    expect(document.querySelector("s-skeleton-paragraph")).toBeNull();
    expect(app.asked).toEqual([
      {
        method: "GET",
        path: ACCOUNT_PATH,
        query: { locale: "en" },
        authorization: "Bearer the.session.token",
        body: null,
      },
    ]);
  });

  it("shows balance, worth, expiry, tier with progress, rewards and history", async () => {
    await show({ [ACCOUNT_PATH]: [ACCOUNT] });
    await seen("1,240 points");
    expect(shownTexts()).toEqual(
      expect.arrayContaining([
        "Worth ¥1,240",
        "137 points on their way, usable soon",
        "300 points expire on 2026-12-31",
        "Your tier: Silver",
        "¥12,000 more in purchases for Gold",
        "3,760 more points needed",
        "+137 points",
        "137 points: ¥13,780 × 1 per ¥100",
        "22 November 2026, order #1001",
        "−37 points",
      ]),
    );
    const progress = document.querySelector("s-progress");
    expect(progress?.getAttribute("value") ?? (progress as { value?: number } | null)?.value).toEqual(
      expect.toSatisfy((value) => Number(value) === 38_000),
    );
  });

  it("speaks Japanese, and asks the app for Japanese", async () => {
    const app = await show({ [ACCOUNT_PATH]: [ACCOUNT] }, "ja");
    await seen("1,240ポイント");
    expect(shownTexts()).toContain("あと¥12,000のお買い物でGold");
    expect(app.asked[0]?.query["locale"]).toBe("ja");
  });

  it("says so when nobody is signed in, and when the program has not started", async () => {
    await show({ [ACCOUNT_PATH]: [{ outcome: "signed_out" }] });
    await seen("Sign in to see your points.");
    extension.tearDown();
    extension.setUp();
    await show({ [ACCOUNT_PATH]: [{ ...ACCOUNT, isOpen: false, history: [] }] });
    await seen("The points program has not started yet.");
  });

  it("offers a new member something to look forward to instead of empty lists", async () => {
    const empty: AccountAnswer = {
      ...ACCOUNT,
      available: 0,
      pending: 0,
      worth: null,
      nextExpiry: null,
      tier: null,
      history: [],
      rewards: [],
    };
    await show({ [ACCOUNT_PATH]: [empty] });
    await seen("No history yet. It starts with your next order.");
    expect(shownTexts()).toContain("There are no rewards at the moment.");
  });

  it("recovers from an error by itself on request", async () => {
    const app = await show({ [ACCOUNT_PATH]: ["away", "nonsense", { outcome: "unavailable" }, ACCOUNT] });
    for (let tries = 1; tries <= 3; tries += 1) {
      await soon(() => expect(app.asked).toHaveLength(tries));
      await soon(() => expect(button("Try again")).toBeTruthy());
      button("Try again").dispatchEvent(new Event("click"));
    }
    await seen("1,240 points");
    expect(document.querySelector("s-banner")).toBeNull();
  });
});

describe("joining in the account", () => {
  it("joins in one step and shows what came of it", async () => {
    const app = await show({
      [ACCOUNT_PATH]: [{ ...ACCOUNT, available: 0, worth: null, rewards: [], join: { points: 100 } }, ACCOUNT],
      "/account-api/join": [{ outcome: "joined", points: 100 }],
    });
    await seen("Join and get 100 points");
    expect(shownTexts()).not.toContain("Rewards");
    button("Join and get 100 points").dispatchEvent(new Event("click"));
    await seen("1,240 points");
    expect(app.asked[1]).toMatchObject({ method: "POST", path: "/account-api/join", body: { how: "click" } });
  });

  it("says why not", async () => {
    await show({
      [ACCOUNT_PATH]: [{ ...ACCOUNT, join: { points: 0 } }],
      "/account-api/join": [{ outcome: "unverified" }, "away"],
    });
    await seen("Join the program");
    button("Join the program").dispatchEvent(new Event("click"));
    await seen("Please confirm your e-mail address first, then join.");
    button("Join the program").dispatchEvent(new Event("click"));
    await seen("Joining did not work. Please try again.");
  });
});

describe("redeeming in the account", () => {
  const bought = (code: string | null): AccountAnswer => ({
    ...ACCOUNT,
    available: 840,
    redemptions: [
      {
        id: 5,
        title: "Free shipping",
        points: 400,
        status: code === null ? "reserved" : "issued",
        code,
        expiresAt: "2027-01-31T14:59:59.000Z",
      },
    ],
  });
  const redeemButton = (index: number) => {
    const found = [...document.querySelectorAll("s-button")].filter((each) => each.textContent === "Redeem")[index];
    if (!found) throw new Error("no such button");
    return found;
  };

  it("redeems by one click, then shows the code to read and to copy", async () => {
    const app = await show({
      [ACCOUNT_PATH]: [ACCOUNT, bought("KZ-ABCD-EFGH")],
      [REDEEM_PATH]: [{ outcome: "issued", redemption: { id: 5, status: "issued", code: "KZ-ABCD-EFGH" } }],
    });
    await seen("1,240 points");
    redeemButton(0).dispatchEvent(new Event("click"));
    await seen("Done. You find your reward above.");
    expect(shownTexts()).toEqual(expect.arrayContaining(["840 points", "KZ-ABCD-EFGH", "Use it by 2027-01-31"]));
    expect(app.asked[1]).toMatchObject({ method: "POST", path: REDEEM_PATH, body: { rewardId: 2 } });
    const clip = document.querySelector("s-clipboard-item");
    expect(clip?.getAttribute("text") ?? (clip as { text?: string } | null)?.text).toBe("KZ-ABCD-EFGH");
    expect(button("Copy").getAttribute("commandFor") ?? (button("Copy") as { commandFor?: string }).commandFor).toBe(
      "code-5",
    );
    clip?.dispatchEvent(new Event("copy"));
    await seen("Copied");
  });

  it("uses as many points as were chosen", async () => {
    const app = await show({ [ACCOUNT_PATH]: [ACCOUNT], [REDEEM_PATH]: [{ outcome: "issued" }] });
    await seen("1,240 points");
    const field = document.querySelector("s-number-field");
    if (!field) throw new Error("no field");
    Object.assign(field, { value: "700" });
    field.dispatchEvent(new Event("change"));
    redeemButton(1).dispatchEvent(new Event("click"));
    await seen("Done. You find your reward above.");
    expect(app.asked[1]?.body).toMatchObject({ rewardId: 3, points: 700 });
  });

  it("C02 asks again under the same key when the answer was lost, and under a new one for a new wish", async () => {
    const app = await show({
      [ACCOUNT_PATH]: [ACCOUNT],
      [REDEEM_PATH]: ["away", { outcome: "unavailable" }, { outcome: "issued" }],
    });
    await seen("1,240 points");
    for (let tries = 1; tries <= 4; tries += 1) {
      redeemButton(0).dispatchEvent(new Event("click"));
      const sent = () => app.asked.filter(({ path }) => path === REDEEM_PATH);
      await soon(() => expect(sent()).toHaveLength(tries));
      const told = tries < 3 ? "This did not work. Try again: you pay only once." : "Done. You find your reward above.";
      await seen(told);
      await soon(() => expect(document.querySelector('s-button[loading="true"]')).toBeNull());
    }
    const keys = app.asked
      .filter(({ path }) => path === REDEEM_PATH)
      .map(({ body }) => (body as { requestKey: string }).requestKey);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
    for (const key of keys) expect(key).toMatch(/^[\w-]{8,100}$/);
  });

  it("does not send a second request while the first is on its way", async () => {
    const app = await show({ [ACCOUNT_PATH]: [ACCOUNT], [REDEEM_PATH]: [{ outcome: "issued" }] });
    await seen("1,240 points");
    const click = redeemButton(0);
    click.dispatchEvent(new Event("click"));
    click.dispatchEvent(new Event("click"));
    await seen("Done. You find your reward above.");
    expect(app.asked.filter(({ path }) => path === REDEEM_PATH)).toHaveLength(1);
  });

  it("asks for another number when the field holds none", async () => {
    await show({ [ACCOUNT_PATH]: [ACCOUNT], [REDEEM_PATH]: [{ outcome: "bad_body" }] });
    await seen("1,240 points");
    redeemButton(1).dispatchEvent(new Event("click"));
    await seen("Please choose another number of points.");
  });

  it("offers rewards beside joining to those who may take them already", async () => {
    await show({ [ACCOUNT_PATH]: [{ ...ACCOUNT, join: { points: 0 } }] });
    await seen("Join the program");
    expect(redeemButton(0)).toBeTruthy();
  });

  it("says why a reward cannot be had, and what is still being prepared", async () => {
    await show({
      [ACCOUNT_PATH]: [ACCOUNT, bought(null), bought("KZ-LATER")],
      [REDEEM_PATH]: [{ outcome: "out_of_stock" }, { outcome: "reserved" }],
    });
    await seen("1,240 points");
    redeemButton(0).dispatchEvent(new Event("click"));
    await seen("This reward is out of stock.");
    redeemButton(0).dispatchEvent(new Event("click"));
    await seen("Being prepared");
    button("Check again").dispatchEvent(new Event("click"));
    await seen("KZ-LATER");
  });
});
