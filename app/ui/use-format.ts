// Numbers, money and days as the reader writes them, in the shop's time zone.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { toLocale, type Locale } from "../i18n/locales";
import { formatMinor } from "../loyalty/money";
import { useShopFacts } from "./shop-facts";

type Moment = Date | string;

export interface Format {
  locale: Locale;
  /** Between sentences, and between a number and its unit: nothing in Japanese. */
  space: "" | " ";
  number(value: number): string;
  /** +120 or −30: with a sign that is read as one. */
  signed(value: number): string;
  /** Minor units of the shop's currency. */
  money(minor: number): string;
  date(moment: Moment): string;
  /** The last day before the instant at which something ends. */
  lastDay(end: Moment): string;
  dateTime(moment: Moment): string;
  /** Month and day of a calendar day ("2026-11-22"), for axes. */
  day(day: string): string;
  /** "3 minutes ago": `now` comes from the loader, so that server and browser agree. */
  ago(moment: Moment, now: Moment): string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Formatters for a language, a currency and a zone. */
export function createFormat(locale: Locale, currency: string, timeZone: string): Format {
  const number = new Intl.NumberFormat(locale);
  const signed = new Intl.NumberFormat(locale, { signDisplay: "exceptZero" });
  const date = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: locale === "ja" ? "long" : "medium" });
  const dateTime = new Intl.DateTimeFormat(locale, {
    timeZone,
    dateStyle: locale === "ja" ? "long" : "medium",
    timeStyle: "short",
  });
  // A calendar day has no zone: it is read and written as one and the same day.
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    month: locale === "ja" ? "numeric" : "short",
    day: "numeric",
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    locale,
    space: locale === "ja" ? "" : " ",
    number: (value) => number.format(value),
    signed: (value) => signed.format(value).replace("-", "−"),
    money: (minor) => formatMinor(minor, currency, locale),
    date: (moment) => date.format(new Date(moment)),
    lastDay: (end) => date.format(new Date(end).getTime() - 1),
    dateTime: (moment) => dateTime.format(new Date(moment)),
    day: (moment) => day.format(new Date(moment)),
    ago(moment, now) {
      const seconds = Math.round((new Date(moment).getTime() - new Date(now).getTime()) / 1000);
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
      // Japanese sets no space between a number and its unit.
      const text = relative.format(Math.trunc(seconds / size), unit);
      return locale === "ja" ? text.replaceAll(" ", "") : text;
    },
  };
}

/** Formatters for the reader's language and the shop's currency and zone. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const locale = toLocale(i18n.language);
  return useMemo(() => createFormat(locale, currency, timeZone), [locale, currency, timeZone]);
}
