// The languages of the admin, and the rule for choosing one of them.

/** Every language that screens are written in; the first is the fallback. */
export const LOCALES = ["en", "ja"] as const;
export type Locale = (typeof LOCALES)[number];

/** Narrows any language tag ("ja-JP", "en-GB", undefined) to a language that we write. */
export function toLocale(tag: string | null | undefined): Locale {
  const language = tag?.toLowerCase().split("-")[0];
  return LOCALES.find((locale) => locale === language) ?? LOCALES[0];
}
