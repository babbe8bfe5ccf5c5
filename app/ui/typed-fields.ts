// What people type into a form, read field by field: a wrong field keeps its text and says what it needs.
import { DateTime } from "luxon";

import { parseMinor } from "../shopify/money";

/** What a field needs, as a text of the catalogue ("form.error.…") and the numbers in it. */
export interface FieldError {
  code:
    | "required"
    | "text"
    | "whole"
    | "whole_from"
    | "whole_between"
    | "amount"
    | "date"
    | "order"
    | "url"
    | "products"
    | "product"
    | "range"
    | "steps"
    | "times"
    | "products_or_collections"
    | "choose"
    | "shop_app";
  min?: number;
  max?: number;
}
export type FieldErrors<Name extends string> = Partial<Record<Name, FieldError>>;
export interface FieldContext {
  currency: string;
  /** IANA zone in which typed dates are meant. */
  timeZone: string;
}

/** Plain digits from what people type: full-width digits, separators and spaces are theirs to use. */
function plain(text: string): string {
  return text.normalize("NFKC").replace(/[,\s]/g, "");
}

/** A whole number ≥ 0 as typed, or null. */
export function readWhole(text: string): number | null {
  const digits = plain(text);
  return /^\d{1,10}$/.test(digits) ? Number(digits) : null;
}

/** An amount of money ≥ 0 as typed, in minor units, or null. */
export function readAmount(text: string, currency: string): number | null {
  const decimal = plain(text);
  if (!/^\d+(\.\d*)?$/.test(decimal)) return null;
  try {
    return parseMinor(decimal.replace(/\.$/, ""), currency);
  } catch {
    return null; // too many decimals or beyond what money can be: the field says so
  }
}

/** An instant as a date-time field shows it in a zone. */
export function showMoment(instant: string | null, timeZone: string): string {
  return instant === null ? "" : DateTime.fromISO(instant, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

/** Gathers the values of a form and, by field, what is wrong with them. */
export class FieldReader<Name extends string> {
  readonly errors: FieldErrors<Name> = {};

  constructor(private readonly context: FieldContext) {}

  get failed(): boolean {
    return Object.keys(this.errors).length > 0;
  }

  refuse(name: Name, error: FieldError["code"] | FieldError): void {
    this.errors[name] ??= typeof error === "string" ? { code: error } : error;
  }

  whole(name: Name, text: string, { min = 1, max }: { min?: number; max?: number } = {}): number {
    const value = readWhole(text);
    if (value === null || value < min || (max !== undefined && value > max))
      this.refuse(name, max === undefined ? { code: "whole_from", min } : { code: "whole_between", min, max });
    return value ?? 0;
  }

  optionalWhole(name: Name, text: string, limits: { min?: number; max?: number } = {}): number | null {
    return text.trim() === "" ? null : this.whole(name, text, limits);
  }

  amount(name: Name, text: string, min = 1): number {
    const value = readAmount(text, this.context.currency);
    if (value === null || value < min) this.refuse(name, "amount");
    return value ?? 0;
  }

  optionalAmount(name: Name, text: string): number | null {
    return text.trim() === "" ? null : this.amount(name, text);
  }

  moment(name: Name, text: string): string {
    const moment = DateTime.fromISO(text, { zone: this.context.timeZone });
    if (text === "" || !moment.isValid) this.refuse(name, "date");
    return moment.toUTC().toISO() ?? "";
  }

  optionalMoment(name: Name, text: string): string | null {
    return text === "" ? null : this.moment(name, text);
  }

  /** A text that is there in at least one language. */
  localized<Text extends { en: string; ja: string }>(name: Name, text: Text): Text {
    if (text.en.trim() === "" && text.ja.trim() === "") this.refuse(name, "text");
    return text;
  }
}
