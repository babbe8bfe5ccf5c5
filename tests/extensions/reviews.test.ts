import { getExtension } from "@shopify/ui-extensions-tester";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { OrderReviewsAnswer } from "../../app/storefront/account-answers";
import { appThatAnswers, button, extensionFolder, shownTexts, translator } from "./host";

const ORDER = "gid://shopify/Order/1001";
const status = getExtension("customer-account.order-status.block.render", {
  configSearchDir: extensionFolder("account"),
});
const profile = getExtension("customer-account.profile.block.render", { configSearchDir: extensionFolder("account") });
const LINE = "gid://shopify/LineItem/11";
const FOUND: OrderReviewsAnswer = {
  outcome: "found",
  name: "Jane S.",
  points: 100,
  products: [
    { lineId: LINE, title: "Morning tea", review: null },
    { lineId: "gid://shopify/LineItem/12", title: "Kettle", review: { rating: 4, state: "held" } },
  ],
};
const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const seen = (text: string) => soon(() => expect(shownTexts()).toContain(text));

async function show(
  extension: typeof status | typeof profile,
  replies: Record<string, (object | "away")[]>,
  file: "en.default" | "ja" = "en.default",
) {
  const app = appThatAnswers(replies);
  extension.fetch = app.fetch;
  extension.shopify.i18n.translate = translator("account", file) as never;
  extension.shopify.sessionToken.get = async () => "the.session.token";
  await extension.render();
  return app;
}
/** Types into a field of the host's, as the host tells of it. */
function type(label: string, value: string): void {
  const field = [...document.querySelectorAll("s-text-field, s-text-area")].find(
    (each) => (each.getAttribute("label") ?? (each as { label?: string }).label) === label,
  );
  if (!field) throw new Error(`no field: ${label}`);
  (field as HTMLInputElement).value = value;
  field.dispatchEvent(new Event("change"));
}
function choose(rating: string): void {
  const list = document.querySelector("s-choice-list");
  if (!list) throw new Error("no list of stars");
  (list as unknown as { values: string[] }).values = [rating];
  list.dispatchEvent(new Event("change"));
}
const click = (label: string) => button(label).dispatchEvent(new Event("click"));

describe("the review of a purchase on the order-status page", () => {
  beforeEach(() => {
    status.setUp();
    status.shopify.order.value = { id: ORDER, name: "#1001" };
  });
  afterEach(() => status.tearDown());

  it("sends stars and text by the session token, and says what becomes of them", async () => {
    const app = await show(status, {
      "/account-api/order": [{ outcome: "not_found" }],
      "/account-api/reviews": [FOUND],
      "/account-api/review": [{ outcome: "held" }],
    });
    await seen("Morning tea");
    await seen("You gave 4 stars: good. Your review is being checked.");
    click("Write a review");
    await soon(() => expect(document.querySelector("s-choice-list")).not.toBeNull());
    click("Send my review");
    await soon(() =>
      expect(document.querySelector("s-choice-list")?.getAttribute("error")).toBe("Choose one to five stars."),
    );
    choose("2");
    type("Headline (optional)", "Too small");
    type("Your review (optional)", "The tin is half full.");
    click("Send my review");
    await seen("Thank you. Your review will appear after a check.");
    expect(app.asked.find(({ path }) => path === "/account-api/review")).toMatchObject({
      method: "POST",
      authorization: "Bearer the.session.token",
      query: { locale: "en" },
      body: {
        order: ORDER,
        lineId: LINE,
        rating: 2,
        title: "Too small",
        body: "The tin is half full.",
        name: "Jane S.",
      },
    });
    await seen("Thank you. That is all.");
  });

  it("keeps the text when sending did not work", async () => {
    await show(status, {
      "/account-api/order": [{ outcome: "not_found" }],
      "/account-api/reviews": [FOUND],
      "/account-api/review": ["away"],
    });
    await seen("Morning tea");
    click("Write a review");
    await soon(() => expect(document.querySelector("s-choice-list")).not.toBeNull());
    choose("5");
    type("Your review (optional)", "Kept");
    click("Send my review");
    await seen("This did not work. Your text is still here: please try again.");
    expect(document.querySelector<HTMLInputElement>("s-text-area")?.value).toBe("Kept");
  });

  it("says nothing where nothing can be reviewed", async () => {
    const app = await show(status, {
      "/account-api/order": [{ outcome: "found", points: 0, state: "none", text: "None" }],
      "/account-api/reviews": [{ ...FOUND, products: [] }],
    });
    await seen("None");
    await soon(() => expect(app.asked.some(({ path }) => path === "/account-api/reviews")).toBe(true));
    expect(document.querySelectorAll("s-section")).toHaveLength(1);
  });
});

describe("the review of a purchase in the account", () => {
  beforeEach(() => profile.setUp());
  afterEach(() => profile.tearDown());

  it("offers what was bought lately, in Japanese", async () => {
    const app = await show(
      profile,
      { "/account-api/account": [{ outcome: "signed_out" }], "/account-api/reviews": [FOUND] },
      "ja",
    );
    await seen("レビューを書く");
    expect(app.asked.find(({ path }) => path === "/account-api/reviews")?.query).toEqual({ locale: "ja" });
  });
});
