// What theme blocks need to know of the program: settings only, the same for every visitor. Windows are
// given as seconds, which Liquid compares with "now": nobody has to publish when a campaign starts or ends.
import { DateTime } from "luxon";

import type { EarningRules } from "../loyalty/earning-rules";
import { currencyDigits } from "../loyalty/money";
import type { Campaign, TierPlan, WayToEarn } from "../loyalty/program-parts";
import type { Reward } from "../loyalty/rewards/reward-terms";
import { gidNumber, isGid } from "../shopify/gid";

type ProductFilter = EarningRules["products"]["exclude"];

export interface ProgramFacts {
  rules: EarningRules;
  /** 0 while the merchant has saved nothing: shoppers see nothing. */
  version: number;
  shop: { currency: string; taxesIncluded: boolean; timeZone: string };
  /** In the merchant's order; only active ones are shown. */
  rewards: readonly Reward[];
  /** What was given to organisations so far, by reward. */
  donated?: ReadonlyMap<number, number>;
  now: Date;
}

/** Shopify refuses JSON above 128 kB; a little room is left for what publishing adds. */
const BYTES_MAX = 120_000;
const CAMPAIGNS_MAX = 12;
const REWARDS_MAX = 60;
const NOTHING: ProductFilter = { productIds: [], variantIds: [], collectionIds: [], tags: [] };

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

// Liquid knows products by number and compares exactly; the rules hold gids and ignore the case of tags.
const numbers = (ids: string[], type: string): string[] => ids.map((id) => (isGid(id, type) ? gidNumber(id) : id));
const lowered = (tags: string[]): string[] => tags.map((tag) => tag.trim().toLowerCase());
function liquidFilter(filter: ProductFilter): ProductFilter {
  return {
    productIds: numbers(filter.productIds, "Product"),
    variantIds: numbers(filter.variantIds, "ProductVariant"),
    collectionIds: numbers(filter.collectionIds, "Collection"),
    tags: lowered(filter.tags),
  };
}
const liquidScope = ({ include, exclude }: EarningRules["products"]) => ({
  include: include && liquidFilter(include),
  exclude: liquidFilter(exclude),
});

/** The value of `app.metafields.kizuna.program`, without the namespace that publishing adds. */
export function programValue(facts: ProgramFacts) {
  const { rules, version, shop, now } = facts;
  const value = {
    status: version === 0 ? "paused" : rules.status,
    startsAt: rules.startsAt,
    who: rules.participation.who,
    rate: rules.rate,
    timeZone: shop.timeZone,
    currency: shop.currency,
    digits: currencyDigits(shop.currency),
    rounding: rules.rounding,
    base: rules.base,
    products: liquidScope(rules.products),
    minimumMinor: rules.minimum?.minor ?? null,
    perOrderCap: rules.caps.perOrder,
    // What the page cannot know exactly: tax that counts but is not in the prices (or the other way round),
    // and what the day's earlier orders have used of a limit.
    approximate: rules.base.includeTax !== shop.taxesIncluded || rules.caps.perDay !== null,
    // false: the product lists were too long to publish, so no page may promise points for a product.
    knowsProducts: true,
    previewCustomerIds: numbers(rules.previewCustomerIds, "Customer"),
    firstOrderBonus: rules.firstOrderBonus?.points ?? null,
    holdDays: rules.holdDays,
    ways: rules.ways.filter(({ enabled }) => enabled).map(shownWay),
    rewards: facts.rewards
      .filter(({ status }) => status === "active")
      .slice(0, REWARDS_MAX)
      .map((reward) => shownReward(reward, facts.donated?.get(reward.id) ?? 0)),
    tiers: shownPlans(rules.tierPlans, now),
    referral: shownReferral(rules.referral),
    campaigns: shownCampaigns(rules.campaigns, now, shop.timeZone),
  };
  return fitted(value);
}
export type ShownProgram = ReturnType<typeof programValue>;

function shownWay(way: WayToEarn) {
  const { id, kind, points } = way;
  switch (way.kind) {
    case "nth_order":
      return { id, kind, points, n: way.n, repeat: way.repeat };
    case "spend_threshold":
      return { id, kind, points, thresholdMinor: way.thresholdMinor };
    case "product_bonus":
      return { id, kind, points, per: way.per, products: liquidFilter(way.products) };
    case "birthday":
      return { id, kind, points, noticeDays: way.noticeDays, lockDays: way.lockDays };
    case "social":
      return { id, kind, points, action: way.action, platform: way.platform, url: way.url, every: way.every };
    case "join":
      return { id, kind, points, ...(way.by === "visit" ? { by: way.by } : {}) };
    case "newsletter":
    case "sms":
    case "anniversary":
    case "review":
    case "photo_review":
    case "video_review":
    case "first_review":
    case "survey":
      return { id, kind, points };
  }
}

function shownReward(reward: Reward, donatedMinor: number) {
  const { id, points, texts, picture, stock, terms } = reward;
  return {
    id,
    kind: terms.kind,
    points,
    title: texts.title,
    description: texts.description,
    picture,
    /** Seconds; null: no limit. */
    from: terms.from && seconds(terms.from),
    until: terms.until && seconds(terms.until),
    tierIds: terms.tierIds,
    gone: stock === 0,
    minimumMinor: "minimumOrderMinor" in terms ? terms.minimumOrderMinor : null,
    valueMinor: "valueMinor" in terms ? terms.valueMinor : null,
    ...(terms.kind === "points_off"
      ? { pointsPerStep: terms.pointsPerStep, minorPerStep: terms.minorPerStep, pointsMax: terms.pointsMax }
      : {}),
    ...(terms.kind === "percentage_off" ? { percent: terms.percent, capMinor: terms.capMinor } : {}),
    ...(terms.kind === "donation" ? { organisation: terms.organisation, donatedMinor } : {}),
  };
}

// The plan in force and the one that replaces it: the page chooses by its clock.
function shownPlans(plans: readonly TierPlan[], now: Date) {
  const sorted = plans.toSorted((a, b) => Date.parse(a.effectiveAt) - Date.parse(b.effectiveAt));
  const current = sorted.findLastIndex(({ effectiveAt }) => Date.parse(effectiveAt) <= now.getTime());
  return sorted.slice(Math.max(0, current), Math.max(0, current) + 2).map((plan, at, shown) => {
    const next = shown[at + 1];
    return {
      from: seconds(plan.effectiveAt),
      until: next ? seconds(next.effectiveAt) : null,
      metric: plan.metric,
      window: plan.window,
      list: plan.enabled ? plan.tiers : [],
    };
  });
}

function shownReferral(referral: EarningRules["referral"]) {
  if (!referral?.enabled) return null;
  const { friend, advocatePoints, minimumOrderMinor } = referral;
  return { friend, advocatePoints, minimumOrderMinor };
}

function shownCampaigns(campaigns: readonly Campaign[], now: Date, timeZone: string) {
  return campaigns
    .filter(({ enabled, until }) => enabled && Date.parse(until) > now.getTime())
    .filter(({ audience: { channels } }) => channels.length === 0 || channels.includes("online"))
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
    .slice(0, CAMPAIGNS_MAX)
    .map(({ id, name, from, until, effect, audience, products, stacking, priority, caps }) => ({
      id,
      name,
      from: seconds(from),
      until: seconds(until),
      /** The shop-local days a shopper reads. */
      fromOn: DateTime.fromISO(from, { zone: timeZone }).toISODate(),
      untilOn: DateTime.fromISO(until, { zone: timeZone }).minus({ milliseconds: 1 }).toISODate(),
      kind: effect.kind,
      percent: effect.kind === "multiplier" ? effect.percent : null,
      points: effect.kind === "bonus" ? effect.points : null,
      tierIds: audience.tierIds,
      tags: lowered(audience.tags),
      orders: audience.orders,
      products: liquidScope(products),
      adds: stacking === "adds",
      priority,
      perOrder: caps.perOrder,
      // Caps over many orders are not known to a page.
      approximate: caps.perMember !== null || caps.budget !== null,
    }));
}

type Value = {
  knowsProducts: boolean;
  products: EarningRules["products"];
  rewards: ReturnType<typeof shownReward>[];
  campaigns: ReturnType<typeof shownCampaigns>;
  ways: ReturnType<typeof shownWay>[];
};

// What is least missed goes first; what could make the page promise too much is marked, not shortened.
function fitted<Whole extends Value>(value: Whole): Whole {
  const steps: ((value: Whole) => Whole)[] = [
    (all) => ({ ...all, campaigns: all.campaigns.filter((each) => bytes(each.products) < 4_000) }),
    (all) => ({
      ...all,
      rewards: all.rewards.map((reward) => ({ ...reward, description: { en: "", ja: "" } })),
      ways: all.ways.filter((each) => bytes(each) < 4_000),
    }),
    (all) => ({ ...all, knowsProducts: false, products: { include: null, exclude: NOTHING } }),
    (all) => ({ ...all, rewards: all.rewards.slice(0, 20) }),
  ];
  return steps.reduce((fitting, step) => (bytes(fitting) <= BYTES_MAX ? fitting : step(fitting)), value);
}
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
