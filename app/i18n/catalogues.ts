// The texts of one language, fetched only when that language is shown.
import type { Resource } from "i18next";

import type { Locale } from "./locales";

const CATALOGUES = {
  en: () => Promise.all([import("./en.json"), import("@shopify/polaris/locales/en.json")]),
  ja: () => Promise.all([import("./ja.json"), import("@shopify/polaris/locales/ja.json")]),
} as const;

/** Our texts (namespace "admin") and Polaris' own (namespace "polaris") in one language. */
export async function loadCatalogue(locale: Locale): Promise<Resource> {
  const [admin, polaris] = await CATALOGUES[locale]();
  return { [locale]: { admin: admin.default, polaris: polaris.default } };
}
