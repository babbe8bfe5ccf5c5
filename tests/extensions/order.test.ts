import { getExtension } from "@shopify/ui-extensions-tester";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { appThatAnswers, extensionFolder, shownTexts, translator } from "./host";

const ORDER = "gid://shopify/Order/1001";
const ORDER_PATH = "/account-api/order";
const FOUND = { outcome: "found", points: 137, state: "pending", text: "137 points: ¥13,780 × 1 per ¥100" };
const thankYou = getExtension("purchase.thank-you.block.render", { configSearchDir: extensionFolder("account") });
const status = getExtension("customer-account.order-status.block.render", {
  configSearchDir: extensionFolder("account"),
});

async function show(extension: typeof thankYou | typeof status, replies: object[]) {
  const app = appThatAnswers({ [ORDER_PATH]: replies });
  extension.fetch = app.fetch;
  extension.shopify.i18n.translate = translator("account", "en.default") as never;
  extension.shopify.sessionToken.get = async () => "the.session.token";
  await extension.render();
  return app;
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const seen = (text: string) => soon(() => expect(shownTexts()).toContain(text));

describe("the thank-you page's block", () => {
  beforeEach(() => {
    thankYou.setUp();
    thankYou.shopify.orderConfirmation.value = { order: { id: ORDER }, number: "ABC", isFirstOrder: false };
  });
  afterEach(() => thankYou.tearDown());

  it("shows what the order earns, and why", async () => {
    const app = await show(thankYou, [FOUND]);
    await seen("137 points for this order");
    expect(shownTexts()).toEqual(
      expect.arrayContaining([FOUND.text, "You can use them soon: they are set aside until the order is settled."]),
    );
    expect(app.asked[0]).toMatchObject({
      query: { order: ORDER, locale: "en" },
      authorization: "Bearer the.session.token",
    });
  });

  it("waits for an order that is still on its way to us", async () => {
    const app = await show(thankYou, [{ outcome: "not_found" }, FOUND]);
    await seen("Working out the points for this order.");
    await seen("137 points for this order");
    expect(app.asked).toHaveLength(2);
  });

  it("says why an order earns nothing", async () => {
    await show(thankYou, [{ outcome: "found", points: 0, state: "none", text: "Below the minimum" }]);
    await seen("Below the minimum");
  });

  it("invites a guest to sign in", async () => {
    await show(thankYou, [{ outcome: "signed_out" }]);
    await seen("Sign in with the e-mail address of this order to collect its points.");
  });
});

describe("the order-status page's block", () => {
  beforeEach(() => status.setUp());
  afterEach(() => status.tearDown());

  it("shows the points of the order on the page", async () => {
    status.shopify.order.value = { id: ORDER, name: "#1001" };
    const app = await show(status, [{ ...FOUND, state: "available" }]);
    await seen("You can use them now.");
    expect(app.asked[0]?.query["order"]).toBe(ORDER);
  });

  it("asks nobody when the page has no order", async () => {
    status.shopify.order.value = undefined;
    const app = await show(status, [FOUND]);
    await soon(() => expect(shownTexts().length).toBeGreaterThan(0));
    expect(app.asked).toEqual([]);
  });
});
