// Every type, query and mutation that is served. What is not here is not implemented.
import {
  BULK_TYPES,
  bulkOperation,
  bulkOperationCancel,
  bulkOperationRunQuery,
  bulkOperations,
  currentBulkOperation,
} from "./bulk-types";
import { CUSTOMER_TYPES, customerConnection } from "./customer-types";
import {
  discountCodeActivate,
  discountCodeBasicCreate,
  discountCodeDeactivate,
  discountCodeDelete,
  discountCodeFreeShippingCreate,
} from "./discount-mutations";
import {
  codeDiscountNode,
  codeDiscountNodeByCode,
  DISCOUNT_TYPES,
  discountConnection,
  discountNode,
} from "./discount-types";
import { FILE_TYPES, fileConnection, fileCreate, fileDelete, stagedUploadsCreate } from "./file-types";
import {
  GIFT_CARD_TYPES,
  giftCardConnection,
  giftCardCreate,
  giftCardDeactivate,
  giftCardSearch,
} from "./gift-card-types";
import { METAFIELD_TYPES } from "./metafield-types";
import {
  metafieldDefinitionCreate,
  metafieldsDelete,
  metafieldsSet,
  standardMetafieldDefinitionEnable,
} from "./metafield-mutations";
import { MONEY_TYPES } from "./money-bag";
import { findNode } from "./node";
import { allOrders, readableOrders, readOrder } from "./order-access";
import { ORDER_PART_TYPES } from "./order-parts";
import { ORDER_TYPES, orderConnection } from "./order-types";
import { collectionConnection, PRODUCT_TYPES, productConnection } from "./product-types";
import { compileSearch } from "./search";
import { customerSearch, orderSearch, productSearch } from "./search-tables";
import { SHOP_TYPES } from "./shop-types";
import {
  STORE_CREDIT_TYPES,
  storeCreditAccount,
  storeCreditAccountCredit,
  storeCreditAccountDebit,
} from "./store-credit-types";
import { tagsAdd, tagsRemove } from "./tags";
import { THEME_TYPES, themes } from "./theme-types";
import {
  badRequest,
  fields,
  idOf,
  notImplemented,
  plain,
  type Args,
  type GraphContext,
  type Resolver,
  type TypeTable,
} from "./types";
import {
  WEBHOOK_TYPES,
  webhookSubscription,
  webhookSubscriptionCreate,
  webhookSubscriptionDelete,
  webhookSubscriptions,
  webhookSubscriptionsCount,
  webhookSubscriptionUpdate,
} from "./webhook-types";

const ARRAY_MAX = 250;

const root =
  (resolve: (args: Args, ctx: GraphContext) => unknown): Resolver<unknown> =>
  (_, args, ctx) =>
    resolve(args, ctx);
const byId = <T>(type: string, read: (ctx: GraphContext, id: string) => T | null | undefined) =>
  root((args, ctx) => {
    const id = idOf(type, args.id);
    return id === null ? null : (read(ctx, id) ?? null);
  });

function counted(items: number, args: Args): { count: number; precision: string } {
  const limit = typeof args.limit === "number" ? args.limit : items;
  return { count: Math.min(items, limit), precision: items > limit ? "AT_LEAST" : "EXACT" };
}
const count = <T>(
  list: (ctx: GraphContext) => T[],
  table: (ctx: GraphContext) => Parameters<typeof compileSearch<T>>[1],
) =>
  root((args, ctx) => counted(list(ctx).filter(compileSearch(args.query, table(ctx), ctx.shop.timeZone)).length, args));

const QUERY: TypeTable = fields<unknown>({
  shop: root((_, ctx) => ctx.shop),
  node: root((args, ctx) => findNode(ctx, args.id)),
  nodes: root((args, ctx) => {
    const ids = args.ids as unknown[];
    if (ids.length > ARRAY_MAX)
      throw badRequest(
        `The input array size of ${ids.length} is greater than the maximum allowed of ${ARRAY_MAX}.`,
        "MAX_INPUT_SIZE_EXCEEDED",
      );
    return ids.map((id) => findNode(ctx, id));
  }),
  order: byId("Order", readOrder),
  orders: root((args, ctx) => orderConnection(ctx, args)),
  ordersCount: count((ctx) => allOrders(ctx).filter(readableOrders(ctx)), orderSearch),
  customer: byId("Customer", (ctx, id) => ctx.shop.customers[id]),
  customers: root((args, ctx) => customerConnection(ctx, args)),
  customersCount: count((ctx) => Object.values(ctx.shop.customers), customerSearch),
  customerByIdentifier: root((args, ctx) => {
    const { id, emailAddress } = args.identifier as { id?: string; emailAddress?: string };
    if (id) return ctx.shop.customers[idOf("Customer", id) ?? ""] ?? null;
    if (!emailAddress) throw notImplemented("customerByIdentifier by this identifier");
    return (
      Object.values(ctx.shop.customers).find(({ email }) => email.toLowerCase() === emailAddress.toLowerCase()) ?? null
    );
  }),
  product: byId("Product", (ctx, id) => ctx.shop.products[id]),
  products: root((args, ctx) => productConnection(ctx, args)),
  productsCount: count((ctx) => Object.values(ctx.shop.products), productSearch),
  collection: byId("Collection", (ctx, id) => ctx.shop.collections[id]),
  collections: root((args, ctx) => collectionConnection(ctx, args)),
  currentAppInstallation: root((_, ctx) => ctx.install),
  appInstallation: root((args, ctx) => {
    if (args.id === undefined || args.id === null) return ctx.install;
    return idOf("AppInstallation", args.id) === ctx.install.installationId ? ctx.install : null;
  }),
  webhookSubscription: root(webhookSubscription),
  webhookSubscriptions: root(webhookSubscriptions),
  webhookSubscriptionsCount: root(webhookSubscriptionsCount),
  bulkOperation: root(bulkOperation),
  bulkOperations: root(bulkOperations),
  currentBulkOperation: root(currentBulkOperation),
  codeDiscountNode: root(codeDiscountNode),
  codeDiscountNodeByCode: root(codeDiscountNodeByCode),
  codeDiscountNodes: root(discountConnection),
  discountNode: root(discountNode),
  discountNodes: root(discountConnection),
  giftCard: byId("GiftCard", (ctx, id) => ctx.shop.giftCards[id]),
  giftCards: root(giftCardConnection),
  giftCardsCount: count((ctx) => Object.values(ctx.shop.giftCards), giftCardSearch),
  storeCreditAccount: root(storeCreditAccount),
  themes: root(themes),
  files: root(fileConnection),
});

const MUTATION: TypeTable = fields<unknown>({
  metafieldsSet: root(metafieldsSet),
  metafieldsDelete: root(metafieldsDelete),
  metafieldDefinitionCreate: root(metafieldDefinitionCreate),
  standardMetafieldDefinitionEnable: root(standardMetafieldDefinitionEnable),
  webhookSubscriptionCreate: root(webhookSubscriptionCreate),
  webhookSubscriptionUpdate: root(webhookSubscriptionUpdate),
  webhookSubscriptionDelete: root(webhookSubscriptionDelete),
  bulkOperationRunQuery: root(bulkOperationRunQuery),
  bulkOperationCancel: root(bulkOperationCancel),
  tagsAdd: root(tagsAdd),
  tagsRemove: root(tagsRemove),
  discountCodeActivate: root(discountCodeActivate),
  discountCodeBasicCreate: root(discountCodeBasicCreate),
  discountCodeDeactivate: root(discountCodeDeactivate),
  discountCodeDelete: root(discountCodeDelete),
  discountCodeFreeShippingCreate: root(discountCodeFreeShippingCreate),
  fileCreate: root(fileCreate),
  fileDelete: root(fileDelete),
  giftCardCreate: root(giftCardCreate),
  giftCardDeactivate: root(giftCardDeactivate),
  storeCreditAccountCredit: root(storeCreditAccountCredit),
  storeCreditAccountDebit: root(storeCreditAccountDebit),
  stagedUploadsCreate: root(stagedUploadsCreate),
});

/** By GraphQL type name. */
const REGISTRY: ReadonlyMap<string, TypeTable> = new Map(
  Object.entries({
    QueryRoot: QUERY,
    Mutation: MUTATION,
    ...MONEY_TYPES,
    ...ORDER_TYPES,
    ...ORDER_PART_TYPES,
    ...CUSTOMER_TYPES,
    ...PRODUCT_TYPES,
    ...SHOP_TYPES,
    ...THEME_TYPES,
    ...METAFIELD_TYPES,
    ...WEBHOOK_TYPES,
    ...BULK_TYPES,
    ...DISCOUNT_TYPES,
    ...FILE_TYPES,
    ...GIFT_CARD_TYPES,
    ...STORE_CREDIT_TYPES,
    PageInfo: plain("hasNextPage", "hasPreviousPage", "startCursor", "endCursor"),
    UserError: plain("field", "message"),
    MetafieldsSetUserError: plain("field", "message", "code", "elementIndex"),
    MetafieldDefinitionCreateUserError: plain("field", "message", "code", "elementIndex", "elementKey"),
    StandardMetafieldDefinitionEnableUserError: plain("field", "message", "code"),
    BulkOperationUserError: plain("field", "message", "code"),
    DiscountUserError: plain("field", "message", "code", "extraInfo"),
    MetafieldsSetPayload: plain("metafields", "userErrors"),
    MetafieldsDeletePayload: plain("deletedMetafields", "userErrors"),
    MetafieldDefinitionCreatePayload: plain("createdDefinition", "userErrors"),
    StandardMetafieldDefinitionEnablePayload: plain("createdDefinition", "userErrors"),
    WebhookSubscriptionCreatePayload: plain("webhookSubscription", "userErrors"),
    WebhookSubscriptionUpdatePayload: plain("webhookSubscription", "userErrors"),
    WebhookSubscriptionDeletePayload: plain("deletedWebhookSubscriptionId", "userErrors"),
    BulkOperationRunQueryPayload: plain("bulkOperation", "userErrors"),
    BulkOperationCancelPayload: plain("bulkOperation", "userErrors"),
    TagsAddPayload: plain("node", "userErrors"),
    TagsRemovePayload: plain("node", "userErrors"),
    DiscountCodeActivatePayload: plain("codeDiscountNode", "userErrors"),
    DiscountCodeBasicCreatePayload: plain("codeDiscountNode", "userErrors"),
    DiscountCodeDeactivatePayload: plain("codeDiscountNode", "userErrors"),
    DiscountCodeDeletePayload: plain("deletedCodeDiscountId", "userErrors"),
    DiscountCodeFreeShippingCreatePayload: plain("codeDiscountNode", "userErrors"),
    GiftCardCreatePayload: plain("giftCard", "giftCardCode", "userErrors"),
    GiftCardDeactivatePayload: plain("giftCard", "userErrors"),
    GiftCardUserError: plain("field", "message", "code"),
    GiftCardDeactivateUserError: plain("field", "message", "code"),
    StoreCreditAccountCreditPayload: plain("storeCreditAccountTransaction", "userErrors"),
    StoreCreditAccountDebitPayload: plain("storeCreditAccountTransaction", "userErrors"),
    StoreCreditAccountCreditUserError: plain("field", "message", "code"),
    StoreCreditAccountDebitUserError: plain("field", "message", "code"),
  }),
);

const EDGE = plain("cursor", "node");
const CONNECTION: TypeTable = new Map<string, Resolver<unknown>>([
  ...plain("edges", "pageInfo"),
  ["nodes", (source) => (source as { edges: { node: unknown }[] }).edges.map(({ node }) => node)],
]);

/** The table of a type; connections and edges share theirs. */
export function tableOf(typeName: string): TypeTable | undefined {
  return (
    REGISTRY.get(typeName) ??
    (typeName.endsWith("Connection") ? CONNECTION : typeName.endsWith("Edge") ? EDGE : undefined)
  );
}
