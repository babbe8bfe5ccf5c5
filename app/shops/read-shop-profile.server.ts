import { queryShop, type ShopId } from "../db.server";

/** What the shop itself is, as the rest of the app needs it. */
export interface ShopProfile {
  name: string;
  email: string | null;
  currency: string;
  /** IANA zone: every business date is computed in it. */
  timeZone: string;
  taxesIncluded: boolean;
  country: string | null;
  primaryLocale: string;
  planName: string;
  isDevelopment: boolean;
  primaryDomain: string | null;
  setup: Record<string, unknown>;
}

/** The shop's profile; null until Shopify has been read for the first time. */
export async function readShopProfile(shopId: ShopId): Promise<ShopProfile | null> {
  const rows = await queryShop<ShopProfile>(
    shopId,
    `SELECT name, email, currency, time_zone AS "timeZone", taxes_included AS "taxesIncluded", country,
            primary_locale AS "primaryLocale", plan_name AS "planName", is_development AS "isDevelopment",
            primary_domain AS "primaryDomain", setup
       FROM shop_profile`,
  );
  return rows[0] ?? null;
}
