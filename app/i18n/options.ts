// The one i18next configuration of browser and server.
import type { InitOptions } from "i18next";

import { loadCatalogue } from "./catalogues";
import { LOCALES, type Locale } from "./locales";

/** Options for an i18next instance that shows `locale`; React escapes, so i18next does not. */
export async function i18nOptions(locale: Locale): Promise<InitOptions> {
  return {
    lng: locale,
    fallbackLng: LOCALES[0],
    supportedLngs: [...LOCALES],
    ns: ["admin", "polaris"],
    defaultNS: "admin",
    resources: await loadCatalogue(locale),
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    initAsync: false,
  };
}
