// The checkout: one page from contact to payment, then the order's status page.
import {
  createOrder,
  findGiftCard,
  giftCardBalance,
  isGiftCardGood,
  Refused,
  updateCustomer,
} from "../../order-engine";
import type { CreateOrderInput, PricedCart } from "../../order-engine";
import type { SimOrder } from "../../state";
import type { ThemeRenderer } from "../liquid/render";
import { price } from "../liquid/objects";
import type { View } from "../liquid/objects";
import { addCode } from "./cart-routes";
import { readForm } from "./form";
import type { FormBody } from "./form";
import { checkoutObjects, sendPage } from "./pages";
import { addGiftCard, tenderOf } from "./tender";
import type { Tender } from "./tender";
import { forgetCart, keepCart, redirect, word } from "./visit";
import type { Visit } from "./visit";

type Handle = (method: string, path: string, handler: (visit: Visit) => Promise<void> | void) => void;
type PaymentBy = NonNullable<CreateOrderInput["payment"]>["by"];

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const WAYS_TO_PAY = ["card", "cash_on_delivery", "bank_transfer"] as const;

/** Mounts /checkout. */
export function mountCheckout(on: Handle, renderer: ThemeRenderer): void {
  on("GET", "/checkout", (visit) => checkoutPage(renderer, visit, null));
  on("POST", "/checkout/discount", async (visit) => {
    const form = await readForm(visit.ctx);
    const gone = form.text("remove");
    const typed = form.text("discount_code") ?? "";
    if (gone !== undefined) forget(visit, gone);
    else if (!addGiftCard(visit, typed)) addCode(visit, typed);
    keepCart(visit);
    redirect(visit, `${visit.prefix}/checkout`, 303);
  });
  on("POST", "/checkout/credit", async (visit) => {
    const form = await readForm(visit.ctx);
    visit.cart.useCredit = form.text("use") === "1";
    keepCart(visit);
    redirect(visit, `${visit.prefix}/checkout`, 303);
  });
  on("POST", "/checkout", (visit) => place(renderer, visit));
}

function forget({ cart }: Visit, code: string): void {
  cart.discountCodes = cart.discountCodes.filter((other) => other !== code);
  cart.giftCards = cart.giftCards.filter((other) => other !== code);
}

interface Problem {
  message: string;
  values: Record<string, string>;
}

function checkoutPage(renderer: ThemeRenderer, visit: Visit, problem: Problem | null): Promise<void> | void {
  if (visit.cart.items.length === 0) return redirect(visit, `${visit.prefix}/cart`);
  return sendPage(renderer, visit, {
    template: "checkout",
    layout: "checkout",
    title: word(visit, "checkout.title"),
    status: problem ? 422 : 200,
    objects(view) {
      const { cart, priced } = checkoutObjects(visit, view) as {
        cart: unknown;
        priced: PricedCart;
      };
      const tender = tenderOf(visit, priced.totalMinor);
      return {
        cart,
        ...tenderObjects(view, tender),
        problem: problem?.message ?? null,
        values: problem?.values ?? defaults(visit),
        ways_to_pay: WAYS_TO_PAY,
        shipping: priced.shipping
          ? { price: price(view, priced.shipping.discountedMinor), title: priced.shipping.title }
          : null,
        tax: price(view, priced.taxMinor),
        total: price(view, priced.totalMinor),
        applied_codes: priced.discountCodes.map(({ code, amountMinor }) => ({
          code,
          amount: price(view, amountMinor),
        })),
        rejected_codes: priced.rejectedCodes.map(({ code, problem: why }) => ({ code, why })),
      };
    },
  });
}

function tenderObjects(view: View, tender: Tender): Record<string, unknown> {
  const { credit } = tender;
  return {
    gift_cards: tender.cards.map(({ code, last, takesMinor, leftMinor }) => ({
      code,
      last,
      amount: price(view, takesMinor),
      left: price(view, leftMinor),
    })),
    rejected_cards: tender.rejected,
    credit: credit
      ? { balance: price(view, credit.balanceMinor), amount: price(view, credit.takesMinor), used: credit.used }
      : null,
    due: price(view, tender.dueMinor),
  };
}

function defaults(visit: Visit): Record<string, string> {
  const { customer } = visit;
  return {
    email: customer?.email ?? "",
    first_name: customer?.firstName ?? "",
    last_name: customer?.lastName ?? "",
    payment: "card",
  };
}

async function place(renderer: ThemeRenderer, visit: Visit): Promise<void> {
  if (visit.cart.items.length === 0) return redirect(visit, `${visit.prefix}/cart`, 303);
  const form = await readForm(visit.ctx);
  const email = (form.text("email") ?? "").trim();
  const wrong = (message: string) => {
    const names = ["email", "first_name", "last_name", "zip", "address1", "city", "payment"];
    return checkoutPage(renderer, visit, {
      message,
      values: Object.fromEntries(names.map((name) => [name, form.text(name) ?? ""])),
    });
  };
  if (!EMAIL.test(email)) return wrong(word(visit, "checkout.email_needed"));
  let order: SimOrder;
  try {
    order = createOrder(visit.sim, visit.shop.domain, orderInput(visit, form, email));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return wrong(error.message);
  }
  nameNewCustomer(visit, order, form);
  forgetCart(visit);
  redirect(visit, `${visit.prefix}/orders/${order.token}?thanks=1`, 303);
}

function orderInput(visit: Visit, form: FormBody, email: string): CreateOrderInput {
  const by = WAYS_TO_PAY.find((way) => way === form.text("payment")) ?? "card";
  const { cart } = visit;
  const cards = cart.giftCards.filter((code) => {
    const card = findGiftCard(visit.shop, code);
    return card !== null && isGiftCardGood(visit.shop, card, visit.sim.now()) && giftCardBalance(card) > 0;
  });
  return {
    lines: cart.items.map(({ variantId, quantity }) => ({ variantId, quantity })),
    customerId: visit.customer?.id ?? null,
    email,
    guest: "customer_record",
    discountCodes: cart.discountCodes,
    badCodes: "ignore",
    payment: {
      by: by satisfies PaymentBy,
      giftCardCodes: cards,
      storeCredit: cart.useCredit && visit.customer ? true : undefined,
    },
    locale: visit.locale,
    presentmentCurrency: visit.currency,
  };
}

/** A guest's new record takes the name from the address, as the platform does. */
function nameNewCustomer(visit: Visit, order: SimOrder, form: FormBody): void {
  const record = order.customerId ? visit.shop.customers[order.customerId] : undefined;
  if (!record || record.firstName || record.lastName) return;
  const firstName = form.text("first_name") ?? "";
  const lastName = form.text("last_name") ?? "";
  if (firstName || lastName) updateCustomer(visit.sim, visit.shop.domain, record.id, { firstName, lastName });
}
