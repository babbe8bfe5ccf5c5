import { inShop, routerPool, type ShopId, type ShopTx } from "../db.server";
import { ensureLoyaltyDefinition } from "../shopify/publish-metafields.server";
import { readShop } from "../shopify/read-shop.server";
import type { ShopFacts } from "../shopify/shop-facts";

/**
 * Reads the shop from Shopify and stores its profile; also makes sure that the storefront may read the
 * customers' points.
 * @throws what the Admin API client throws
 */
export async function refreshShop(shopId: ShopId): Promise<{ outcome: "refreshed" }> {
  const facts = await readShop(shopId);
  await routerPool().query("UPDATE shop SET shopify_gid = $2 WHERE id = $1 AND shopify_gid IS DISTINCT FROM $2", [
    shopId,
    facts.shopGid,
  ]);
  await inShop(shopId, (tx) => recordShop(tx, facts));
  await ensureLoyaltyDefinition(shopId);
  return { outcome: "refreshed" };
}

// updated_at is on real time: when we last looked. In another zone the years of tiers end at other instants. The shop's locale takes a scope the app does not ask
// for: the country decides until someone chooses.
async function recordShop(tx: ShopTx, facts: ShopFacts): Promise<void> {
  await tx.query(
    `INSERT INTO shop_profile (shop_id, name, email, currency, time_zone, taxes_included, country, plan_name,
                               is_development, primary_domain, primary_locale)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (shop_id) DO UPDATE SET
       name = excluded.name, email = excluded.email, currency = excluded.currency, time_zone = excluded.time_zone,
       taxes_included = excluded.taxes_included, country = excluded.country, plan_name = excluded.plan_name,
       is_development = excluded.is_development, primary_domain = excluded.primary_domain, updated_at = now(),
       tier_plans_from = CASE WHEN shop_profile.time_zone = excluded.time_zone THEN shop_profile.tier_plans_from ELSE 'epoch' END`,
    [
      tx.shopId,
      facts.name,
      facts.email,
      facts.currency,
      facts.timeZone,
      facts.taxesIncluded,
      facts.country,
      facts.planName,
      facts.isDevelopment,
      facts.primaryDomain,
      facts.country === "JP" ? "ja" : "en",
    ],
  );
}
