// What can be searched and sorted by, per resource.
import type { SimCustomer, SimOrder, SimProduct } from "../state";
import type { Position } from "./connection";
import { ordersOfCustomer, totalsOf } from "./order-access";
import type { SearchTable } from "./search";
import { notImplemented, type GraphContext } from "./types";

/** Orders. */
export function orderSearch(ctx: GraphContext): SearchTable<SimOrder> {
  const customer = (order: SimOrder) => (order.customerId === null ? undefined : ctx.shop.customers[order.customerId]);
  return {
    name: "orders",
    words: (order) => [order.name, order.email, customer(order)?.firstName ?? null, customer(order)?.lastName ?? null],
    fields: {
      id: { kind: "id", read: (order) => order.id },
      name: {
        kind: "test",
        test: (order, value) => order.name.replace(/^#/, "").toLowerCase() === value.replace(/^#/, ""),
      },
      email: { kind: "exact", read: (order) => [order.email] },
      customer_id: { kind: "id", read: (order) => order.customerId },
      created_at: { kind: "time", read: (order) => order.createdAt },
      processed_at: { kind: "time", read: (order) => order.processedAt },
      updated_at: { kind: "time", read: (order) => order.updatedAt },
      tag: { kind: "exact", read: (order) => order.tags },
      tag_not: { kind: "test", test: (order, value) => !order.tags.some((tag) => tag.toLowerCase() === value) },
      test: { kind: "test", test: (order, value) => String(order.test) === value },
      source_name: { kind: "exact", read: (order) => [order.sourceName] },
      discount_code: { kind: "exact", read: (order) => [order.discountCodes[0]?.code ?? null] },
      sku: { kind: "exact", read: (order) => order.lines.map(({ sku }) => sku) },
      status: { kind: "test", test: hasStatus },
      financial_status: {
        kind: "test",
        test: (order, value) => value.split(",").includes(totalsOf(ctx, order).financialStatus),
      },
      fulfillment_status: { kind: "test", test: (order, value) => hasFulfillmentStatus(ctx, order, value) },
    },
  };
}

function hasStatus(order: SimOrder, status: string): boolean {
  switch (status) {
    case "any":
      return true;
    case "open":
      return order.closedAt === null && order.cancelledAt === null;
    case "closed":
      return order.closedAt !== null;
    case "cancelled":
      return order.cancelledAt !== null;
    case "not_closed":
      return order.closedAt === null;
    default:
      throw notImplemented(`search of orders by status "${status}"`);
  }
}

function hasFulfillmentStatus(ctx: GraphContext, order: SimOrder, wanted: string): boolean {
  const status = totalsOf(ctx, order).fulfillmentStatus;
  switch (wanted) {
    case "fulfilled":
    case "shipped":
      return status === "fulfilled";
    case "partial":
      return status === "partial";
    case "unfulfilled":
    case "unshipped":
      return wanted === "unshipped" ? status === null : status !== "fulfilled";
    default:
      throw notImplemented(`search of orders by fulfillment_status "${wanted}"`);
  }
}

/** Customers. */
export function customerSearch(ctx: GraphContext): SearchTable<SimCustomer> {
  return {
    name: "customers",
    words: ({ firstName, lastName, email, phone }) => [firstName, lastName, `${firstName} ${lastName}`, email, phone],
    fields: {
      id: { kind: "id", read: ({ id }) => id },
      email: { kind: "exact", read: ({ email }) => [email] },
      phone: { kind: "exact", read: ({ phone }) => [phone] },
      first_name: { kind: "text", read: ({ firstName }) => [firstName] },
      last_name: { kind: "text", read: ({ lastName }) => [lastName] },
      tag: { kind: "exact", read: ({ tags }) => tags },
      tag_not: { kind: "test", test: ({ tags }, value) => !tags.some((tag) => tag.toLowerCase() === value) },
      state: { kind: "exact", read: ({ state }) => [state] },
      created_at: { kind: "time", read: ({ createdAt }) => createdAt },
      customer_date: { kind: "time", read: ({ createdAt }) => createdAt },
      updated_at: { kind: "time", read: ({ updatedAt }) => updatedAt },
      orders_count: { kind: "number", read: ({ id }) => ordersOfCustomer(ctx, id).length },
      accepts_marketing: {
        kind: "test",
        test: ({ emailConsent }, value) => String(emailConsent.state === "subscribed") === value,
      },
    },
  };
}

/** Products. */
export function productSearch(ctx: GraphContext): SearchTable<SimProduct> {
  return {
    name: "products",
    words: (product) => [
      product.title[ctx.shop.locale],
      product.vendor,
      product.productType,
      ...product.tags,
      product.handle,
    ],
    fields: {
      id: { kind: "id", read: ({ id }) => id },
      title: { kind: "text", read: ({ title }) => [title[ctx.shop.locale]] },
      handle: { kind: "exact", read: ({ handle }) => [handle] },
      vendor: { kind: "exact", read: ({ vendor }) => [vendor] },
      product_type: { kind: "exact", read: ({ productType }) => [productType] },
      tag: { kind: "exact", read: ({ tags }) => tags },
      tag_not: { kind: "test", test: ({ tags }, value) => !tags.some((tag) => tag.toLowerCase() === value) },
      sku: { kind: "exact", read: ({ variants }) => variants.map(({ sku }) => sku) },
      status: { kind: "test", test: (_, value) => value.split(",").includes("active") },
      gift_card: { kind: "test", test: ({ isGiftCard }, value) => String(isGiftCard) === value },
      created_at: { kind: "time", read: ({ createdAt }) => createdAt },
      updated_at: { kind: "time", read: ({ updatedAt }) => updatedAt },
      collection_id: {
        kind: "test",
        test: ({ id }, value) => ctx.shop.collections[value]?.productIds.includes(id) ?? false,
      },
    },
  };
}

/** An instant as the platform sorts it: whole seconds. Instants of the state are all UTC. */
const seconds = (instant: string): string => instant.slice(0, 19);

/** @throws GraphQLError for a sort key that is not implemented */
export function orderPosition(sortKey: unknown): (order: SimOrder) => Position {
  switch (sortKey) {
    case "ID":
      return ({ id }) => ({ value: 0, id });
    case undefined:
    case "PROCESSED_AT":
      return ({ id, processedAt }) => ({ value: seconds(processedAt), id });
    case "CREATED_AT":
      return ({ id, createdAt }) => ({ value: seconds(createdAt), id });
    case "UPDATED_AT":
      return ({ id, updatedAt }) => ({ value: seconds(updatedAt), id });
    case "ORDER_NUMBER":
      return ({ id, number }) => ({ value: number, id });
    default:
      throw notImplemented(`sorting orders by ${String(sortKey)}`);
  }
}

/** @throws GraphQLError for a sort key that is not implemented */
export function customerPosition(sortKey: unknown): (customer: SimCustomer) => Position {
  switch (sortKey) {
    case undefined:
    case "ID":
      return ({ id }) => ({ value: 0, id });
    case "CREATED_AT":
      return ({ id, createdAt }) => ({ value: seconds(createdAt), id });
    case "UPDATED_AT":
      return ({ id, updatedAt }) => ({ value: seconds(updatedAt), id });
    case "NAME":
      return ({ id, firstName, lastName }) => ({ value: `${lastName} ${firstName}`.toLowerCase(), id });
    default:
      throw notImplemented(`sorting customers by ${String(sortKey)}`);
  }
}

/** @throws GraphQLError for a sort key that is not implemented */
export function productPosition(sortKey: unknown, locale: "en" | "ja"): (product: SimProduct) => Position {
  switch (sortKey) {
    case undefined:
    case "ID":
      return ({ id }) => ({ value: 0, id });
    case "CREATED_AT":
      return ({ id, createdAt }) => ({ value: seconds(createdAt), id });
    case "UPDATED_AT":
      return ({ id, updatedAt }) => ({ value: seconds(updatedAt), id });
    case "TITLE":
      return ({ id, title }) => ({ value: title[locale].toLowerCase(), id });
    case "VENDOR":
      return ({ id, vendor }) => ({ value: vendor.toLowerCase(), id });
    default:
      throw notImplemented(`sorting products by ${String(sortKey)}`);
  }
}
