// Everything the simulated Shopify remembers, as plain JSON-able data. One store per process; each
// shop's data hangs off its SimShop. Ids are numeric strings ("1001"); gids are made by ids.ts.

/** Integer minor units of the shop's or presentment currency. */
export type Minor = number;
/** ISO 8601 UTC instant on the virtual clock. */
export type Instant = string;
export type Id = string;

export interface SimState {
  /** Virtual clock = real time + offset. */
  clockOffsetMs: number;
  /** The one id counter of the platform: ids are unique over all shops and kinds. */
  nextId: number;
  shops: Record<string, SimShop>;
  /** Events that wait for their virtual instant (shop/redact 48 h after an uninstall). */
  scheduled?: { at: Instant; event: SimEvent }[];
  /** What the app has mailed, oldest first. */
  mail?: SimMail[];
}

/** A message as the mailbox received it. */
export interface SimMail {
  id: Id;
  receivedAt: Instant;
  /** The envelope: whom the SMTP conversation named. */
  envelope: { from: string; to: string[] };
  from: string;
  to: string;
  subject: string;
  text: string | null;
  html: string | null;
  /** As sent, unfolded, names in lower case; a header given twice is joined by a newline. */
  headers: Record<string, string>;
}

export interface SimShop {
  id: Id;
  /** tokyo-sample.myshopify.com */
  domain: string;
  name: string;
  email: string;
  currency: string;
  /** Currencies shoppers may be shown besides the shop's own, with a fixed rate: 1 unit of shop money = rate. */
  presentment: Record<string, number>;
  timeZone: string;
  country: string;
  locale: "en" | "ja";
  taxesIncluded: boolean;
  /** Basis points: 1000 = 10 %. Keyed by tax name; reduced rates apply to products tagged with the key. */
  taxRates: { name: string; basisPoints: number; productTag: string | null }[];
  shippingMinor: Minor;
  freeShippingFromMinor: Minor | null;
  planName: string;
  isDevelopment: boolean;
  products: Record<Id, SimProduct>;
  collections: Record<Id, SimCollection>;
  customers: Record<Id, SimCustomer>;
  /** Ids of customers that were merged away: → the id that was kept. */
  mergedCustomers: Record<Id, Id>;
  orders: Record<Id, SimOrder>;
  discounts: Record<Id, SimDiscount>;
  giftCards: Record<Id, SimGiftCard>;
  storeCredit: Record<Id, SimStoreCreditAccount>;
  metafields: SimMetafield[];
  metafieldDefinitions: Record<string, unknown>[];
  install: SimInstall | null;
  subscriptions: Record<Id, SimSubscription>;
  bulkOperations: Record<Id, SimBulkOperation>;
  /** Content → Files; absent: there are none. */
  files?: Record<Id, SimFile>;
  /** GraphQL cost bucket. */
  bucket: { available: number; maximum: number; restorePerSecond: number; at: number };
  nextOrderNumber: number;
  /** Which theme app blocks are placed: template → block handles. */
  placedBlocks: Record<string, string[]>;
  staff: { id: Id; name: string; email: string; locale: "en" | "ja" }[];
}

export interface SimInstall {
  appId: Id;
  installationId: Id;
  scopes: string[];
  installedAt: Instant;
  /** Live tokens; revoked ones are removed. */
  tokens: SimToken[];
}
export interface SimToken {
  kind: "offline" | "online";
  access: string;
  refresh: string | null;
  /** Real time, like every token and signature. */
  expiresAtMs: number;
  refreshExpiresAtMs: number | null;
  /** Online tokens: whose. */
  staffId?: Id;
  /** The access token this one replaced by a refresh: dropped when this one is first used. */
  replaces?: string;
}

export interface SimProduct {
  id: Id;
  handle: string;
  title: { en: string; ja: string };
  description: { en: string; ja: string };
  vendor: string;
  productType: string;
  tags: string[];
  /** Path below the storefront's own origin, e.g. /images/tokyo/yuzu-soap.svg */
  image: string;
  variants: SimVariant[];
  optionName: string | null;
  /** The option's name where the shop or the reader is Japanese. */
  optionNameJa?: string;
  createdAt: Instant;
  updatedAt: Instant;
  isGiftCard: boolean;
}
export interface SimVariant {
  id: Id;
  title: string;
  /** The same where the shop or the reader is Japanese. */
  titleJa?: string;
  sku: string;
  /** A number for use inside one business, with its check digit. */
  barcode?: string;
  priceMinor: Minor;
  compareAtMinor: Minor | null;
  available: boolean;
}
export interface SimCollection {
  id: Id;
  handle: string;
  title: { en: string; ja: string };
  productIds: Id[];
  updatedAt: Instant;
}
export interface SimCustomer {
  id: Id;
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
  locale: "en" | "ja";
  tags: string[];
  state: "disabled" | "enabled";
  emailConsent: {
    state: "subscribed" | "unsubscribed" | "not_subscribed";
    optInLevel: "single_opt_in" | "confirmed_opt_in" | null;
    updatedAt: Instant | null;
  };
  smsConsent: { state: "subscribed" | "unsubscribed" | "not_subscribed"; updatedAt: Instant | null } | null;
  birthday: string | null;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface SimOrder {
  id: Id;
  number: number;
  name: string;
  customerId: Id | null;
  email: string | null;
  createdAt: Instant;
  processedAt: Instant;
  updatedAt: Instant;
  cancelledAt: Instant | null;
  cancelReason: string | null;
  closedAt: Instant | null;
  deletedAt: Instant | null;
  /** Status page token. */
  token: string;
  currency: string;
  presentmentCurrency: string;
  /** Presentment units per shop unit. */
  presentmentRate: number;
  taxesIncluded: boolean;
  test: boolean;
  /** web | pos | shopify_draft_order | subscription_contract_checkout_one | … */
  sourceName: string;
  isB2b: boolean;
  riskLevel: "LOW" | "MEDIUM" | "HIGH" | "NONE";
  tags: string[];
  locale: "en" | "ja";
  discountCodes: SimUsedCode[];
  lines: SimLine[];
  /** discountedMinor: what is charged after free-shipping codes. */
  shipping: { title: string; priceMinor: Minor; discountedMinor: Minor; taxMinor: Minor } | null;
  dutiesMinor: Minor;
  tipMinor: Minor;
  /** What it cost before the first edit; absent: never edited. */
  originalTotalMinor?: Minor;
  payments: SimPayment[];
  fulfillments: SimFulfillment[];
  refunds: SimRefund[];
  returns: SimReturn[];
  disputes: {
    id: Id;
    type: "chargeback" | "inquiry";
    status: "needs_response" | "under_review" | "won" | "lost";
    amountMinor: Minor;
    initiatedAt: Instant;
  }[];
  /** Net terms or bank transfer: paid later. */
  paymentPending: boolean;
  authorizedOnly: boolean;
}
/** A code as an order used it. */
export interface SimUsedCode {
  code: string;
  /** What it took off. */
  amountMinor: Minor;
  type: "fixed_amount" | "percentage" | "shipping";
  /** What the code promised: minor units, or basis points for a percentage. Absent in histories that do not know it. */
  value?: number;
  /** The lines it was for: all, or those that its products and collections name. */
  selection?: "all" | "entitled";
  /** Spread over the lines, or taken off each unit. */
  method?: "across" | "each";
}
export interface SimLine {
  id: Id;
  productId: Id | null;
  variantId: Id | null;
  title: string;
  variantTitle: string | null;
  sku: string;
  vendor: string;
  /** As first ordered. */
  quantity: number;
  /** Removed by edits (not by refunds). */
  removedByEdit: number;
  unitPriceMinor: Minor;
  /** Total discount over the ordered quantity: own, and the share of order-level ones. */
  discounts: { amountMinor: Minor; code: string | null; scope: "line" | "order" }[];
  taxes: { name: string; basisPoints: number; amountMinor: Minor }[];
  isGiftCard: boolean;
  sellingPlan: string | null;
  addedByEdit: boolean;
}
export interface SimPayment {
  id: Id;
  kind: "sale" | "authorization" | "capture" | "void" | "refund";
  status: "success" | "pending" | "failure";
  gateway: "bogus" | "gift_card" | "shopify_store_credit" | "cash_on_delivery" | "bank_transfer" | "manual";
  amountMinor: Minor;
  at: Instant;
  refundId: Id | null;
  parentId: Id | null;
  /** Which card or account paid, for the gateways gift_card and shopify_store_credit. */
  giftCardId?: Id;
  storeCreditAccountId?: Id;
}
export interface SimFulfillment {
  id: Id;
  lines: { lineId: Id; quantity: number }[];
  status: "success" | "cancelled";
  createdAt: Instant;
  updatedAt: Instant;
  trackingNumber: string | null;
  events: { id: Id; status: "in_transit" | "out_for_delivery" | "delivered" | "failure"; at: Instant }[];
}
export interface SimRefund {
  id: Id;
  createdAt: Instant;
  note: string;
  lines: {
    id: Id;
    lineId: Id;
    quantity: number;
    restockType: "return" | "cancel" | "no_restock";
    subtotalMinor: Minor;
    taxMinor: Minor;
  }[];
  shipping: { amountMinor: Minor; taxMinor: Minor } | null;
  /** Money returned beyond lines and shipping; negative: kept back (restocked first, paid later; a fee). */
  adjustmentMinor: Minor;
  dutiesMinor: Minor;
}
export interface SimReturn {
  id: Id;
  name: string;
  status: "requested" | "open" | "closed" | "canceled" | "declined";
  createdAt: Instant;
  lines: { lineId: Id; quantity: number; reason: string }[];
}
export interface SimDiscount {
  id: Id;
  code: string;
  title: string;
  kind: "amount" | "percentage" | "free_shipping";
  /** Minor units, or basis points for percentage. */
  value: number;
  /** Null: the whole order. Else a product discount on these. */
  items: { productIds: Id[]; variantIds: Id[]; collectionIds: Id[] } | null;
  /** An amount is taken off each unit of the chosen items rather than once. */
  eachItem: boolean;
  /** Free shipping: only for rates up to this. */
  maximumShippingMinor: Minor | null;
  minimumMinor: Minor | null;
  customerIds: Id[] | null;
  usageLimit: number | null;
  oncePerCustomer: boolean;
  used: number;
  startsAt: Instant;
  endsAt: Instant | null;
  status: "active" | "expired";
  combinesWith: { order: boolean; product: boolean; shipping: boolean };
  createdAt: Instant;
  updatedAt: Instant;
}
export interface SimGiftCard {
  id: Id;
  /** Lower case: codes are not case sensitive. */
  code: string;
  currency: string;
  initialMinor: Minor;
  note: string | null;
  customerId: Id | null;
  /** A day of the shop's zone, 2027-11-22; good through that day. */
  expiresOn: string | null;
  deactivatedAt: Instant | null;
  source: "api_client" | "manual" | "purchased";
  /** Signed: negative when it paid. */
  transactions: { id: Id; amountMinor: Minor; at: Instant; orderId: Id }[];
  createdAt: Instant;
  updatedAt: Instant;
}
export interface SimStoreCreditAccount {
  id: Id;
  customerId: Id;
  currency: string;
  transactions: SimCreditTransaction[];
}
export interface SimCreditTransaction {
  id: Id;
  type: "credit" | "debit" | "debit_revert" | "expiration";
  /** Signed: debits and expirations are negative. */
  amountMinor: Minor;
  balanceAfterMinor: Minor;
  at: Instant;
  event: "adjustment" | "order_payment" | "order_refund" | "order_cancellation";
  /** Credits: when what is left of them goes. */
  expiresAt: Instant | null;
  /** Credits: what no debit has used. */
  remainingMinor: Minor;
  orderId: Id | null;
  paymentId: Id | null;
  /** An expiration's credit, or a revert's debit. */
  ofId: Id | null;
}
export interface SimMetafield {
  id: Id;
  /** gid of customer, product, app installation, shop, … */
  ownerGid: string;
  /** Resolved: "app--<appId>--kizuna", never "$app:kizuna". */
  namespace: string;
  key: string;
  type: string;
  value: string;
  compareDigest: string;
  createdAt: Instant;
  updatedAt: Instant;
}
export interface SimSubscription {
  id: Id;
  /** orders/create */
  topic: string;
  uri: string;
  /** api: removed after 8 failed deliveries in a row; toml: never removed. */
  origin: "api" | "toml";
  failures: number;
  filter: string | null;
  includeFields: string[];
  createdAt: Instant;
  updatedAt: Instant;
}
export interface SimBulkOperation {
  id: Id;
  query: string;
  status: "CREATED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELED";
  createdAt: Instant;
  completedAt: Instant | null;
  objectCount: number;
  rootObjectCount?: number;
  fileSize: number;
  url: string | null;
  errorCode: string | null;
}

/** A file of the shop; its content is in memory only. */
export interface SimFile {
  id: Id;
  kind: "MediaImage" | "Video" | "GenericFile";
  name: string;
  alt: string;
  mimeType: string;
  bytes: number;
  /** Of pictures that can be decoded. */
  width: number | null;
  height: number | null;
  createdAt: Instant;
  updatedAt: Instant;
  /** When processing ends. */
  readyAt: Instant;
  /** How: with this code, or null: well. */
  error: string | null;
}

/** What happened, before it becomes webhooks: emitted by whoever changes state. */
export interface SimEvent {
  shop: string;
  /** Webhook topic, e.g. orders/create. */
  topic: string;
  /** id of the thing the payload is built from, and of its parent where the builder needs it. */
  ids: {
    orderId?: Id;
    refundId?: Id;
    paymentId?: Id;
    fulfillmentId?: Id;
    fulfillmentEventId?: Id;
    customerId?: Id;
    productId?: Id;
    collectionId?: Id;
    returnId?: Id;
    disputeId?: Id;
    discountId?: Id;
    bulkId?: Id;
  };
  /** Extra payload facts that are not state any more (merge, delete, edit deltas, redact requests). */
  extra?: Record<string, unknown>;
}
