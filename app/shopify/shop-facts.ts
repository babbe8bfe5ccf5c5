// What a shop says of itself. shop/update only rings: the shop is read, so one shape is enough.
import { z } from "zod";

export interface ShopFacts {
  /** gid://shopify/Shop/1 */
  shopGid: string;
  name: string;
  email: string | null;
  currency: string;
  timeZone: string;
  taxesIncluded: boolean;
  country: string | null;
  planName: string;
  /** Development stores may earn on test orders. */
  isDevelopment: boolean;
  primaryDomain: string | null;
}

const currency = z.string().regex(/^[A-Z]{3}$/);
const nodeSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  currencyCode: currency,
  ianaTimezone: z.string().min(1),
  taxesIncluded: z.boolean(),
  plan: z.object({ partnerDevelopment: z.boolean(), publicDisplayName: z.string() }),
  primaryDomain: z.object({ host: z.string() }),
  shopAddress: z.object({ countryCodeV2: z.string().nullable() }),
});

/** Parses the Shop node of `readShopQuery`. */
export function shopFactsFromNode(node: unknown): ShopFacts {
  const shop = nodeSchema.parse(node);
  return {
    shopGid: shop.id,
    name: shop.name,
    email: shop.email.trim() || null,
    currency: shop.currencyCode,
    timeZone: shop.ianaTimezone,
    taxesIncluded: shop.taxesIncluded,
    country: shop.shopAddress.countryCodeV2,
    planName: shop.plan.publicDisplayName,
    isDevelopment: shop.plan.partnerDevelopment,
    primaryDomain: shop.primaryDomain.host,
  };
}
