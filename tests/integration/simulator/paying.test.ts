// Rewards at the checkout: codes that apply or say why not, gift cards and store credit that pay, and what
// comes back when an order is refunded.
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  cancelOrder,
  createDiscount,
  createGiftCard,
  creditAccount,
  creditAccountFor,
  creditBalance,
  giftCardBalance,
  refundOrder,
  settleRefund,
} from "../../simulator/order-engine";
import { totals } from "../../simulator/order-math";
import { orderBody } from "../../simulator/payloads/order";
import type { SimCustomer, SimOrder } from "../../simulator/state";
import { startPages, TOKYO, type Pages } from "./pages";
import { form, shopper, type Visit } from "./shopper";

let pages: Pages;
beforeAll(async () => {
  pages = await startPages((_, res) => res.end("app"), "");
});
afterAll(async () => pages.stop());

const newShopper = (): Visit => shopper(pages.sim.addresses.storefronts[TOKYO] ?? "");
const text = async (response: Promise<Response>): Promise<string> => (await response).text();
const named = (handle: string) => {
  const product = Object.values(pages.tokyo.products).find((one) => one.handle === handle);
  if (!product) throw new Error(`no product ${handle}`);
  return product;
};
const hina = (): SimCustomer => {
  const found = Object.values(pages.tokyo.customers).find(({ email }) => email === "hina@example.com");
  if (!found) throw new Error("no customer hina@example.com");
  return found;
};

async function withSoap(quantity = 2, email: string | null = "hina@example.com"): Promise<Visit> {
  const visit = newShopper();
  if (email) await visit("/account/login", form({ email }));
  await visit(
    "/cart/add",
    form({ id: named("yuzu-rice-bran-soap").variants[0]?.id ?? "", quantity: String(quantity) }),
  );
  return visit;
}

async function buy(visit: Visit, payment = "card"): Promise<SimOrder> {
  const placed = await visit("/checkout", form({ email: "hina@example.com", payment }));
  const token = /\/orders\/(\w+)/.exec(placed.headers.get("location") ?? "")?.[1];
  const order = Object.values(pages.tokyo.orders).find((one) => one.token === token);
  if (!order) throw new Error(`not placed: ${placed.status} ${(await placed.text()).slice(0, 500)}`);
  return order;
}

describe("a code of a reward", () => {
  it("is put into the session by its link and shown in the cart", async () => {
    createDiscount(pages.sim, TOKYO, {
      code: "REWARD-OK",
      kind: "amount",
      value: 300,
      customerIds: [hina().id],
      usageLimit: 1,
    });
    const visit = await withSoap();
    const linked = await visit("/discount/REWARD-OK?redirect=/cart");
    expect(linked.headers.get("location")).toBe("/cart");
    expect(await text(visit("/cart"))).toContain("REWARD-OK");
    const cart = (await (await visit("/cart.js")).json()) as Record<string, unknown>;
    expect(cart).toMatchObject({
      total_discount: 30_000,
      discount_codes: [{ code: "REWARD-OK", applicable: true }],
    });
    const order = await buy(visit);
    expect(order.discountCodes).toMatchObject([{ code: "REWARD-OK", amountMinor: 300 }]);
    const again = await withSoap();
    await again("/discount/REWARD-OK");
    expect(await text(again("/cart"))).toContain("利用回数の上限に達しました");
  });

  it("says on the cart why it does not apply, and can be taken away there", async () => {
    createDiscount(pages.sim, TOKYO, { code: "REWARD-HERS", kind: "amount", value: 300, customerIds: [hina().id] });
    createDiscount(pages.sim, TOKYO, { code: "REWARD-MIN", kind: "amount", value: 300, minimumMinor: 100_000 });
    const visit = await withSoap(1, "ren@example.com");
    await visit("/discount/REWARD-HERS?redirect=/cart");
    await visit("/discount/REWARD-MIN?redirect=/cart");
    const cart = await text(visit("/cart"));
    expect(cart).toMatch(/REWARD-HERS<\/strong>: 特定のお客様専用のコードです/);
    expect(cart).toMatch(/REWARD-MIN<\/strong>: 最低購入金額に達していません/);
    await visit("/cart", form({ discount: "REWARD-MIN" }));
    expect(await text(visit("/cart"))).not.toContain("REWARD-HERS");
  });

  it("for one product takes that product's price, and webhooks say so", async () => {
    const soap = named("yuzu-rice-bran-soap");
    createDiscount(pages.sim, TOKYO, {
      code: "FREE-SOAP",
      kind: "amount",
      value: soap.variants[0]?.priceMinor ?? 0,
      items: { productIds: [soap.id], variantIds: [], collectionIds: [] },
      combinesWith: { order: true, product: false, shipping: true },
    });
    createDiscount(pages.sim, TOKYO, {
      code: "TEN-MORE",
      combinesWith: { order: false, product: true, shipping: true },
    });
    createDiscount(pages.sim, TOKYO, {
      code: "SHIP-FREE",
      kind: "free_shipping",
      maximumShippingMinor: 1_000,
      combinesWith: { order: true, product: true, shipping: false },
    });
    const visit = await withSoap(2);
    for (const code of ["FREE-SOAP", "TEN-MORE", "SHIP-FREE"]) await visit(`/discount/${code}`);
    const order = await buy(visit);
    const price = soap.variants[0]?.priceMinor ?? 0;
    expect(order.discountCodes.map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      ["FREE-SOAP", price],
      ["TEN-MORE", Math.floor(price / 10)],
      ["SHIP-FREE", order.shipping?.priceMinor],
    ]);
    expect(order.lines[0]?.discounts.map(({ scope }) => scope)).toEqual(["line", "order"]);
    const body = orderBody(pages.tokyo, order);
    expect(body.discount_applications).toMatchObject([
      { code: "FREE-SOAP", target_selection: "entitled", value_type: "fixed_amount", value: String(price) },
      { code: "TEN-MORE", target_selection: "all", value_type: "percentage", value: "10.0" },
      { code: "SHIP-FREE", target_type: "shipping_line", value_type: "percentage", value: "100.0" },
    ]);
    expect(body.line_items).toMatchObject([
      {
        discount_allocations: [
          { discount_application_index: 0, amount: String(price) },
          { discount_application_index: 1 },
        ],
      },
    ]);
    expect(body.shipping_lines).toMatchObject([{ discount_allocations: [{ discount_application_index: 2 }] }]);
  });

  it("for other products, or cheaper shipping, does not apply", async () => {
    const oil = named("camellia-face-oil");
    createDiscount(pages.sim, TOKYO, {
      code: "OIL-ONLY",
      items: { productIds: [], variantIds: [oil.variants[0]?.id ?? ""], collectionIds: [] },
    });
    createDiscount(pages.sim, TOKYO, { code: "CHEAP-SHIP", kind: "free_shipping", maximumShippingMinor: 100 });
    const visit = await withSoap(1);
    await visit("/discount/OIL-ONLY");
    await visit("/discount/CHEAP-SHIP");
    const page = await text(visit("/checkout"));
    expect(page).toContain("OIL-ONLY: カートに割引対象の商品がありません");
    expect(page).toContain("CHEAP-SHIP: 配送料がこのコードの上限を超えています");
  });

  it("comes once per customer, also to the same address without an account", async () => {
    createDiscount(pages.sim, TOKYO, { code: "JUST-ONCE", oncePerCustomer: true });
    const first = await withSoap(1);
    await first("/discount/JUST-ONCE");
    await buy(first);
    const again = await withSoap(1);
    await again("/discount/JUST-ONCE");
    expect(await text(again("/cart"))).toContain("すでにご利用済みです");
  });
});

describe("gift cards and store credit", () => {
  it("pay in part, the card the rest; a refund puts back what they paid", async () => {
    const card = createGiftCard(pages.sim, TOKYO, { code: "PRESENT12345678", initialMinor: 700 });
    const account = creditAccountFor(pages.sim, TOKYO, hina().id, "JPY");
    creditAccount(pages.sim, account, { amountMinor: 400 });
    const visit = await withSoap(2);
    await visit("/checkout/discount", form({ discount_code: "present-1234 5678" }));
    expect(await text(visit("/checkout"))).toMatch(/data-credit><span>ストアクレジット: [¥￥]400/);
    await visit("/checkout/credit", form({ use: "1" }));
    const page = await text(visit("/checkout"));
    expect(page).toMatch(/data-gift-card>−[¥￥]700/);
    expect(page).toMatch(/data-store-credit>−[¥￥]400/);
    const order = await buy(visit);
    const total = totals(order).totalMinor;
    expect(order.payments.map(({ gateway, amountMinor }) => [gateway, amountMinor])).toEqual([
      ["gift_card", 700],
      ["shopify_store_credit", 400],
      ["bogus", total - 1_100],
    ]);
    expect([giftCardBalance(card), creditBalance(account)]).toEqual([0, 0]);
    expect(await text(visit(`/orders/${order.token}`))).toMatch(/•••• 5678<\/dt><dd data-paid-by="gift_card">/);

    // Cards get theirs back first, then the gift card, then the credit.
    refundOrder(pages.sim, TOKYO, order.id, { amountMinor: total - 1_100 });
    expect(giftCardBalance(card)).toBe(0);
    const pending = refundOrder(pages.sim, TOKYO, order.id, { amountMinor: 500, status: "pending" });
    expect(giftCardBalance(card)).toBe(0);
    settleRefund(pages.sim, TOKYO, order.id, pending.id, "success");
    expect([giftCardBalance(card), creditBalance(account)]).toEqual([500, 0]);
    refundOrder(pages.sim, TOKYO, order.id, { amountMinor: 600 });
    expect([giftCardBalance(card), creditBalance(account)]).toEqual([700, 400]);
    expect(account.transactions.at(-1)).toMatchObject({ type: "credit", event: "order_refund", orderId: order.id });
  });

  it("take a refund that the merchant pays out as store credit", async () => {
    const order = await buy(await withSoap(1));
    const account = creditAccountFor(pages.sim, TOKYO, hina().id, "JPY");
    const before = creditBalance(account);
    refundOrder(pages.sim, TOKYO, order.id, { amountMinor: 300, gateway: "shopify_store_credit" });
    expect(creditBalance(account) - before).toBe(300);
  });

  it("may pay everything, and a cancelled order gives it back", async () => {
    const account = creditAccountFor(pages.sim, TOKYO, hina().id, "JPY");
    creditAccount(pages.sim, account, { amountMinor: 100_000 });
    const before = creditBalance(account);
    const visit = await withSoap(1);
    await visit("/checkout/credit", form({ use: "1" }));
    expect(await text(visit("/checkout"))).toContain("data-nothing-due");
    const order = await buy(visit);
    expect(order.payments.map(({ gateway }) => gateway)).toEqual(["shopify_store_credit"]);
    expect(creditBalance(account)).toBe(before - totals(order).totalMinor);
    cancelOrder(pages.sim, TOKYO, order.id);
    expect(creditBalance(account)).toBe(before);
    expect(account.transactions.at(-1)?.event).toBe("order_cancellation");
  });

  it("are refused when expired or empty, and the credit is offered to nobody else", async () => {
    createGiftCard(pages.sim, TOKYO, { code: "GONE12345678", initialMinor: 700, expiresOn: "2020-01-01" });
    const visit = await withSoap(1, "ren@example.com");
    await visit("/checkout/discount", form({ discount_code: "GONE12345678" }));
    await visit("/checkout/credit", form({ use: "1" }));
    const page = await text(visit("/checkout"));
    expect(page).toContain("ギフトカードの有効期限が切れています");
    expect(page).not.toContain("data-credit");
    const order = await buy(visit);
    expect(order.payments.map(({ gateway }) => gateway)).toEqual(["bogus"]);
  });
});
