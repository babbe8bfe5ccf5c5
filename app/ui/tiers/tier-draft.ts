// A tier plan as typed, and the plan it says. Pure.
import { tierPlanSchema, type LocalizedText, type TierPlan } from "../../loyalty/program-parts";
import { currencyDigits, decimalFromMinor } from "../../shopify/money";
import { FieldReader, showMoment, type FieldContext, type FieldErrors } from "../typed-fields";

export interface TierDraft {
  id: string;
  name: LocalizedText;
  threshold: string;
  /** "1.5" */
  multiplier: string;
  entryPoints: string;
  /** One per line, in the same order in both languages. */
  perks: LocalizedText;
  /** "" or "#rrggbb" */
  color: string;
}
export interface PlanDraft {
  start: "now" | "later";
  startsAt: string;
  enabled: boolean;
  metric: TierPlan["metric"];
  window: TierPlan["window"]["kind"];
  startMonth: string;
  months: string;
  graceDays: string;
  grandfather: boolean;
  tiers: TierDraft[];
}
export type TierField = "name" | "threshold" | "multiplier" | "entryPoints";
export type PlanFieldName = "startsAt" | "months" | "graceDays" | "tiers" | `${string}.${TierField}`;

/** What the form sends: the plan without its beginning, which is now unless a date was chosen. */
export interface PlanRequest {
  plan: Omit<TierPlan, "effectiveAt">;
  startsAt: string | null;
}

export const TIERS_MAX = 20;
/** Colours that are told apart beside each other; a name always stands with them. */
export const TIER_COLORS = ["#b08d57", "#8c96a0", "#c9a227", "#5b7c99", "#7a5c8e", "#4f7a5a"] as const;

const NO_TEXT: LocalizedText = { en: "", ja: "" };

/** The draft of a saved plan; it begins when its date says, or now when that has passed. */
export function draftFromPlan(plan: TierPlan, context: FieldContext, isComing: boolean): PlanDraft {
  const { window } = plan;
  return {
    start: isComing ? "later" : "now",
    startsAt: isComing ? showMoment(plan.effectiveAt, context.timeZone) : "",
    enabled: isComing ? plan.enabled : true,
    metric: plan.metric,
    window: window.kind,
    startMonth: String(window.kind === "calendar_year" ? window.startMonth : 1),
    months: String(window.kind === "rolling_months" ? window.months : 12),
    graceDays: String(plan.graceDays),
    grandfather: isComing ? plan.grandfather : true,
    tiers: plan.tiers.map((tier) => ({
      id: tier.id,
      name: tier.name,
      threshold: plan.metric === "spend" ? decimalFromMinor(tier.threshold, context.currency) : String(tier.threshold),
      multiplier: showTimes(tier.multiplierPercent),
      entryPoints: tier.entryPoints === null ? "" : String(tier.entryPoints),
      perks: {
        en: tier.perks.map(({ en }) => en).join("\n"),
        ja: tier.perks.map(({ ja }) => ja).join("\n"),
      },
      color: tier.color ?? "",
    })),
  };
}

/** What a shop without tiers is offered: three steps by what members spend in a year. */
export function suggestedDraft({ currency }: FieldContext): PlanDraft {
  const steps = currencyDigits(currency) === 0 ? ["0", "30000", "100000"] : ["0", "250", "1000"];
  const names: LocalizedText[] = [
    { en: "Regular", ja: "レギュラー" },
    { en: "Silver", ja: "シルバー" },
    { en: "Gold", ja: "ゴールド" },
  ];
  const ids = ["regular", "silver", "gold"];
  const multipliers = ["1", "1.5", "2"];
  const entryPoints = ["", "300", "1000"];
  return {
    start: "now",
    startsAt: "",
    enabled: true,
    metric: "spend",
    window: "calendar_year",
    startMonth: "1",
    months: "12",
    graceDays: "0",
    grandfather: false,
    tiers: steps.map((threshold, index) => ({
      id: ids[index] ?? "",
      name: names[index] ?? NO_TEXT,
      threshold,
      multiplier: multipliers[index] ?? "1",
      entryPoints: entryPoints[index] ?? "",
      perks: NO_TEXT,
      color: TIER_COLORS[index] ?? "",
    })),
  };
}

/** A step below which nothing is typed yet. `suffix` (a–z, 0–9) names it for ever. */
export function newTierDraft(suffix: string, place: number): TierDraft {
  return {
    id: `tier-${suffix}`,
    name: NO_TEXT,
    threshold: "",
    multiplier: "1",
    entryPoints: "",
    perks: NO_TEXT,
    color: TIER_COLORS[place % TIER_COLORS.length] ?? "",
  };
}

/** The plan a draft says, or what is wrong with it. Steps are put in order by what they ask for. */
export function readPlan(
  draft: PlanDraft,
  context: FieldContext,
): { value: PlanRequest } | { errors: FieldErrors<PlanFieldName> } {
  const fields = new FieldReader<PlanFieldName>(context);
  const startsAt = draft.start === "later" ? fields.moment("startsAt", draft.startsAt) : null;
  const months = draft.window === "rolling_months" ? fields.whole("months", draft.months, { max: 60 }) : 12;
  const graceDays = fields.whole("graceDays", draft.graceDays, { min: 0, max: 365 });
  const tiers = draft.tiers.map((tier) => readTier(tier, draft.metric, fields));
  if (draft.enabled && tiers.length === 0) fields.refuse("tiers", "choose");
  const sorted = tiers.toSorted((a, b) => a.threshold - b.threshold);
  sorted.forEach((tier, index) => {
    if (index > 0 && tier.threshold === sorted[index - 1]?.threshold) fields.refuse(`${tier.id}.threshold`, "range");
  });
  if (fields.failed) return { errors: fields.errors };
  const plan = {
    enabled: draft.enabled,
    metric: draft.metric,
    window: windowOf(draft, months),
    graceDays,
    grandfather: draft.grandfather,
    tiers: sorted,
  };
  const parsed = tierPlanSchema.safeParse({ ...plan, effectiveAt: startsAt ?? new Date(0).toISOString() });
  return parsed.success ? { value: { plan, startsAt } } : { errors: { tiers: { code: "range" } } };
}

function windowOf({ window, startMonth }: PlanDraft, months: number): TierPlan["window"] {
  if (window === "calendar_year") return { kind: window, startMonth: Number(startMonth) };
  return window === "rolling_months" ? { kind: window, months } : { kind: window };
}

function readTier(
  tier: TierDraft,
  metric: TierPlan["metric"],
  fields: FieldReader<PlanFieldName>,
): TierPlan["tiers"][number] {
  const { id } = tier;
  const multiplierPercent = readTimes(tier.multiplier);
  if (multiplierPercent === null) fields.refuse(`${id}.multiplier`, { code: "whole_between", min: 1, max: 100 });
  return {
    id,
    name: fields.localized(`${id}.name`, tier.name),
    threshold:
      metric === "spend"
        ? fields.amount(`${id}.threshold`, tier.threshold, 0)
        : fields.whole(`${id}.threshold`, tier.threshold, { min: 0 }),
    multiplierPercent: multiplierPercent ?? 100,
    entryPoints: fields.optionalWhole(`${id}.entryPoints`, tier.entryPoints, { max: 1_000_000_000 }),
    perks: readPerks(tier.perks),
    color: tier.color || null,
  };
}

function readPerks({ en, ja }: LocalizedText): LocalizedText[] {
  const lines = { en: en.split("\n"), ja: ja.split("\n") };
  const count = Math.max(lines.en.length, lines.ja.length);
  return Array.from({ length: count }, (_, index) => ({
    en: (lines.en[index] ?? "").trim().slice(0, 300),
    ja: (lines.ja[index] ?? "").trim().slice(0, 300),
  }))
    .filter((perk) => perk.en !== "" || perk.ja !== "")
    .slice(0, 10);
}

/** "1.5" for 150. */
export function showTimes(percent: number): string {
  const rest = String(percent % 100)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return `${Math.trunc(percent / 100)}${rest === "" ? "" : `.${rest}`}`;
}
// ×1 to ×100 with two decimals, from what people type.
function readTimes(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.normalize("NFKC").trim());
  if (!match) return null;
  const percent = Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return percent >= 100 && percent <= 10_000 ? percent : null;
}
