// What runs when: states, the strip of months, and which campaigns meet. Pure.
import { DateTime } from "luxon";

import type { Campaign } from "../../loyalty/program-parts";

export type CampaignState = "planned" | "running" | "ended" | "off" | "budget_used";
/** What decides about a campaign's place beside others. */
export type PlannedCampaign = Pick<
  Campaign,
  "id" | "enabled" | "name" | "from" | "until" | "audience" | "products" | "stacking" | "priority"
>;

/** Where a campaign stands at an instant, given what it has granted so far. */
export function stateOf(
  { enabled, from, until, caps }: Pick<Campaign, "enabled" | "from" | "until" | "caps">,
  granted: number,
  now: Date | string,
): CampaignState {
  const at = new Date(now).getTime();
  if (at >= Date.parse(until)) return "ended";
  if (caps.budget !== null && granted >= caps.budget) return "budget_used";
  if (!enabled) return "off";
  return at < Date.parse(from) ? "planned" : "running";
}

export type OverlapOutcome = "both" | "this_wins" | "other_wins" | "more_points";
export interface Overlap {
  campaign: PlannedCampaign;
  from: string;
  until: string;
  outcome: OverlapOutcome;
  /** The two are for different sets of products or people that only some orders share. */
  isPartial: boolean;
}

/** The other campaigns that may apply to the same order, and who wins; see loyalty/campaigns/choose-campaigns. */
export function overlapsOf(campaign: PlannedCampaign, others: PlannedCampaign[]): Overlap[] {
  return others
    .filter((other) => other.id !== campaign.id && other.enabled && canMeet(campaign, other))
    .map((other) => ({
      campaign: other,
      from: campaign.from > other.from ? campaign.from : other.from,
      until: campaign.until < other.until ? campaign.until : other.until,
      outcome: outcomeOf(campaign, other),
      isPartial: !productsShared(campaign, other) || campaign.audience.tags.length + other.audience.tags.length > 0,
    }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

function outcomeOf(campaign: PlannedCampaign, other: PlannedCampaign): OverlapOutcome {
  if (campaign.stacking === "adds" || other.stacking === "adds") return "both";
  if (campaign.priority === other.priority) return "more_points";
  return campaign.priority > other.priority ? "this_wins" : "other_wins";
}

function canMeet(a: PlannedCampaign, b: PlannedCampaign): boolean {
  const inTime = Date.parse(a.from) < Date.parse(b.until) && Date.parse(b.from) < Date.parse(a.until);
  return (
    inTime &&
    listsMeet(a.audience.tierIds, b.audience.tierIds) &&
    listsMeet(a.audience.channels, b.audience.channels) &&
    (a.audience.orders === "any" || b.audience.orders === "any" || a.audience.orders === b.audience.orders) &&
    !productsApart(a, b)
  );
}

// An empty list means everybody.
function listsMeet(a: string[], b: string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((value) => b.includes(value));
}

const FILTERS = ["productIds", "variantIds", "collectionIds", "tags"] as const;

function productsShared({ products: a }: PlannedCampaign, { products: b }: PlannedCampaign): boolean {
  const { include: mine } = a;
  const { include: theirs } = b;
  if (!mine || !theirs) return mine === theirs;
  return FILTERS.some((filter) => mine[filter].some((value) => theirs[filter].includes(value)));
}
// Two lists of plain products without a common one never meet; collections and tags may hold the same product.
function productsApart(a: PlannedCampaign, b: PlannedCampaign): boolean {
  const [mine, theirs] = [a.products.include, b.products.include];
  if (!mine || !theirs || productsShared(a, b)) return false;
  const isPlain = ({ variantIds, collectionIds, tags }: NonNullable<typeof mine>) =>
    variantIds.length + collectionIds.length + tags.length === 0;
  return isPlain(mine) && isPlain(theirs);
}

/** A stretch of the strip in percent of its width. */
export interface Stretch {
  left: number;
  width: number;
}
export interface StripRow extends Stretch {
  campaign: PlannedCampaign;
  shared: Stretch[];
}
export interface Strip {
  /** First instants of the months. */
  months: ({ at: string } & Stretch)[];
  today: number;
  rows: StripRow[];
}

const MONTHS = 3;

/** This month and the two after it in the shop's zone, with the campaigns that fall into them. */
export function layOutStrip(campaigns: PlannedCampaign[], now: Date | string, timeZone: string): Strip {
  const first = DateTime.fromJSDate(new Date(now), { zone: timeZone }).startOf("month");
  const start = first.toMillis();
  const end = first.plus({ months: MONTHS }).toMillis();
  const place = (at: number) => (Math.min(end, Math.max(start, at)) - start) / ((end - start) / 100);
  const stretch = (from: string, until: string): Stretch => {
    const left = place(Date.parse(from));
    return { left, width: place(Date.parse(until)) - left };
  };
  const months = Array.from({ length: MONTHS }, (_, index) => first.plus({ months: index })).map((month) => {
    const at = month.toUTC().toISO() ?? "";
    return { at, ...stretch(at, month.plus({ months: 1 }).toUTC().toISO() ?? "") };
  });
  const rows = campaigns
    .map((campaign) => ({
      campaign,
      ...stretch(campaign.from, campaign.until),
      shared: campaign.enabled
        ? overlapsOf(campaign, campaigns).map((overlap) => stretch(overlap.from, overlap.until))
        : [],
    }))
    .filter(({ width }) => width > 0)
    .sort((a, b) => a.left - b.left || b.width - a.width);
  return { months, today: place(new Date(now).getTime()), rows };
}

/** The list with a campaign put in: in its place, or at the end. */
export function putCampaign<T extends { id: string }>(campaigns: T[], campaign: T): T[] {
  return campaigns.some(({ id }) => id === campaign.id)
    ? campaigns.map((known) => (known.id === campaign.id ? campaign : known))
    : [...campaigns, campaign];
}
