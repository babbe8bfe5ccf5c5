// What the rest of the app knows of a Shopify order: parsed, in minor units, ids as text.
// Parsing (from webhook payloads and from GraphQL) lives beside this file; these are the shapes.

/** ISO 4217 code, upper case. */
export type CurrencyCode = string;
/** Integer minor units of a currency (JPY 0 digits, USD 2, KWD 3), within ±2^53. */
export type Minor = number;
/** ISO 8601 instant in UTC with milliseconds. */
export type Instant = string;

export type FinancialStatus =
  | "pending"
  | "authorized"
  | "partially_paid"
  | "paid"
  | "partially_refunded"
  | "refunded"
  | "voided"
  | "expired"
  | "unknown";

export type SalesChannel = "online" | "pos" | "draft" | "subscription" | "other";

/** A line as ordered now (edits applied), refunds not subtracted: those are in `refunds`. Shop money. */
export interface OrderLineFacts {
  /** gid://shopify/LineItem/1 */
  lineId: string;
  productId: string | null;
  variantId: string | null;
  title: string;
  /** Units after edits, before refunds. 0 when an edit removed the line. */
  quantity: number;
  /** quantity × unit price, before any discount. */
  amountMinor: Minor;
  /** All discounts on the line: its own and its share of order-level ones. */
  discountMinor: Minor;
  /** Tax on the line; part of amountMinor when the order's taxesIncluded, on top of it otherwise. */
  taxMinor: Minor;
  isGiftCard: boolean;
  isSubscription: boolean;
  /** Eligibility facts as they were when this line was first seen; they never change afterwards. */
  productTags: string[];
  collectionIds: string[];
  productType: string;
  vendor: string;
}

export interface RefundLineFacts {
  lineId: string;
  quantity: number;
  /** What the line gave back, after discounts, without tax when tax is on top, with it when included. */
  subtotalMinor: Minor;
  taxMinor: Minor;
}

export interface RefundFacts {
  /** gid://shopify/Refund/1 */
  refundId: string;
  createdAt: Instant;
  lines: RefundLineFacts[];
  shippingMinor: Minor;
  shippingTaxMinor: Minor;
  dutiesMinor: Minor;
  tipMinor: Minor;
  /**
   * Goods money given back beyond the lines (amount-only refunds, goodwill). Spread over kept lines.
   * Never negative: what a refund kept back (restocked, money to follow) is set off against later refunds.
   */
  unallocatedMinor: Minor;
  /** success: money moved (or nothing was to move); pending; failure: never counts. */
  status: "success" | "pending" | "failure";
}

export interface DiscountCodeFacts {
  code: string;
  /** Off the lines as they are after edits; 0 for a code that only made the shipping cheaper. */
  amountMinor: Minor;
}

/** Facts that a source of OrderFacts may be unable to carry; the value given is then only an estimate. */
export type UncarriedFact =
  | "customerTags"
  | "dispute"
  | "highRisk"
  | "deliveredAt"
  /** Estimated as processedAt. */
  | "paidAt"
  /** Part of the order was paid by gift card or store credit, the source does not say how much. */
  | "paidWith"
  /** Tags and type of the lines' products. */
  | "productFacts"
  /** Collections of the lines' products. */
  | "collections"
  /** The customer, and whether it is a company, when Shopify keeps customers from us: null is no guest then. */
  | "customer"
  /** The address, when Shopify keeps addresses from us. */
  | "email";

/** The newest known state of an order, in the shop's currency at order time. */
export interface OrderFacts {
  /** gid://shopify/Order/1 */
  orderId: string;
  /** "#1001" */
  name: string;
  sourceUpdatedAt: Instant;
  createdAt: Instant;
  processedAt: Instant;
  currency: CurrencyCode;
  presentmentCurrency: CurrencyCode;
  /** gid://shopify/Customer/1 or null (guest). */
  customerId: string | null;
  email: string | null;
  customerTags: string[];
  orderTags: string[];
  channel: SalesChannel;
  isB2b: boolean;
  test: boolean;
  cancelledAt: Instant | null;
  financialStatus: FinancialStatus;
  /** First instant known to be paid in full; null while it is not paid or unknown. */
  paidAt: Instant | null;
  /** An order that was paid in full and owes again (an edit added goods): what paidAt was and will be. */
  firstPaidAt?: Instant;
  fulfilledAt: Instant | null;
  deliveredAt: Instant | null;
  /** An open or lost chargeback or inquiry; won or withdrawn ones are "none". */
  dispute: "none" | "open" | "lost";
  highRisk: boolean;
  taxesIncluded: boolean;
  lines: OrderLineFacts[];
  /** After shipping discounts; tax inside when taxesIncluded, else beside. */
  shippingMinor: Minor;
  shippingTaxMinor: Minor;
  dutiesMinor: Minor;
  tipMinor: Minor;
  /** Discount codes of the order, with what each took off the goods; absent: none. */
  discountCodes?: DiscountCodeFacts[];
  /** Parts of the total paid by other value: for the base settings. */
  paidWithGiftCardMinor: Minor;
  paidWithStoreCreditMinor: Minor;
  refunds: RefundFacts[];
  /** What this source could not say; `carryOverFacts` fills it from what was known before. */
  uncarried?: UncarriedFact[];
}
