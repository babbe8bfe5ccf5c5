// A campaign as typed; its window is the shop's own date and time. Pure.
import { campaignSchema, type Campaign } from "../../loyalty/program-parts";
import type { SalesChannel } from "../../shopify/order-facts";
import { FieldReader, showMoment, type FieldContext, type FieldErrors } from "../typed-fields";

type Effect = Campaign["effect"];
type Products = NonNullable<Campaign["products"]["include"]>;

export interface CampaignDraft {
  id: string;
  enabled: boolean;
  name: Campaign["name"];
  from: string;
  until: string;
  effect: Effect["kind"];
  /** "2" or "1.5" */
  times: string;
  bonusPoints: string;
  onRefund: "proportional" | "until_nothing_kept";
  tierIds: string[];
  tags: string[];
  channels: SalesChannel[];
  orders: Campaign["audience"]["orders"];
  productScope: "all" | "only";
  include: Products;
  exclude: Products;
  stacking: Campaign["stacking"];
  priority: string;
  perOrder: string;
  perMember: string;
  budget: string;
}
export type CampaignField = keyof CampaignDraft;

const NO_PRODUCTS: Products = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
const TIMES_MAX = 100;

/** A new campaign: double points, everybody, everything, times still to be chosen. */
export function newCampaignDraft(id: string): CampaignDraft {
  return {
    id,
    enabled: true,
    name: { en: "", ja: "" },
    from: "",
    until: "",
    effect: "multiplier",
    times: "2",
    bonusPoints: "100",
    onRefund: "until_nothing_kept",
    tierIds: [],
    tags: [],
    channels: [],
    orders: "any",
    productScope: "all",
    include: NO_PRODUCTS,
    exclude: NO_PRODUCTS,
    stacking: "best",
    priority: "0",
    perOrder: "",
    perMember: "",
    budget: "",
  };
}

/** The fields of a saved campaign. */
export function draftFromCampaign(campaign: Campaign, { timeZone }: FieldContext): CampaignDraft {
  const { effect, audience, products, caps } = campaign;
  const typed = (value: number | null) => (value === null ? "" : String(value));
  return {
    ...newCampaignDraft(campaign.id),
    enabled: campaign.enabled,
    name: campaign.name,
    from: showMoment(campaign.from, timeZone),
    until: showMoment(campaign.until, timeZone),
    effect: effect.kind,
    ...(effect.kind === "multiplier"
      ? { times: showTimes(effect.percent) }
      : { bonusPoints: String(effect.points), onRefund: effect.onRefund }),
    ...audience,
    productScope: products.include ? "only" : "all",
    include: products.include ?? NO_PRODUCTS,
    exclude: products.exclude,
    stacking: campaign.stacking,
    priority: String(campaign.priority),
    perOrder: typed(caps.perOrder),
    perMember: typed(caps.perMember),
    budget: typed(caps.budget),
  };
}

/** 150 → "1.5" */
export function showTimes(percent: number): string {
  const rest = percent % 100;
  return rest === 0
    ? String(percent / 100)
    : `${(percent - rest) / 100}.${String(rest).padStart(2, "0").replace(/0$/, "")}`;
}

/** "1.5" → 150, or null. */
export function readTimes(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.normalize("NFKC").trim().replace(/^[×x]/i, ""));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

/** The campaign that the draft describes, or what is wrong with it by field. */
export function readCampaign(
  draft: CampaignDraft,
  context: FieldContext,
): { value: Campaign } | { errors: FieldErrors<CampaignField> } {
  const field = new FieldReader<CampaignField>(context);
  const from = field.moment("from", draft.from);
  const until = field.moment("until", draft.until);
  if (!field.failed && Date.parse(from) >= Date.parse(until)) field.refuse("until", "order");
  if (draft.productScope === "only" && isEmpty(draft.include)) field.refuse("include", "products");
  const campaign: Campaign = {
    id: draft.id,
    enabled: draft.enabled,
    name: field.localized("name", draft.name),
    from,
    until,
    effect: readEffect(draft, field),
    audience: { tierIds: draft.tierIds, tags: draft.tags, channels: draft.channels, orders: draft.orders },
    products: { include: draft.productScope === "only" ? draft.include : null, exclude: draft.exclude },
    stacking: draft.stacking,
    priority: field.whole("priority", draft.priority, { min: 0, max: 100 }),
    caps: {
      perOrder: field.optionalWhole("perOrder", draft.perOrder),
      perMember: field.optionalWhole("perMember", draft.perMember),
      budget: field.optionalWhole("budget", draft.budget),
    },
  };
  if (field.failed) return { errors: field.errors };
  const parsed = campaignSchema.safeParse(campaign);
  if (parsed.success) return { value: parsed.data };
  return { errors: errorsOfCampaign(parsed.error.issues.map(({ path }) => path.join("."))) };
}

function readEffect(draft: CampaignDraft, field: FieldReader<CampaignField>): Effect {
  if (draft.effect === "bonus")
    return { kind: "bonus", points: field.whole("bonusPoints", draft.bonusPoints), onRefund: draft.onRefund };
  const percent = readTimes(draft.times);
  if (percent === null || percent <= 100 || percent > TIMES_MAX * 100) field.refuse("times", "times");
  return { kind: "multiplier", percent: percent ?? 0 };
}

function isEmpty(products: Products): boolean {
  return Object.values(products).every((list: string[]) => list.length === 0);
}

const FIELD_BY_PATH: [string, CampaignField][] = [
  ["name", "name"],
  ["from", "from"],
  ["until", "until"],
  ["effect.percent", "times"],
  ["effect", "bonusPoints"],
  ["audience.tierIds", "tierIds"],
  ["audience.tags", "tags"],
  ["audience.channels", "channels"],
  ["products.include", "include"],
  ["products.exclude", "exclude"],
  ["priority", "priority"],
  ["caps.perOrder", "perOrder"],
  ["caps.perMember", "perMember"],
  ["caps.budget", "budget"],
];

/** Objections to a campaign ("caps.budget") at the fields they belong to. */
export function errorsOfCampaign(paths: string[]): FieldErrors<CampaignField> {
  const errors: FieldErrors<CampaignField> = {};
  for (const path of paths) {
    const field = FIELD_BY_PATH.find(([known]) => path === known || path.startsWith(`${known}.`))?.[1] ?? "name";
    errors[field] = { code: field === "until" ? "order" : "range" };
  }
  return errors;
}
