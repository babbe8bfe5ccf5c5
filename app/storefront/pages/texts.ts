// Which language a page is written in. Pure.
import { LOCALES, type Locale } from "../../i18n/locales";
import { en, type PageTexts } from "./texts-en";
import { ja } from "./texts-ja";

export type { PageTexts } from "./texts-en";

/** The texts of a language. */
export function textsOf(locale: Locale): PageTexts {
  return locale === "ja" ? ja : en;
}

/** The first language we write among what was asked for, in this order; English for everybody else. */
export function chooseLocale(...asked: (string | null | undefined)[]): Locale {
  for (const list of asked) {
    for (const tag of (list ?? "").split(",")) {
      const language = tag.trim().toLowerCase().split(/[-_;]/)[0];
      const found = LOCALES.find((locale) => locale === language);
      if (found) return found;
    }
  }
  return LOCALES[0];
}
