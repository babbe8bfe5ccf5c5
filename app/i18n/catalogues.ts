// The texts of one language, fetched only when that language is shown. One file per area; their top-level
// keys never overlap (a test says so).
import type { Resource, ResourceKey } from "i18next";

import type { Locale } from "./locales";

const CATALOGUES = {
  en: () =>
    Promise.all([
      import("@shopify/polaris/locales/en.json"),
      import("./en/core.json"),
      import("./en/health.json"),
      import("./en/rewards.json"),
      import("./en/ways.json"),
      import("./en/campaigns.json"),
      import("./en/tiers.json"),
      import("./en/referrals.json"),
      import("./en/transfers.json"),
      import("./en/wizard.json"),
      import("./en/messages.json"),
      import("./en/reviews.json"),
      import("./en/privacy.json"),
    ]),
  ja: () =>
    Promise.all([
      import("@shopify/polaris/locales/ja.json"),
      import("./ja/core.json"),
      import("./ja/health.json"),
      import("./ja/rewards.json"),
      import("./ja/ways.json"),
      import("./ja/campaigns.json"),
      import("./ja/tiers.json"),
      import("./ja/referrals.json"),
      import("./ja/transfers.json"),
      import("./ja/wizard.json"),
      import("./ja/messages.json"),
      import("./ja/reviews.json"),
      import("./ja/privacy.json"),
    ]),
} as const;

/** Our texts (namespace "admin") and Polaris' own (namespace "polaris") in one language. */
export async function loadCatalogue(locale: Locale): Promise<Resource> {
  const [polaris, ...areas] = await CATALOGUES[locale]();
  const admin = Object.fromEntries(areas.flatMap((area) => Object.entries<ResourceKey>(area.default)));
  return { [locale]: { admin, polaris: polaris.default } };
}
