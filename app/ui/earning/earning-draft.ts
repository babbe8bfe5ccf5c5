// The earning form as typed: every field keeps the merchant's own text, so that nothing is lost while
// it is wrong. Reading a draft gives either rules or the fields that need another look.
import { DateTime } from "luxon";

import { earningRulesSchema, type EarningRules, type ProductFilter } from "../../loyalty/earning-rules";
import { decimalFromMinor } from "../../shopify/money";
import type { SalesChannel } from "../../shopify/order-facts";
import { readAmount, readWhole, showMoment } from "../typed-fields";

/** What this page edits: the program without the parts that have pages of their own. */
export type EarningSettings = Omit<EarningRules, "ways" | "campaigns" | "tierPlans" | "referral">;

export interface EarningDraft {
  status: EarningRules["status"];
  /** Local date and time in the shop's zone ("2026-11-22T09:00"), or empty. */
  startsAt: string;
  previewCustomers: string[];
  who: EarningRules["participation"]["who"];
  joinTags: string[];
  excludeTags: string[];
  excludeB2b: boolean;
  ratePoints: string;
  ratePer: string;
  rounding: EarningRules["rounding"];
  base: EarningRules["base"];
  productScope: "all" | "only";
  include: ProductFilter;
  exclude: ProductFilter;
  minimum: string;
  minimumRetest: boolean;
  perOrderCap: string;
  perDayCap: string;
  firstOrderPoints: string;
  firstOrderOnRefund: "proportional" | "until_nothing_kept";
  trigger: EarningRules["trigger"];
  holdDays: string;
  clawback: EarningRules["clawback"];
  repayDebtFirst: boolean;
  expiryKind: EarningRules["expiry"]["kind"];
  expiryAmount: string;
  /** Days before the expiry, as typed. */
  reminders: string[];
  returnsGraceDays: string;
  testOrders: EarningRules["testOrders"];
  channels: SalesChannel[];
  highRisk: EarningRules["highRisk"];
  guestClaimDays: string;
}

export type DraftError =
  | "whole_number"
  | "positive"
  | "amount"
  | "hold_days"
  | "days"
  | "date"
  | "tags"
  | "products"
  | "channels"
  | "range"
  | "reminders"
  | "grace";
export type DraftErrors = Partial<Record<keyof EarningDraft, DraftError>>;

export interface DraftContext {
  currency: string;
  timeZone: string;
}

const NOTHING: ProductFilter = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
const DAYS_MAX = 3_650;
const HOLD_DAYS_MAX = 90;
const GRACE_DAYS_MAX = 365;
const REMINDER_DAYS_MAX = 180;
const REMINDERS_MAX = 3;
/** Kinds whose number may be 0: the end of the same month or year. */
const FROM_ZERO: EarningRules["expiry"]["kind"][] = ["month_end", "year_end"];

/** The form's fields for saved rules. */
export function draftFromRules(rules: EarningRules, { currency, timeZone }: DraftContext): EarningDraft {
  const { expiry, minimum, firstOrderBonus } = rules;
  return {
    status: rules.status,
    startsAt: showMoment(rules.startsAt, timeZone),
    previewCustomers: rules.previewCustomerIds,
    who: rules.participation.who,
    joinTags: rules.participation.tags,
    excludeTags: rules.participation.excludeTags,
    excludeB2b: rules.participation.excludeB2b,
    ratePoints: String(rules.rate.points),
    ratePer: decimalFromMinor(rules.rate.perMinor, currency),
    rounding: rules.rounding,
    base: rules.base,
    productScope: rules.products.include ? "only" : "all",
    include: rules.products.include ?? NOTHING,
    exclude: rules.products.exclude,
    minimum: minimum ? decimalFromMinor(minimum.minor, currency) : "",
    minimumRetest: minimum?.retestOnRefund ?? true,
    perOrderCap: rules.caps.perOrder === null ? "" : String(rules.caps.perOrder),
    perDayCap: rules.caps.perDay === null ? "" : String(rules.caps.perDay),
    firstOrderPoints: firstOrderBonus ? String(firstOrderBonus.points) : "",
    firstOrderOnRefund: firstOrderBonus?.onRefund ?? "until_nothing_kept",
    trigger: rules.trigger,
    holdDays: String(rules.holdDays),
    clawback: rules.clawback,
    repayDebtFirst: rules.repayDebtFirst,
    expiryKind: expiry.kind,
    expiryAmount: String(
      "days" in expiry ? expiry.days : "years" in expiry ? expiry.years : "months" in expiry ? expiry.months : 12,
    ),
    reminders: rules.expiryReminders.map(String),
    returnsGraceDays: String(rules.returns.graceDays),
    testOrders: rules.testOrders,
    channels: rules.channels,
    highRisk: rules.highRisk,
    guestClaimDays: String(rules.guestClaimDays),
  };
}

/** Either the rules that the draft describes, or what is wrong with it by field. */
export function readDraft(
  draft: EarningDraft,
  context: DraftContext,
): { rules: EarningSettings } | { errors: DraftErrors } {
  const errors: DraftErrors = {};
  const field = new FieldReader(errors, context);
  const ratePoints = field.whole(draft, "ratePoints", { min: 1 });
  const perMinor = field.amount(draft, "ratePer", { min: 1 });
  const minimum = draft.minimum.trim() === "" ? null : field.amount(draft, "minimum", { min: 0 });
  const bonus = draft.firstOrderPoints.trim() === "" ? null : field.whole(draft, "firstOrderPoints", { min: 0 });
  const rules: EarningSettings = {
    status: draft.status,
    startsAt: field.moment(draft, "startsAt"),
    previewCustomerIds: draft.previewCustomers,
    participation: {
      who: draft.who,
      tags: draft.joinTags,
      excludeTags: draft.excludeTags,
      excludeB2b: draft.excludeB2b,
    },
    rate: { points: ratePoints, perMinor },
    rounding: draft.rounding,
    base: draft.base,
    products: { include: draft.productScope === "only" ? draft.include : null, exclude: draft.exclude },
    minimum: minimum === null ? null : { minor: minimum, retestOnRefund: draft.minimumRetest },
    caps: { perOrder: field.optionalWhole(draft, "perOrderCap"), perDay: field.optionalWhole(draft, "perDayCap") },
    firstOrderBonus: bonus === null || bonus === 0 ? null : { points: bonus, onRefund: draft.firstOrderOnRefund },
    trigger: draft.trigger,
    holdDays: field.whole(draft, "holdDays", { min: 0, max: HOLD_DAYS_MAX, error: "hold_days" }),
    clawback: draft.clawback,
    repayDebtFirst: draft.repayDebtFirst,
    expiry: field.expiry(draft),
    expiryReminders: field.reminders(draft),
    returns: {
      graceDays: field.whole(draft, "returnsGraceDays", { min: 0, max: GRACE_DAYS_MAX, error: "grace" }),
    },
    testOrders: draft.testOrders,
    channels: draft.channels,
    highRisk: draft.highRisk,
    guestClaimDays: field.whole(draft, "guestClaimDays", { min: 0, max: DAYS_MAX, error: "days" }),
  };
  if (draft.who === "tagged" && draft.joinTags.length === 0) errors.joinTags = "tags";
  if (draft.productScope === "only" && isEmpty(draft.include)) errors.include = "products";
  if (draft.channels.length === 0) errors.channels = "channels";
  if (Object.keys(errors).length > 0) return { errors };
  return checkRules(rules);
}

function isEmpty({ productIds, variantIds, collectionIds, tags }: ProductFilter): boolean {
  return [productIds, variantIds, collectionIds, tags].every((list) => list.length === 0);
}

// The schema has the last word, in the browser as on the server.
function checkRules(settings: EarningSettings): { rules: EarningSettings } | { errors: DraftErrors } {
  const parsed = earningRulesSchema.safeParse(settings);
  if (parsed.success) return { rules: settings };
  return { errors: errorsOfRules(parsed.error.issues.map((issue) => issue.path.join("."))) };
}

/** Objections to rules ("rate.perMinor") as errors of the form's fields. */
export function errorsOfRules(paths: string[]): DraftErrors {
  return Object.fromEntries(paths.map((path) => [fieldOfRule(path), "range"]));
}

type TextField = { [K in keyof EarningDraft]: EarningDraft[K] extends string ? K : never }[keyof EarningDraft];

class FieldReader {
  constructor(
    private readonly errors: DraftErrors,
    private readonly context: DraftContext,
  ) {}

  whole(draft: EarningDraft, name: TextField, limits: { min: number; max?: number; error?: DraftError }): number {
    const value = readWhole(draft[name]);
    if (value === null) this.errors[name] = limits.error ?? "whole_number";
    else if (value < limits.min) this.errors[name] = limits.error ?? "positive";
    else if (limits.max !== undefined && value > limits.max) this.errors[name] = limits.error ?? "whole_number";
    return value ?? 0;
  }

  optionalWhole(draft: EarningDraft, name: TextField): number | null {
    return draft[name].trim() === "" ? null : this.whole(draft, name, { min: 1 });
  }

  amount(draft: EarningDraft, name: TextField, limits: { min: number }): number {
    const value = readAmount(draft[name], this.context.currency);
    if (value === null || value < limits.min) this.errors[name] = "amount";
    return value ?? 0;
  }

  moment(draft: EarningDraft, name: TextField): string | null {
    if (draft[name] === "") return null;
    const moment = DateTime.fromISO(draft[name], { zone: this.context.timeZone });
    if (!moment.isValid) this.errors[name] = "date";
    return moment.toUTC().toISO();
  }

  expiry(draft: EarningDraft): EarningRules["expiry"] {
    if (draft.expiryKind === "never") return { kind: "never" };
    const min = FROM_ZERO.includes(draft.expiryKind) ? 0 : 1;
    const amount = this.whole(draft, "expiryAmount", { min, max: DAYS_MAX, error: "days" });
    if (draft.expiryKind === "after_days") return { kind: "after_days", days: amount };
    if (draft.expiryKind === "year_end") return { kind: "year_end", years: amount };
    return { kind: draft.expiryKind, months: amount };
  }

  /** Longest first, each once. */
  reminders(draft: EarningDraft): number[] {
    const days = draft.reminders.map(readWhole);
    const wrong = days.some((day) => day === null || day < 1 || day > REMINDER_DAYS_MAX);
    if (wrong || days.length > REMINDERS_MAX) this.errors.reminders = "reminders";
    return [...new Set(days.map((day) => day ?? 0))].sort((a, b) => b - a);
  }
}

function fieldOfRule(path: string): keyof EarningDraft {
  const known = Object.entries(FIELD_BY_RULE).find(([rule]) => path === rule || path.startsWith(`${rule}.`));
  return known ? known[1] : "status";
}
const FIELD_BY_RULE: Record<string, keyof EarningDraft> = {
  "rate.points": "ratePoints",
  "rate.perMinor": "ratePer",
  startsAt: "startsAt",
  previewCustomerIds: "previewCustomers",
  "participation.tags": "joinTags",
  "participation.excludeTags": "excludeTags",
  "products.include": "include",
  "products.exclude": "exclude",
  minimum: "minimum",
  "caps.perOrder": "perOrderCap",
  "caps.perDay": "perDayCap",
  firstOrderBonus: "firstOrderPoints",
  holdDays: "holdDays",
  expiryReminders: "reminders",
  expiry: "expiryAmount",
  returns: "returnsGraceDays",
  channels: "channels",
  guestClaimDays: "guestClaimDays",
};
