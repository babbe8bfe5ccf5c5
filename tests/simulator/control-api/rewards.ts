// Discount codes, gift cards and store credit, as the merchant makes and changes them in the admin.
import { z } from "zod";

import {
  activateDiscount,
  createDiscount,
  createGiftCard,
  creditAccount,
  creditAccountFor,
  creditAccountOf,
  creditBalance,
  deactivateDiscount,
  deactivateGiftCard,
  debitAccount,
  deleteDiscount,
  giftCardBalance,
  settleCredit,
  updateDiscount,
} from "../order-engine";
import type { SimGiftCard, SimShop } from "../state";
import { bodyAs, NotFound, param, type ControlRoutes } from "./respond";

const minor = z.int().min(0);
const ids = z.array(z.string()).default([]);
const discountFields = z.strictObject({
  code: z.string().min(1),
  title: z.string().optional(),
  kind: z.enum(["amount", "percentage", "free_shipping"]).optional(),
  value: minor.optional(),
  items: z.strictObject({ productIds: ids, variantIds: ids, collectionIds: ids }).nullable().optional(),
  eachItem: z.boolean().optional(),
  maximumShippingMinor: minor.nullable().optional(),
  minimumMinor: minor.nullable().optional(),
  customerIds: z.array(z.string()).nullable().optional(),
  usageLimit: z.int().min(1).nullable().optional(),
  oncePerCustomer: z.boolean().optional(),
  startsAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime().nullable().optional(),
  combinesWith: z.strictObject({ order: z.boolean(), product: z.boolean(), shipping: z.boolean() }).optional(),
});
const giftCardBody = z.strictObject({
  initialMinor: z.int().min(1),
  code: z.string().optional(),
  note: z.string().nullable().optional(),
  customerId: z.string().nullable().optional(),
  expiresOn: z.iso.date().nullable().optional(),
});
/** Positive: credit; negative: debit. */
const creditBody = z.strictObject({ amountMinor: z.int(), expiresAt: z.iso.datetime().nullable().optional() });

/** Mounts the endpoints. */
export function mountRewards(routes: ControlRoutes): void {
  const base = "/control/shops/:domain";
  mountDiscounts(routes, base);
  mountGiftCards(routes, base);
  mountStoreCredit(routes, base);
}

function mountDiscounts(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  routes.on("GET", `${base}/discounts`, "Discount codes", (ctx) => ({
    discounts: Object.values(routes.shop(ctx).discounts),
  }));
  routes.on(
    "POST",
    `${base}/discounts`,
    "Makes a discount code. {code, kind?: amount | percentage | free_shipping, value?: minor or basis points, items?, minimumMinor?, …}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { discount: createDiscount(sim, shop.domain, await bodyAs(ctx, discountFields)) };
    },
  );
  routes.on("PATCH", `${base}/discounts/:id`, "Changes a discount code: the fields of POST", async (ctx) => {
    const shop = routes.shop(ctx);
    const body = await bodyAs(ctx, discountFields.partial());
    return { discount: updateDiscount(sim, shop.domain, param(ctx, "id"), body) };
  });
  routes.on("POST", `${base}/discounts/:id/deactivate`, "Switches a code off", (ctx) => ({
    discount: deactivateDiscount(sim, routes.shop(ctx).domain, param(ctx, "id")),
  }));
  routes.on("POST", `${base}/discounts/:id/activate`, "Switches a code on", (ctx) => ({
    discount: activateDiscount(sim, routes.shop(ctx).domain, param(ctx, "id")),
  }));
  routes.on("DELETE", `${base}/discounts/:id`, "Deletes a discount code", (ctx) =>
    deleteDiscount(sim, routes.shop(ctx).domain, param(ctx, "id")),
  );
}

const cardShown = (card: SimGiftCard) => ({ ...card, balanceMinor: giftCardBalance(card) });

function mountGiftCards(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  routes.on("GET", `${base}/gift-cards`, "Gift cards with their balances", (ctx) => ({
    giftCards: Object.values(routes.shop(ctx).giftCards).map(cardShown),
  }));
  routes.on(
    "POST",
    `${base}/gift-cards`,
    "Issues a gift card. {initialMinor, code?, note?, customerId?, expiresOn?}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { giftCard: cardShown(createGiftCard(sim, shop.domain, await bodyAs(ctx, giftCardBody))) };
    },
  );
  routes.on("POST", `${base}/gift-cards/:id/deactivate`, "Ends a gift card for good", (ctx) => ({
    giftCard: cardShown(deactivateGiftCard(sim, routes.shop(ctx).domain, param(ctx, "id"))),
  }));
}

function mountStoreCredit(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  const shown = (shop: SimShop, customerId: string) => {
    if (!shop.customers[customerId]) throw new NotFound(`${shop.domain} has no customer ${customerId}`);
    const account = creditAccountOf(shop, customerId, shop.currency);
    if (!account) return { balanceMinor: 0, transactions: [] };
    settleCredit(sim, account);
    return { balanceMinor: creditBalance(account), transactions: account.transactions };
  };
  const path = `${base}/customers/:id/store-credit`;
  routes.on("GET", path, "A customer's store credit, by id", (ctx) => shown(routes.shop(ctx), param(ctx, "id")));
  routes.on("POST", path, "Credits (or, below zero, debits) it. {amountMinor, expiresAt?}", async (ctx) => {
    const shop = routes.shop(ctx);
    const customerId = param(ctx, "id");
    const { amountMinor, expiresAt = null } = await bodyAs(ctx, creditBody);
    const account = creditAccountFor(sim, shop.domain, customerId, shop.currency);
    if (amountMinor < 0) debitAccount(sim, account, { amountMinor: -amountMinor });
    else creditAccount(sim, account, { amountMinor, expiresAt });
    return shown(shop, customerId);
  });
}
