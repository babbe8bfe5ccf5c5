// A reward as typed. One flat set of fields for every kind; reading takes what the kind needs. Pure.
import type { ProductFilter } from "../../loyalty/earning-rules";
import type { LocalizedText } from "../../loyalty/program-parts";
import {
  isCodeKind,
  rewardDraftSchema,
  type RewardDraft,
  type RewardKind,
  type RewardTerms,
  type TermsOf,
} from "../../loyalty/rewards/reward-terms";
import { decimalFromMinor } from "../../shopify/money";
import { FieldReader, showMoment, type FieldContext, type FieldErrors } from "../typed-fields";

export interface RewardFields {
  kind: RewardKind;
  points: string;
  title: LocalizedText;
  description: LocalizedText;
  pictureUrl: string;
  pictureAlt: LocalizedText;
  /** Worth in money, as typed. */
  value: string;
  pointsPerStep: string;
  minorPerStep: string;
  pointsMax: string;
  percent: string;
  cap: string;
  maximumShipping: string;
  productId: string;
  variantId: string;
  validDays: string;
  minimumOrder: string;
  combinesWith: TermsOf<"amount_off">["combinesWith"];
  appliesScope: "all" | "only";
  appliesTo: ProductFilter;
  worthMore: TermsOf<"amount_off">["worthMore"];
  organisation: LocalizedText;
  totalBefore: string;
  partner: LocalizedText;
  happensAt: string;
  tag: string;
  perMemberLimit: string;
  tierIds: string[];
  from: string;
  until: string;
  stock: string;
}
export type RewardField = keyof RewardFields;

const NO_TEXT: LocalizedText = { en: "", ja: "" };
const NO_PRODUCTS: ProductFilter = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
const VALID_DAYS: Partial<Record<RewardKind, string>> = { gift_card: "365", store_credit: "365" };

/** A new reward of a kind with the usual choices; money is the merchant's to say. */
export function newRewardFields(kind: RewardKind): RewardFields {
  return {
    kind,
    points: kind === "points_off" ? "1" : "500",
    title: NO_TEXT,
    description: NO_TEXT,
    pictureUrl: "",
    pictureAlt: NO_TEXT,
    value: "",
    pointsPerStep: "1",
    minorPerStep: "",
    pointsMax: "",
    percent: "10",
    cap: "",
    maximumShipping: "",
    productId: "",
    variantId: "",
    validDays: VALID_DAYS[kind] ?? "30",
    minimumOrder: "",
    combinesWith: { order: false, product: false, shipping: true },
    appliesScope: "all",
    appliesTo: NO_PRODUCTS,
    worthMore: "limit",
    organisation: NO_TEXT,
    totalBefore: "0",
    partner: NO_TEXT,
    happensAt: "",
    tag: "",
    perMemberLimit: "",
    tierIds: [],
    from: "",
    until: "",
    stock: kind === "place" ? "20" : "",
  };
}

/** The fields of a saved reward. */
export function fieldsOfReward(reward: RewardDraft, { currency, timeZone }: FieldContext): RewardFields {
  const { terms, texts, picture } = reward;
  const typed = (value: number | null) => (value === null ? "" : String(value));
  const money = (value: number | null) => (value === null ? "" : decimalFromMinor(value, currency));
  const fields = newRewardFields(terms.kind);
  return {
    ...fields,
    points: String(reward.points),
    ...texts,
    pictureUrl: picture?.url ?? "",
    pictureAlt: picture?.alt ?? NO_TEXT,
    stock: typed(reward.stock),
    perMemberLimit: typed(terms.perMemberLimit),
    tierIds: terms.tierIds,
    from: showMoment(terms.from, timeZone),
    until: showMoment(terms.until, timeZone),
    ...("valueMinor" in terms ? { value: money(terms.valueMinor) } : {}),
    ...("validDays" in terms ? { validDays: typed(terms.validDays) } : {}),
    ...("minimumOrderMinor" in terms
      ? { minimumOrder: money(terms.minimumOrderMinor), combinesWith: terms.combinesWith }
      : {}),
    ...("appliesTo" in terms
      ? {
          appliesScope: terms.appliesTo ? ("only" as const) : ("all" as const),
          appliesTo: terms.appliesTo ?? NO_PRODUCTS,
        }
      : {}),
    ...("worthMore" in terms ? { worthMore: terms.worthMore } : {}),
    ...fieldsOfKind(terms, { typed, money, timeZone }),
  };
}

interface Show {
  typed(value: number | null): string;
  money(value: number | null): string;
  timeZone: string;
}
function fieldsOfKind(terms: RewardTerms, { typed, money, timeZone }: Show): Partial<RewardFields> {
  switch (terms.kind) {
    case "points_off":
      return {
        pointsPerStep: String(terms.pointsPerStep),
        minorPerStep: money(terms.minorPerStep),
        pointsMax: typed(terms.pointsMax),
      };
    case "percentage_off":
      return { percent: String(terms.percent), cap: money(terms.capMinor) };
    case "free_shipping":
      return { maximumShipping: money(terms.maximumShippingMinor) };
    case "free_product":
      return { productId: terms.productId, variantId: terms.variantId ?? "" };
    case "donation":
      return { organisation: terms.organisation, totalBefore: money(terms.totalBeforeMinor) };
    case "voucher":
      return { partner: terms.partner };
    case "place":
      return { happensAt: showMoment(terms.happensAt, timeZone) };
    case "early_access":
      return { tag: terms.tag };
    default:
      return {};
  }
}

/** The reward that the fields describe, or what is wrong by field. */
export function readReward(
  fields: RewardFields,
  context: FieldContext,
): { value: RewardDraft } | { errors: FieldErrors<RewardField> } {
  const field = new FieldReader<RewardField>(context);
  const reward = {
    points: field.whole("points", fields.points),
    terms: readTerms(fields, field),
    texts: { title: field.localized("title", fields.title), description: fields.description },
    picture: readPicture(fields, field),
    stock: fields.kind === "voucher" ? null : field.optionalWhole("stock", fields.stock, { min: 0 }),
  };
  if (field.failed) return { errors: field.errors };
  const parsed = rewardDraftSchema.safeParse(reward);
  if (parsed.success) return { value: parsed.data };
  return { errors: errorsOfReward(parsed.error.issues.map(({ path }) => path.join("."))) };
}

function readPicture({ pictureUrl, pictureAlt }: RewardFields, field: FieldReader<RewardField>) {
  const url = pictureUrl.trim();
  if (url === "") return null;
  if (!/^https?:\/\/[^\s/]+\S*$/.test(url)) field.refuse("pictureUrl", "url");
  return { url, alt: pictureAlt };
}

function readTerms(fields: RewardFields, field: FieldReader<RewardField>): RewardTerms {
  const from = field.optionalMoment("from", fields.from);
  const until = field.optionalMoment("until", fields.until);
  if (from && until && Date.parse(from) >= Date.parse(until)) field.refuse("until", "order");
  const common = {
    perMemberLimit: field.optionalWhole("perMemberLimit", fields.perMemberLimit, { max: 10_000 }),
    tierIds: fields.tierIds,
    from,
    until,
  };
  return isCodeKind(fields.kind) ? codeTerms(fields, field, common) : otherTerms(fields, field, common);
}

type Common = Pick<RewardTerms, "perMemberLimit" | "tierIds" | "from" | "until">;

function codeTerms(fields: RewardFields, field: FieldReader<RewardField>, common: Common): RewardTerms {
  const { combinesWith, worthMore } = fields;
  const code = {
    ...common,
    validDays: field.whole("validDays", fields.validDays, { max: 730 }),
    minimumOrderMinor: field.optionalAmount("minimumOrder", fields.minimumOrder),
    combinesWith,
  };
  switch (fields.kind) {
    case "points_off":
      return {
        kind: "points_off",
        ...code,
        pointsPerStep: field.whole("pointsPerStep", fields.pointsPerStep, { max: 1_000_000 }),
        minorPerStep: field.amount("minorPerStep", fields.minorPerStep),
        pointsMax: readPointsMax(fields, field),
        appliesTo: readAppliesTo(fields, field),
        worthMore,
      };
    case "percentage_off":
      return {
        kind: "percentage_off",
        ...code,
        percent: field.whole("percent", fields.percent, { max: 100 }),
        capMinor: field.optionalAmount("cap", fields.cap),
        appliesTo: readAppliesTo(fields, field),
      };
    case "free_shipping":
      return {
        kind: "free_shipping",
        ...code,
        maximumShippingMinor: field.optionalAmount("maximumShipping", fields.maximumShipping),
      };
    case "free_product":
      if (fields.productId === "") field.refuse("productId", "product");
      return {
        kind: "free_product",
        ...code,
        productId: fields.productId,
        variantId: fields.variantId || null,
        valueMinor: field.amount("value", fields.value),
      };
    default:
      return {
        kind: "amount_off",
        ...code,
        valueMinor: field.amount("value", fields.value),
        appliesTo: readAppliesTo(fields, field),
        worthMore,
      };
  }
}

// The smallest choice must be possible: a whole number of steps, and not above the most.
function readPointsMax(fields: RewardFields, field: FieldReader<RewardField>): number | null {
  const max = field.optionalWhole("pointsMax", fields.pointsMax);
  const least = field.whole("points", fields.points);
  const step = field.whole("pointsPerStep", fields.pointsPerStep, { max: 1_000_000 });
  if (max !== null && step > 0 && max % step !== 0) field.refuse("pointsMax", { code: "steps", min: step });
  if (max !== null && max < least) field.refuse("pointsMax", { code: "whole_from", min: least });
  if (step > 0 && least % step !== 0) field.refuse("points", { code: "steps", min: step });
  return max;
}

// As Shopify's discounts can: collections, or products and variants. Tags they do not know.
function readAppliesTo(fields: RewardFields, field: FieldReader<RewardField>): ProductFilter | null {
  if (fields.appliesScope === "all") return null;
  const { productIds, variantIds, collectionIds } = fields.appliesTo;
  const products = productIds.length + variantIds.length;
  if (products + collectionIds.length === 0) field.refuse("appliesTo", "products");
  if (products > 0 && collectionIds.length > 0) field.refuse("appliesTo", "products_or_collections");
  return { ...fields.appliesTo, tags: [] };
}

function otherTerms(fields: RewardFields, field: FieldReader<RewardField>, common: Common): RewardTerms {
  const { kind } = fields;
  switch (kind) {
    case "gift_card":
    case "store_credit":
      return {
        kind,
        ...common,
        valueMinor: field.amount("value", fields.value),
        validDays: field.optionalWhole("validDays", fields.validDays, { max: 3650 }),
      };
    case "donation":
      return {
        kind,
        ...common,
        valueMinor: field.amount("value", fields.value),
        organisation: field.localized("organisation", fields.organisation),
        totalBeforeMinor: fields.totalBefore.trim() === "" ? 0 : field.amount("totalBefore", fields.totalBefore, 0),
      };
    case "voucher":
      return {
        kind,
        ...common,
        partner: field.localized("partner", fields.partner),
        valueMinor: field.optionalAmount("value", fields.value),
      };
    case "place":
      return { kind, ...common, happensAt: field.optionalMoment("happensAt", fields.happensAt) };
    default:
      if (fields.tag.trim() === "") field.refuse("tag", "required");
      return { kind: "early_access", ...common, tag: fields.tag.trim() };
  }
}

const FIELD_BY_PATH: [string, RewardField][] = [
  ["points", "points"],
  ["texts.title", "title"],
  ["texts.description", "description"],
  ["picture.url", "pictureUrl"],
  ["picture", "pictureAlt"],
  ["stock", "stock"],
  ["terms.valueMinor", "value"],
  ["terms.minorPerStep", "minorPerStep"],
  ["terms.pointsPerStep", "pointsPerStep"],
  ["terms.pointsMax", "pointsMax"],
  ["terms.percent", "percent"],
  ["terms.capMinor", "cap"],
  ["terms.maximumShippingMinor", "maximumShipping"],
  ["terms.productId", "productId"],
  ["terms.variantId", "productId"],
  ["terms.validDays", "validDays"],
  ["terms.minimumOrderMinor", "minimumOrder"],
  ["terms.appliesTo", "appliesTo"],
  ["terms.organisation", "organisation"],
  ["terms.totalBeforeMinor", "totalBefore"],
  ["terms.partner", "partner"],
  ["terms.happensAt", "happensAt"],
  ["terms.tag", "tag"],
  ["terms.perMemberLimit", "perMemberLimit"],
  ["terms.tierIds", "tierIds"],
  ["terms.from", "from"],
  ["terms.until", "until"],
];

/** Objections to a reward ("terms.capMinor") at the fields they belong to. */
export function errorsOfReward(paths: string[]): FieldErrors<RewardField> {
  const errors: FieldErrors<RewardField> = {};
  for (const path of paths) {
    const field = FIELD_BY_PATH.find(([known]) => path === known || path.startsWith(`${known}.`))?.[1] ?? "title";
    errors[field] = { code: "range" };
  }
  return errors;
}
