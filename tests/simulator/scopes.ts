// Which access scopes the platform wants for which type and field. Taken from the access requirements
// that Shopify publishes with the Admin schema of 2026-07, for every type this simulator serves.

/** Any one of the scopes suffices. */
const ORDERS = ["read_orders", "read_marketplace_orders"];
const FILES = [
  "read_products",
  "read_files",
  "read_themes",
  "read_orders",
  "read_draft_orders",
  "read_images",
  "read_quick_sale",
];

/** Reading a value of the type needs one of these. */
export const TYPE_SCOPES: Record<string, string[]> = {
  Order: [...ORDERS, "read_quick_sale"],
  LineItem: ORDERS,
  Refund: ORDERS,
  RefundLineItem: ORDERS,
  OrderTransaction: ORDERS,
  OrderDisputeSummary: ["read_orders"],
  OrderRiskSummary: ["read_orders"],
  Fulfillment: [...ORDERS, "read_assigned_fulfillment_orders", "read_merchant_managed_fulfillment_orders", "read_third_party_fulfillment_orders", "read_marketplace_fulfillment_orders"],
  FulfillmentEvent: ["read_orders"],
  Return: ["read_returns", "read_marketplace_returns"],
  ReturnLineItem: ["read_returns", "read_marketplace_returns"],
  Customer: ["read_customers"],
  Product: ["read_products"],
  ProductVariant: ["read_products"],
  Collection: ["read_products"],
  OnlineStoreTheme: ["read_themes"],
  File: FILES,
  MediaImage: FILES,
  Video: FILES,
  GenericFile: FILES,
  FilesUserError: ["read_files", "read_themes", "read_images"],
  DiscountCodeNode: ["read_discounts"],
  DiscountCodeBasic: ["read_discounts"],
  DiscountCodeFreeShipping: ["read_discounts"],
  DiscountNode: ["read_discounts"],
  DiscountRedeemCode: ["read_discounts"],
  GiftCard: ["read_gift_cards"],
  StoreCreditAccount: ["read_store_credit_accounts"],
  StoreCreditAccountTransaction: ["read_store_credit_account_transactions"],
  StoreCreditAccountCreditTransaction: ["read_store_credit_account_transactions"],
  StoreCreditAccountDebitTransaction: ["read_store_credit_account_transactions"],
  StoreCreditAccountDebitRevertTransaction: ["read_store_credit_account_transactions"],
  StoreCreditAccountExpirationTransaction: ["read_store_credit_account_transactions"],
}; // prettier-ignore

/** Fields with a requirement of their own, "Type.field". */
export const FIELD_SCOPES: Record<string, string[]> = {
  "QueryRoot.customersCount": ["read_customers"],
  "QueryRoot.ordersCount": ORDERS,
  "QueryRoot.customerByIdentifier": ["read_customers"],
  "QueryRoot.codeDiscountNodeByCode": ["read_discounts"],
  "QueryRoot.codeDiscountNodes": ["read_discounts"],
  "QueryRoot.discountNodes": ["read_discounts"],
  "QueryRoot.giftCard": ["read_gift_cards"],
  "QueryRoot.giftCards": ["read_gift_cards"],
  "QueryRoot.giftCardsCount": ["read_gift_cards"],
  "QueryRoot.themes": ["read_themes"],
  "QueryRoot.theme": ["read_themes"],
  "QueryRoot.files": ["read_files", "read_themes", "read_images"],
  "Mutation.fileCreate": ["write_files", "write_themes", "write_images"],
  "Mutation.fileDelete": ["write_files"],
  "Mutation.discountCodeActivate": ["write_discounts"],
  "Mutation.discountCodeBasicCreate": ["write_discounts"],
  "Mutation.discountCodeDeactivate": ["write_discounts"],
  "Mutation.discountCodeDelete": ["write_discounts"],
  "Mutation.discountCodeFreeShippingCreate": ["write_discounts"],
  "Mutation.giftCardCreate": ["write_gift_cards"],
  "Mutation.giftCardDeactivate": ["write_gift_cards"],
  "Mutation.storeCreditAccountCredit": ["write_store_credit_account_transactions"],
  "Mutation.storeCreditAccountDebit": ["write_store_credit_account_transactions"],
  "StoreCreditAccount.owner": ["read_customers", "read_companies"],
};

/** Writing metafields or tags on an owner needs this scope; null: the app's own installation. */
export const OWNER_WRITE_SCOPES: Record<string, string | null> = {
  Customer: "write_customers",
  Order: "write_orders",
  Product: "write_products",
  ProductVariant: "write_products",
  Collection: "write_products",
  DiscountCodeNode: "write_discounts",
  Shop: null,
  AppInstallation: null,
};

/** Whether the granted scopes hold one of the wanted ones; write_x includes read_x. */
export function hasScope(granted: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((scope) => granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_")));
}

/** "`read_orders` access scope or `read_marketplace_orders` access scope." */
export function describeScopes(scopes: readonly string[]): string {
  const names = scopes.map((scope) => `\`${scope}\` access scope`);
  return `${names.length > 1 ? `${names.slice(0, -1).join(", ")} or ` : ""}${names.at(-1) ?? ""}.`;
}
