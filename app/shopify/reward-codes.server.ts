// Discount codes that points bought: made, found by their code, ended, and the orders that used them.
import type { ShopId } from "../db.server";
import { adminClient, type Purpose } from "./admin-client.server";
import {
  createBasicCodeMutation,
  createFreeShippingCodeMutation,
  deactivateCodeMutation,
  findCodeQuery,
  listCodesQuery,
  ordersOfCodeQuery,
} from "./documents/reward";
import type { ListCodesQuery } from "./generated/admin-operations";
import { toGid } from "./gid";
import { decimalFromMinor } from "./money";
import type { CurrencyCode, Instant, Minor } from "./order-facts";
import { RefusedByShopifyError, TransientShopifyError, type UserError } from "./shopify-errors";

/** What a code takes money off; null: everything. */
export interface CodeItems {
  productIds: readonly string[];
  variantIds: readonly string[];
  collectionIds: readonly string[];
}
export type CodeBenefit =
  | { kind: "amount"; minor: Minor; items: CodeItems | null }
  | { kind: "percentage"; percent: number; items: CodeItems | null }
  | { kind: "free_shipping"; maximumMinor: Minor | null };
/** One code, to be used once. */
export interface CodeToMake {
  code: string;
  /** Staff read it in the admin; it tells whose code it is. */
  title: string;
  /** null: for whoever has it; only for people who have no customer yet. */
  customerId: string | null;
  startsAt: Instant;
  endsAt: Instant;
  currency: CurrencyCode;
  minimumMinor: Minor | null;
  combinesWith: { order: boolean; product: boolean; shipping: boolean };
  benefit: CodeBenefit;
}
export type MadeAtShopify =
  | { outcome: "made"; gid: string | null }
  /** Something with that code exists already: ours, if an earlier answer was lost. */
  | { outcome: "taken" }
  /** Shopify's own verdict on what was asked: asking again cannot help. */
  | { outcome: "refused"; reason: string };

/** Makes the code. @throws what the Admin API client throws; whether the code exists is unknown then */
export async function makeCode(shopId: ShopId, wanted: CodeToMake, purpose: Purpose): Promise<MadeAtShopify> {
  const client = await adminClient(shopId, purpose);
  const { benefit } = wanted;
  if (benefit.kind === "free_shipping") {
    const { discountCodeFreeShippingCreate: payload } = await client.request(createFreeShippingCodeMutation, {
      discount: {
        // Shopify refuses a shipping discount that would combine with its own class.
        ...commonInput({ ...wanted, combinesWith: { ...wanted.combinesWith, shipping: false } }),
        destination: { all: true },
        ...(benefit.maximumMinor === null
          ? {}
          : { maximumShippingPrice: decimalFromMinor(benefit.maximumMinor, wanted.currency) }),
      },
    });
    return verdict(payload?.codeDiscountNode?.id ?? null, payload?.userErrors);
  }
  const { discountCodeBasicCreate: payload } = await client.request(createBasicCodeMutation, {
    discount: {
      ...commonInput(wanted),
      customerGets: {
        value:
          benefit.kind === "percentage"
            ? { percentage: benefit.percent / 100 }
            : {
                discountAmount: {
                  amount: decimalFromMinor(benefit.minor, wanted.currency),
                  appliesOnEachItem: false,
                },
              },
        items: itemsInput(benefit.items),
      },
    },
  });
  return verdict(payload?.codeDiscountNode?.id ?? null, payload?.userErrors);
}

function commonInput(wanted: CodeToMake) {
  const { order, product, shipping } = wanted.combinesWith;
  return {
    title: wanted.title,
    code: wanted.code,
    startsAt: wanted.startsAt,
    endsAt: wanted.endsAt,
    context: wanted.customerId === null ? { all: "ALL" as const } : { customers: { add: [wanted.customerId] } },
    usageLimit: 1,
    appliesOncePerCustomer: true,
    combinesWith: { orderDiscounts: order, productDiscounts: product, shippingDiscounts: shipping },
    ...(wanted.minimumMinor === null
      ? {}
      : {
          minimumRequirement: {
            subtotal: { greaterThanOrEqualToSubtotal: decimalFromMinor(wanted.minimumMinor, wanted.currency) },
          },
        }),
  };
}

function itemsInput(items: CodeItems | null) {
  if (items === null) return { all: true };
  if (items.collectionIds.length > 0)
    return { collections: { add: items.collectionIds.map((id) => asGid("Collection", id)) } };
  return {
    products: {
      productsToAdd: items.productIds.map((id) => asGid("Product", id)),
      productVariantsToAdd: items.variantIds.map((id) => asGid("ProductVariant", id)),
    },
  };
}
const asGid = (type: string, id: string): string => (id.startsWith("gid://") ? id : toGid(type, id));

/** What a mutation that makes something said. @throws TransientShopifyError for Shopify's own stumbling */
export function verdict(gid: string | null, userErrors: readonly UserError[] | undefined): MadeAtShopify {
  if (userErrors === undefined) throw new RefusedByShopifyError([{ code: null, message: "no answer" }]);
  const [first] = userErrors;
  if (!first) return { outcome: "made", gid };
  if (userErrors.some(({ code }) => code === "INTERNAL_ERROR")) throw new TransientShopifyError("server_error");
  if (userErrors.some(({ code }) => code === "TAKEN")) return { outcome: "taken" };
  return { outcome: "refused", reason: first.code ?? first.message.slice(0, 100) };
}

/** A code as Shopify has it now. */
export interface FoundCode {
  gid: string;
  title: string;
  /** Whether a checkout would take it, its dates considered. */
  isActive: boolean;
  endsAt: Instant | null;
  usageLimit: number | null;
  /** How often it was used; Shopify counts with a delay. */
  uses: number;
}
/** Looks a code up. null: there is none (any more). @throws what the Admin API client throws */
export async function findCode(shopId: ShopId, code: string, purpose: Purpose): Promise<FoundCode | null> {
  const client = await adminClient(shopId, purpose);
  const { codeDiscountNodeByCode: node } = await client.request(findCodeQuery, { code });
  if (!node) return null;
  const found = node.codeDiscount;
  if (found.__typename !== "DiscountCodeBasic" && found.__typename !== "DiscountCodeFreeShipping")
    return { gid: node.id, title: "", isActive: true, endsAt: null, usageLimit: null, uses: 0 };
  return {
    gid: node.id,
    title: found.title,
    isActive: found.status !== "EXPIRED",
    endsAt: found.endsAt === null ? null : new Date(found.endsAt).toISOString(),
    usageLimit: found.usageLimit,
    uses: found.asyncUsageCount,
  };
}

/** Ends a code; one that is gone is ended. @throws UserErrors-like refusals and what the Admin API client throws */
export async function endCode(shopId: ShopId, gid: string, purpose: Purpose): Promise<void> {
  const client = await adminClient(shopId, purpose);
  const { discountCodeDeactivate: payload } = await client.request(deactivateCodeMutation, { id: gid });
  const made = verdict(gid, payload?.userErrors);
  if (made.outcome === "refused") throw new RefusedByShopifyError([{ code: made.reason, message: made.reason }]);
}

/** Orders that Shopify's search finds by the code. @throws what the Admin API client throws */
export async function findOrdersOfCode(shopId: ShopId, code: string, purpose: Purpose): Promise<string[]> {
  const client = await adminClient(shopId, purpose);
  const { orders } = await client.request(ordersOfCodeQuery, { query: `discount_code:${code}` });
  return orders.nodes.map(({ id }) => id);
}

/** Every discount whose title begins with a word, a page at a time. @throws what the Admin API client throws */
export async function* listCodes(
  shopId: ShopId,
  titleWord: string,
): AsyncGenerator<{ gid: string; title: string; code: string; isActive: boolean }[]> {
  const client = await adminClient(shopId);
  for (let after: string | null = null; ;) {
    const { discountNodes }: ListCodesQuery = await client.request(listCodesQuery, {
      query: `title:${titleWord}*`,
      after,
    });
    yield discountNodes.nodes.flatMap(({ id, discount: each }) =>
      each.__typename === "DiscountCodeBasic" || each.__typename === "DiscountCodeFreeShipping"
        ? [{ gid: id, title: each.title, code: each.codes.nodes[0]?.code ?? "", isActive: each.status !== "EXPIRED" }]
        : [],
    );
    if (!discountNodes.pageInfo.hasNextPage) return;
    after = discountNodes.pageInfo.endCursor;
  }
}
