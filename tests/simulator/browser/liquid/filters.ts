// Shopify's filters that liquidjs lacks or reads differently.
import type { Liquid } from "liquidjs";
import { Drop, filters as builtIn } from "liquidjs";
import type { FilterImpl } from "liquidjs/dist/template";
import { escapeHtml } from "../html";
import { lookUp } from "./extension";
import type { Translations } from "./extension";
import { formatMoney } from "./money-format";

export interface FilterOptions {
  now: () => Date;
  timeZone: string;
  /** Address of an asset of the theme or the extension. @throws Error when there is none */
  assetUrl: (name: string) => string;
  translations: () => (locale: string) => Translations;
}

type Pair = [string, unknown];
const isPair = (value: unknown): value is Pair =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string";

/** Keyword arguments reach filters as [name, value] pairs. */
function keywords(args: unknown[]): Record<string, unknown> {
  return Object.fromEntries(args.filter(isPair));
}

const formatDate = builtIn.date as unknown as (
  this: FilterImpl,
  value: unknown,
  format: unknown,
  zone: unknown,
) => unknown;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** Registers everything on an engine. */
export function registerFilters(engine: Liquid, options: FilterOptions): void {
  registerNumbers(engine);
  registerMoney(engine);
  registerText(engine, options);
  registerAddresses(engine, options);
}

/** Integers stay integers: dividing by a whole number rounds down, as Ruby does. */
function registerNumbers(engine: Liquid): void {
  engine.registerFilter("divided_by", (value: unknown, by: unknown) => {
    const divisor = number(by);
    if (divisor === 0) throw new Error("Liquid error: divided by 0");
    const result = number(value) / divisor;
    return Number.isInteger(divisor) && Number.isInteger(number(value)) ? Math.floor(result) : result;
  });
  engine.registerFilter("modulo", (value: unknown, by: unknown) => {
    const divisor = number(by);
    if (divisor === 0) throw new Error("Liquid error: divided by 0");
    return ((number(value) % divisor) + divisor) % divisor;
  });
}

function number(value: unknown): number {
  const plain = value instanceof Drop ? (value.valueOf() as unknown) : value;
  const parsed = typeof plain === "number" ? plain : parseFloat(String(plain));
  return Number.isNaN(parsed) ? 0 : parsed;
}

function registerMoney(engine: Liquid): void {
  const money = (options: Parameters<typeof formatMoney>[2]) =>
    function (this: FilterImpl, value: unknown) {
      if (value === null || value === undefined || value === "") return "";
      return formatMoney(number(value), String(this.context.getSync(["cart", "currency", "iso_code"])), options);
    };
  // Our theme's own: orders keep the currency they were placed in.
  engine.registerFilter("money_in", (value: unknown, currency: unknown) =>
    formatMoney(number(value), String(currency)),
  );
  engine.registerFilter("money", money({}));
  engine.registerFilter("money_with_currency", money({ code: true }));
  engine.registerFilter("money_without_currency", money({ symbol: false }));
  engine.registerFilter("money_without_trailing_zeros", money({ trailingZeros: false }));
}

function registerText(engine: Liquid, options: FilterOptions): void {
  const translate = function (this: FilterImpl, key: unknown, ...args: unknown[]) {
    const locale = String(this.context.getSync(["request", "locale", "iso_code"]));
    return translateKey(options.translations()(locale), locale, String(key), keywords(args));
  };
  engine.registerFilter("t", translate);
  engine.registerFilter("translate", translate);
  engine.registerFilter("json", (value: unknown) => toJson(value));
  engine.registerFilter("handleize", handleize);
  engine.registerFilter("handle", handleize);
  engine.registerFilter("pluralize", (count: unknown, one: string, other: string) =>
    number(count) === 1 ? one : other,
  );
  engine.registerFilter("structured_data", (value: unknown) => toJson(value));
  engine.registerFilter(
    "date",
    function (this: FilterImpl, value: unknown, format: unknown = "%b %-d, %Y", ...rest: unknown[]) {
      const plain = typeof value === "string" && ["now", "today"].includes(value) ? options.now() : value;
      const pattern = isPair(format) ? "%b %-d, %Y" : format;
      // A date without a time names a day: no zone may move it to another one.
      const zone =
        typeof plain === "string" && DATE_ONLY.test(plain) ? 0 : (rest.find((arg) => !isPair(arg)) ?? options.timeZone);
      return formatDate.call(this, plain, pattern, zone);
    },
  );
  engine.registerFilter("time_tag", function (this: FilterImpl, value: unknown) {
    const at = new Date(String(value));
    const locale = String(this.context.getSync(["request", "locale", "iso_code"]));
    const text = at.toLocaleDateString(locale, { dateStyle: "long", timeZone: options.timeZone });
    return `<time datetime="${at.toISOString()}">${text}</time>`;
  });
}

function handleize(value: unknown): string {
  return String(value ?? "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

function registerAddresses(engine: Liquid, options: FilterOptions): void {
  engine.registerFilter("asset_url", (name: unknown) => options.assetUrl(String(name)));
  engine.registerFilter("asset_img_url", (name: unknown) => options.assetUrl(String(name)));
  engine.registerFilter(
    "stylesheet_tag",
    (url: unknown) => `<link href="${escapeHtml(String(url))}" rel="stylesheet" media="all">`,
  );
  engine.registerFilter("script_tag", (url: unknown) => `<script src="${escapeHtml(String(url))}"></script>`);
  engine.registerFilter("image_url", (image: unknown) => {
    const source = (image as { src?: unknown } | null)?.src ?? image;
    return typeof source === "string" ? source : "";
  });
  engine.registerFilter("image_tag", (url: unknown, ...args: unknown[]) => {
    const attributes = Object.entries(keywords(args)).filter(([name]) => name !== "preload");
    const text = attributes.map(([name, value]) => ` ${name}="${escapeHtml(String(value ?? ""))}"`).join("");
    return `<img src="${escapeHtml(String(url))}"${text}>`;
  });
  engine.registerFilter(
    "link_to",
    (text: unknown, url: unknown) => `<a href="${escapeHtml(String(url))}">${String(text)}</a>`,
  );
}

/** The text for a key: plural by `count`, values put in escaped (unless the key ends in _html). */
export function translateKey(
  translations: Translations,
  locale: string,
  key: string,
  values: Record<string, unknown>,
): string {
  let found = lookUp(translations, key);
  if (typeof found === "object" && values.count !== undefined) {
    const count = number(values.count);
    const form = new Intl.PluralRules(locale).select(count);
    found = (count === 0 ? found.zero : undefined) ?? found[form] ?? found.other;
  }
  if (typeof found !== "string") return `Translation missing: ${locale}.${key}`;
  const plain = key.endsWith("_html");
  return found.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = String(values[name] ?? "");
    return plain ? value : escapeHtml(value);
  });
}

/** JSON as Shopify prints it: safe inside a script element. */
function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (part instanceof Drop ? part.valueOf() : part)) ?? "null";
  return text.replace(/</g, "\\u003c").replace(/>/g, "\\u003e").replace(/&/g, "\\u0026");
}
