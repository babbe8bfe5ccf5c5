// The language of a request: the `locale` parameter that Shopify adds, else what the browser asks for.
import { RemixI18Next } from "remix-i18next/server";

import { LOCALES, toLocale, type Locale } from "./i18n/locales";

const detector = new RemixI18Next({
  detection: {
    supportedLanguages: [...LOCALES],
    fallbackLanguage: LOCALES[0],
    order: ["searchParams", "header"],
    searchParamKey: "locale",
  },
});

/** The language to answer a request in. */
export async function readLocale(request: Request): Promise<Locale> {
  return toLocale(await detector.getLocale(request));
}
