// What theme blocks need to know of the program: settings only, the same for every visitor.
import type { EarningRules } from "../loyalty/earning-rules";
import { currencyDigits } from "../loyalty/money";
import { gidNumber, isGid } from "../shopify/gid";

type ProductFilter = EarningRules["products"]["exclude"];

// Liquid knows products by number and compares exactly; the rules hold gids and ignore the case of tags.
const numbers = (ids: string[], type: string): string[] => ids.map((id) => (isGid(id, type) ? gidNumber(id) : id));
function liquidFilter(filter: ProductFilter): ProductFilter {
  return {
    productIds: numbers(filter.productIds, "Product"),
    variantIds: numbers(filter.variantIds, "ProductVariant"),
    collectionIds: numbers(filter.collectionIds, "Collection"),
    tags: filter.tags.map((tag) => tag.trim().toLowerCase()),
  };
}

/**
 * The value of `app.metafields.kizuna.program`, without the namespace that publishing adds.
 * @param version 0 while the merchant has saved nothing: shoppers see nothing
 */
export function programValue(rules: EarningRules, version: number, shop: { currency: string; taxesIncluded: boolean }) {
  const { include, exclude } = rules.products;
  return {
    status: version === 0 ? "paused" : rules.status,
    startsAt: rules.startsAt,
    rate: rules.rate,
    currency: shop.currency,
    digits: currencyDigits(shop.currency),
    rounding: rules.rounding,
    base: rules.base,
    products: { include: include && liquidFilter(include), exclude: liquidFilter(exclude) },
    minimumMinor: rules.minimum?.minor ?? null,
    perOrderCap: rules.caps.perOrder,
    // Whether tax counts differs from whether shown prices hold it: the page cannot know the exact number.
    approximate: rules.base.includeTax !== shop.taxesIncluded,
    previewCustomerIds: numbers(rules.previewCustomerIds, "Customer"),
  };
}
