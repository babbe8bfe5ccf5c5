import { getExtension } from "@shopify/ui-extensions-tester";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { MEMBER } from "./answers";
import { appThatAnswers, button, extensionFolder, shownTexts, translator } from "./host";

const extension = getExtension("admin.customer-details.block.render", {
  configSearchDir: extensionFolder("customer-block"),
});
const PATH = "/admin-api-block/member";
const CUSTOMER = "gid://shopify/Customer/77";

async function show(
  replies: Parameters<typeof appThatAnswers>[0][string],
  language: "en.default" | "ja" = "en.default",
) {
  const app = appThatAnswers({ [PATH]: replies });
  extension.fetch = app.fetch;
  extension.shopify.i18n.translate = translator("customer-block", language) as never;
  extension.shopify.i18n.formatNumber = (value) => new Intl.NumberFormat("en").format(value);
  extension.shopify.i18n.formatDate = (date) => date.toISOString().slice(0, 10);
  extension.shopify.auth.idToken = async () => "the.id.token";
  extension.shopify.data.selected = [{ id: CUSTOMER }];
  await extension.render();
  return app;
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const seen = (text: string) => soon(() => expect(shownTexts()).toContain(text));

beforeEach(() => extension.setUp());
afterEach(() => extension.tearDown());

describe("the block on Shopify's customer page", () => {
  it("shows balance by bucket, tier, last steps and the way to the member", async () => {
    const app = await show([MEMBER]);
    expect(document.querySelector("s-spinner")).not.toBeNull();
    await seen("1,240 points");
    expect(shownTexts()).toEqual(
      expect.arrayContaining([
        "Pending: 137 points",
        "Redeemed so far: 500 points",
        "Tier: Silver, until 2027-12-31",
        "+137 points: 137 points: ¥13,780 × 1 per ¥100 (22 November 2026)",
        "Open member in Kizuna",
      ]),
    );
    expect(shownTexts().some((line) => line.includes("Reserved"))).toBe(false);
    const link = document.querySelector("s-link");
    expect(link?.getAttribute("href") ?? (link as { href?: string } | null)?.href).toBe("app:app/members/12");
    expect(app.asked).toEqual([
      {
        method: "GET",
        path: PATH,
        query: { customer: CUSTOMER, locale: "en" },
        authorization: "Bearer the.id.token",
        body: null,
      },
    ]);
  });

  it("speaks Japanese", async () => {
    await show([MEMBER], "ja");
    await seen("1,240ポイント");
    expect(shownTexts()).toContain("会員ランク：Silver（2027-12-31まで）");
  });

  it("says what to expect of a customer without points", async () => {
    await show([{ outcome: "not_found" }]);
    await seen("This customer has no points yet. They appear with the first order or when the customer joins.");
  });

  it("says when it did not work, and tries again", async () => {
    await show(["away", "nonsense", MEMBER]);
    await soon(() => expect(button("Try again")).toBeTruthy());
    button("Try again").dispatchEvent(new Event("click"));
    await soon(() => expect(document.querySelector("s-spinner")).toBeNull());
    await soon(() => expect(button("Try again")).toBeTruthy());
    button("Try again").dispatchEvent(new Event("click"));
    await seen("1,240 points");
  });
});
