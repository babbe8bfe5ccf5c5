// Bodies about the shop as a whole: shop/update, app/*, themes/publish, bulk_operations/finish.
import { DateTime } from "luxon";

import { gid } from "../ids";
import type { SimBulkOperation, SimEvent, SimShop } from "../state";
import { placeOf } from "./addresses";
import { num, when } from "./primitives";

/** shop/update and app/uninstalled. */
export function shopBody(shop: SimShop, updatedAt: string): Record<string, unknown> {
  const place = placeOf(shop.country);
  const symbol = shop.currency === "JPY" ? "¥{{amount_no_decimals}}" : "${{amount}}";
  const offset = DateTime.fromISO(updatedAt, { zone: shop.timeZone }).toFormat("ZZ");
  return {
    id: num(shop.id),
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    province: place.province,
    country: place.code,
    address1: place.address1,
    zip: place.zip,
    city: place.city,
    source: null,
    phone: place.phone,
    latitude: null,
    longitude: null,
    primary_locale: shop.locale,
    address2: null,
    created_at: null,
    updated_at: when(updatedAt, shop),
    country_code: place.code,
    country_name: place.country,
    currency: shop.currency,
    customer_email: shop.email,
    timezone: `(GMT${offset}) ${shop.timeZone}`,
    iana_timezone: shop.timeZone,
    shop_owner: shop.staff[0]?.name ?? shop.name,
    money_format: symbol,
    money_with_currency_format: `${symbol} ${shop.currency}`,
    weight_unit: "kg",
    province_code: place.provinceCode,
    taxes_included: shop.taxesIncluded,
    auto_configure_tax_inclusivity: null,
    tax_shipping: null,
    county_taxes: null,
    plan_display_name: shop.planName,
    plan_name: shop.isDevelopment ? "partner_test" : shop.planName.toLowerCase(),
    has_discounts: Object.keys(shop.discounts).length > 0,
    has_gift_cards: Object.values(shop.products).some((product) => product.isGiftCard),
    myshopify_domain: shop.domain,
    google_apps_domain: null,
    google_apps_login_enabled: null,
    money_in_emails_format: symbol,
    money_with_currency_in_emails_format: `${symbol} ${shop.currency}`,
    eligible_for_payments: true,
    requires_extra_payments_agreement: false,
    password_enabled: false,
    has_storefront: true,
    finances: true,
    primary_location_id: num(shop.id) + 1,
    checkout_api_supported: true,
    multi_location_enabled: false,
    setup_required: false,
    pre_launch_enabled: false,
    enabled_presentment_currencies: [shop.currency, ...Object.keys(shop.presentment)],
    transactional_sms_disabled: false,
    marketing_sms_consent_enabled_at_checkout: false,
  };
}

/** app/scopes_update: what was granted before and is granted now. */
export function scopesBody(shop: SimShop, event: SimEvent, appId: string, now: string): Record<string, unknown> {
  return {
    id: num(appId),
    shop_id: gid("Shop", shop.id),
    previous: event.extra?.previous ?? [],
    current: event.extra?.current ?? shop.install?.scopes ?? [],
    updated_at: now,
  };
}

export function themeBody(shop: SimShop, event: SimEvent, now: string): Record<string, unknown> {
  const id = String(event.extra?.themeId ?? num(shop.id) + 2);
  return {
    id: num(id),
    name: String(event.extra?.name ?? "Kura"),
    created_at: when(now, shop),
    updated_at: when(now, shop),
    role: "main",
    theme_store_id: null,
    previewable: true,
    processing: false,
    admin_graphql_api_id: gid("OnlineStoreTheme", id),
  };
}

export function bulkBody(shop: SimShop, operation: SimBulkOperation, now: string): Record<string, unknown> {
  return {
    admin_graphql_api_id: gid("BulkOperation", operation.id),
    completed_at: when(operation.completedAt ?? now, shop),
    created_at: when(operation.createdAt, shop),
    error_code: operation.errorCode?.toLowerCase() ?? null,
    status: operation.status.toLowerCase(),
    type: "query",
  };
}
