// Shops for tests: a row of the routing list and the profile that rules read.
import { randomBytes } from "node:crypto";

import { inShop, routerPool, type ShopId } from "../../app/db.server";

export interface TestShopProfile {
  name: string;
  currency: string;
  timeZone: string;
  taxesIncluded: boolean;
  country: string;
  primaryLocale: string;
  isDevelopment: boolean;
}
const TOKYO: TestShopProfile = {
  name: "東京サンプル",
  currency: "JPY",
  timeZone: "Asia/Tokyo",
  taxesIncluded: true,
  country: "JP",
  primaryLocale: "ja",
  isDevelopment: false,
};

/** Inserts an installed shop with its profile: a Tokyo shop unless `profile` says otherwise. */
export async function createTestShop(
  domain = `test-${randomBytes(6).toString("hex")}.myshopify.com`,
  profile: Partial<TestShopProfile> = {},
): Promise<ShopId> {
  const { rows } = await routerPool().query<{ id: number }>("INSERT INTO shop (domain) VALUES ($1) RETURNING id", [
    domain,
  ]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the shop row did not come back");
  const { name, currency, timeZone, taxesIncluded, country, primaryLocale, isDevelopment } = { ...TOKYO, ...profile };
  await inShop(id, (tx) =>
    tx.query(
      `INSERT INTO shop_profile (shop_id, name, currency, time_zone, taxes_included, country, primary_locale, is_development)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, name, currency, timeZone, taxesIncluded, country, primaryLocale, isDevelopment],
    ),
  );
  return id;
}
