// How the admin prints money, instants and states.
import { currencyDigits } from "../../money";
import type { Instant, Minor, SimOrder, SimShop } from "../../state";
import { totals } from "../../order-math";
import { html } from "../html";
import type { Html } from "../html";
import type { Locale } from "./words";

/** ¥13,780, $137.80 */
export function money(minor: Minor, currency: string, locale: Locale): string {
  const value = minor / 10 ** currencyDigits(currency);
  return new Intl.NumberFormat(locale === "ja" ? "ja-JP" : "en-US", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  })
    .format(value)
    .replace("￥", "¥");
}

export function instant(at: Instant, shop: SimShop, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === "ja" ? "ja-JP" : "en-US", {
    timeZone: shop.timeZone,
    dateStyle: locale === "ja" ? "long" : "medium",
    timeStyle: "short",
  }).format(new Date(at));
}

const STATES: Record<string, { en: string; ja: string; tone: "" | "good" | "warn" | "bad" }> = {
  pending: { en: "Pending", ja: "支払い待ち", tone: "warn" },
  authorized: { en: "Authorised", ja: "オーソリ済み", tone: "warn" },
  partially_paid: { en: "Partly paid", ja: "一部支払い済み", tone: "warn" },
  paid: { en: "Paid", ja: "支払い済み", tone: "good" },
  partially_refunded: { en: "Partly refunded", ja: "一部返金済み", tone: "" },
  refunded: { en: "Refunded", ja: "返金済み", tone: "" },
  voided: { en: "Voided", ja: "無効", tone: "" },
  unfulfilled: { en: "Unfulfilled", ja: "未発送", tone: "warn" },
  partial: { en: "Partly fulfilled", ja: "一部発送済み", tone: "warn" },
  fulfilled: { en: "Fulfilled", ja: "発送済み", tone: "good" },
  delivered: { en: "Delivered", ja: "配達完了", tone: "good" },
  cancelled: { en: "Cancelled", ja: "キャンセル", tone: "bad" },
  deleted: { en: "Deleted", ja: "削除済み", tone: "bad" },
};

export function badge(state: string, locale: Locale): Html {
  const known = STATES[state];
  return html`<span class="badge ${known?.tone}">${known?.[locale] ?? state}</span>`;
}

/** Badges of an order: payment, fulfilment, and whether it is gone. */
export function orderBadges(order: SimOrder, locale: Locale): { payment: Html; fulfillment: Html; gone: Html | null } {
  const { financialStatus, fulfillmentStatus } = totals(order);
  const shipped = order.fulfillments.filter(({ status }) => status === "success");
  const delivered =
    shipped.length > 0 && shipped.every(({ events }) => events.some(({ status }) => status === "delivered"));
  const fulfillment =
    fulfillmentStatus === "fulfilled" && delivered ? "delivered" : (fulfillmentStatus ?? "unfulfilled");
  return {
    payment: badge(financialStatus, locale),
    fulfillment: badge(fulfillment, locale),
    gone: order.deletedAt ? badge("deleted", locale) : order.cancelledAt ? badge("cancelled", locale) : null,
  };
}

/** Family name first where that is the custom. */
export function personName(person: { firstName: string; lastName: string; email: string }, locale: Locale): string {
  const parts = locale === "ja" ? [person.lastName, person.firstName] : [person.firstName, person.lastName];
  return parts.filter(Boolean).join(" ") || person.email;
}
