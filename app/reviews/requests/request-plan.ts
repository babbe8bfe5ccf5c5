// Whether an order is asked about, when, and for which of its products. Pure.
//
// the order                                   plan
// on its way (no fulfilment yet)              waiting: not_delivered_yet; a request that waited goes back to this
// delivered                                   delivered + N days
// fulfilled, no news of a delivery            fulfilled + shipping days + N days; moves when the delivery is told
// sold at a counter (POS)                     handed over when fulfilled: fulfilled + N days
// several product types                       N is the longest of its products' waits
// shipped before reviews could be asked for   skipped: old_order (what a backfill brings must not cause a storm of mail)
// test order                                  skipped: test_order
// requests switched off                       skipped: requests_off
// cancelled / disputed / refunded in full     cancelled: cancelled / disputed / refunded
// a line refunded in full, or edited away     left out
// gift cards, tips, custom items              left out: there is no product to review; nothing left: nothing_to_review
// the same product on several lines           asked once, for its first line
// company order, draft order, subscription    like any other: somebody received the product
// erased customer                             cancelled: erased
//
// What only the day of sending knows (reviewed already, asked lately, consent) is looked at then.
import type { OrderFacts } from "../../shopify/order-facts";
import type { ReviewSettings } from "../review-settings";

/** Why an order is not asked about, or not yet: the whole list. */
export const REQUEST_REASONS = [
  "not_delivered_yet",
  "requests_off",
  "test_order",
  "old_order",
  "nothing_to_review",
  "cancelled",
  "refunded",
  "disputed",
  "erased",
  "already_reviewed",
  "asked_lately",
  "no_email",
  "no_consent",
  "suppressed",
  "capped",
  "mail_off",
  "no_channel",
  "mail_failed",
] as const;
export type RequestReason = (typeof REQUEST_REASONS)[number];
export const REQUEST_STATUSES = ["scheduled", "due", "sent", "reviewed", "skipped", "cancelled", "closed"] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** What a plan looks at; customer_order.facts has more. */
export type RequestFacts = Pick<
  OrderFacts,
  "test" | "cancelledAt" | "fulfilledAt" | "deliveredAt" | "channel" | "financialStatus" | "dispute" | "refunds"
> & {
  lines: Pick<
    OrderFacts["lines"][number],
    "lineId" | "productId" | "title" | "quantity" | "isGiftCard" | "productType"
  >[];
};

/** One product of an order that may be reviewed: the purchase is the line's. */
export interface RequestProduct {
  /** gid://shopify/LineItem/1 */
  lineId: string;
  /** gid://shopify/Product/1 */
  productId: string;
  title: string;
}
export type RequestPlan =
  | { status: "waiting"; why: "not_delivered_yet" }
  | { status: "scheduled"; dueAt: Date; basis: "delivered" | "fulfilled"; products: RequestProduct[] }
  | { status: "skipped"; why: "requests_off" | "test_order" | "old_order" | "nothing_to_review" }
  | { status: "cancelled"; why: "cancelled" | "refunded" | "disputed" | "erased" };

export const DAY_MS = 86_400_000;

/**
 * The plan for an order in its newest state.
 * @param since the first moment reviews could be asked for in this shop
 */
export function planRequest(
  order: { kind: string; facts: RequestFacts },
  settings: ReviewSettings["requests"],
  since: Date,
): RequestPlan {
  const { kind, facts } = order;
  if (kind === "anonymised") return { status: "cancelled", why: "erased" };
  if (facts.test || kind !== "live") return { status: "skipped", why: "test_order" };
  if (facts.cancelledAt !== null) return { status: "cancelled", why: "cancelled" };
  if (facts.dispute !== "none") return { status: "cancelled", why: "disputed" };
  const sold = productLines(facts);
  const kept = sold.filter((line) => keptUnits(facts, line) > 0);
  if (
    facts.financialStatus === "refunded" ||
    facts.financialStatus === "voided" ||
    (sold.length > 0 && kept.length === 0)
  )
    return { status: "cancelled", why: "refunded" };
  if (kept.length === 0) return { status: "skipped", why: "nothing_to_review" };
  const arrival = arrivalOf(facts, settings.shippingDays);
  if (!arrival) return { status: "waiting", why: "not_delivered_yet" };
  if (arrival.shippedAt < since.getTime()) return { status: "skipped", why: "old_order" };
  if (!settings.enabled) return { status: "skipped", why: "requests_off" };
  const dueAt = new Date(arrival.at + waitDays(kept, settings) * DAY_MS);
  return { status: "scheduled", dueAt, basis: arrival.basis, products: productsOf(kept) };
}

/** The products of an order that may be reviewed now, whatever the settings say. */
export function reviewableProducts(facts: RequestFacts): RequestProduct[] {
  return productsOf(productLines(facts).filter((line) => keptUnits(facts, line) > 0));
}

type Line = RequestFacts["lines"][number] & { productId: string };
function productLines(facts: RequestFacts): Line[] {
  return facts.lines.filter((line): line is Line => line.productId !== null && !line.isGiftCard && line.quantity > 0);
}

// Goods that come back count as given back while the money is still on its way.
function keptUnits(facts: RequestFacts, line: Line): number {
  const returned = facts.refunds
    .filter(({ status }) => status !== "failure")
    .flatMap(({ lines }) => lines)
    .filter(({ lineId }) => lineId === line.lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  return line.quantity - returned;
}

function arrivalOf(
  facts: RequestFacts,
  shippingDays: number,
): { at: number; shippedAt: number; basis: "delivered" | "fulfilled" } | null {
  const delivered = facts.deliveredAt === null ? null : Date.parse(facts.deliveredAt);
  const fulfilled = facts.fulfilledAt === null ? null : Date.parse(facts.fulfilledAt);
  if (delivered !== null) return { at: delivered, shippedAt: fulfilled ?? delivered, basis: "delivered" };
  if (fulfilled === null) return null;
  if (facts.channel === "pos") return { at: fulfilled, shippedAt: fulfilled, basis: "delivered" };
  return { at: fulfilled + shippingDays * DAY_MS, shippedAt: fulfilled, basis: "fulfilled" };
}

function waitDays(lines: Line[], settings: ReviewSettings["requests"]): number {
  const named = new Map(settings.waitByType.map(({ productType, days }) => [typeKey(productType), days]));
  return Math.max(...lines.map(({ productType }) => named.get(typeKey(productType)) ?? settings.waitDays));
}
const typeKey = (productType: string) => productType.trim().toLowerCase();

function productsOf(lines: Line[]): RequestProduct[] {
  const byProduct = new Map<string, RequestProduct>();
  for (const { lineId, productId, title } of lines)
    if (!byProduct.has(productId)) byProduct.set(productId, { lineId, productId, title });
  return [...byProduct.values()];
}
