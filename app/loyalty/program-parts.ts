// The parts of the program beside the order rule: ways to earn, campaigns, tiers, referrals, expiry. Shapes
// and limits only; each part's folder says what they do. Pure.
//
// part            default                why
// ways            none                   each way has its own id, which names it in the ledger for ever
// campaigns       none                   windows are instants; the editor shows them in the shop's zone
// tierPlans       none                   one plan per date; a plan in force never changes
// referral        none
// expiryReminders 30 and 7 days before   nobody loses points without a word
// returns         30 days of grace       points given back are usable at least that long
import { z } from "zod";

const POINTS_PER_ACT_MAX = 1_000_000_000;
const MINOR_MAX = 1_000_000_000_000;

const points = z.number().int().min(1).max(POINTS_PER_ACT_MAX);
const minor = z.number().int().min(0).max(MINOR_MAX);
const instant = z.iso.datetime({ offset: true });
const listOf = (limit: number) => z.array(z.string().trim().min(1).max(255)).max(limit);
/** Names a part for ever: in keys of the ledger, in metafields, in history. */
const partId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
/** 100 = ×1, 150 = ×1.5. */
const percent = z.number().int().min(100).max(10_000);

/** A text a shopper reads, in both languages; an empty one falls back to the other language. */
export const localizedTextSchema = z.strictObject({ en: z.string().trim().max(300), ja: z.string().trim().max(300) });
export type LocalizedText = z.infer<typeof localizedTextSchema>;
/** The text of a locale, or of the other one when it was left empty. */
export function textIn(text: LocalizedText, locale: "en" | "ja"): string {
  return text[locale] || text[locale === "en" ? "ja" : "en"];
}

export const productFilterSchema = z.strictObject({
  productIds: listOf(1000),
  variantIds: listOf(1000),
  collectionIds: listOf(250),
  tags: listOf(250),
});
export const productScopeSchema = z.strictObject({
  include: productFilterSchema.nullable(),
  exclude: productFilterSchema,
});
export const salesChannelSchema = z.enum(["online", "pos", "draft", "subscription", "other"]);
const onRefund = z.enum(["proportional", "until_nothing_kept"]);

// ─── Ways to earn ───────────────────────────────────────────────────────────────────────────────

const way = <Kind extends string>(kind: Kind) => ({
  id: partId,
  kind: z.literal(kind),
  enabled: z.boolean(),
  points,
  /** Days before the points become available. */
  holdDays: z.number().int().min(0).max(90).default(0),
});
export const wayToEarnSchema = z.discriminatedUnion("kind", [
  // Acts of the member, once in a life.
  z.strictObject({
    ...way("join"),
    /** visit: whoever takes part and visits the shop signed in joins by that; absent: a click is asked for. */
    by: z.enum(["click", "visit"]).optional(),
  }),
  z.strictObject({ ...way("newsletter") }),
  z.strictObject({ ...way("sms") }),
  // The calendar.
  z.strictObject({
    ...way("birthday"),
    /** A birthday given or changed later than this before the day counts from the next year on. */
    noticeDays: z.number().int().min(30).max(365).default(30),
    /** A birthday may be changed again only after so many days. */
    lockDays: z.number().int().min(30).max(3650).default(365),
  }),
  z.strictObject({ ...way("anniversary"), yearsMax: z.number().int().min(1).max(100).nullable().default(null) }),
  // Orders, beside the order rule.
  z.strictObject({
    ...way("nth_order"),
    n: z.number().int().min(2).max(1000),
    /** every: the n-th, 2n-th, 3n-th … order. */
    repeat: z.enum(["once", "every"]),
    onRefund,
  }),
  z.strictObject({
    ...way("product_bonus"),
    products: productFilterSchema,
    per: z.enum(["order", "unit"]),
    unitsMax: z.number().int().min(1).max(1000).nullable().default(null),
    onRefund,
  }),
  z.strictObject({
    ...way("spend_threshold"),
    /** What is kept of the counted amount must reach this. */
    thresholdMinor: minor.min(1),
  }),
  // Honour-based: labelled so, capped and held.
  z.strictObject({
    ...way("social"),
    holdDays: z.number().int().min(1).max(90).default(3),
    action: z.enum(["follow", "share"]),
    platform: z.enum(["instagram", "x", "line", "facebook", "tiktok", "youtube", "pinterest", "other"]),
    url: z.url({ protocol: /^https$/ }).max(500),
    every: z.enum(["once", "month", "year"]),
  }),
  // Never dependent on stars, wording or scores.
  z.strictObject({ ...way("review"), perMonth: z.number().int().min(1).max(100).default(10) }),
  z.strictObject({ ...way("photo_review"), perMonth: z.number().int().min(1).max(100).default(10) }),
  z.strictObject({ ...way("video_review"), perMonth: z.number().int().min(1).max(100).default(10) }),
  /** The first review that a product ever got. */
  z.strictObject({ ...way("first_review"), perMonth: z.number().int().min(1).max(100).default(10) }),
  z.strictObject({ ...way("survey"), perMonth: z.number().int().min(1).max(100).default(1) }),
]);
export type WayToEarn = z.infer<typeof wayToEarnSchema>;
export type WayKind = WayToEarn["kind"];
/** What a published review may give points for, each beside the others. */
export const REVIEW_WAYS = [
  "review",
  "photo_review",
  "video_review",
  "first_review",
] as const satisfies readonly WayKind[];
export type ReviewWayKind = (typeof REVIEW_WAYS)[number];
export type WayOfKind<Kind extends WayKind> = Extract<WayToEarn, { kind: Kind }>;

// ─── Campaigns ──────────────────────────────────────────────────────────────────────────────────

export const campaignSchema = z
  .strictObject({
    id: partId,
    enabled: z.boolean(),
    name: localizedTextSchema,
    /** First instant, and the first instant after the end; orders count by processed_at. */
    from: instant,
    until: instant,
    effect: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("multiplier"), percent: percent.min(101) }),
      z.strictObject({ kind: z.literal("bonus"), points, onRefund }),
    ]),
    audience: z.strictObject({
      /** Empty lists: everybody. */
      tierIds: z.array(partId).max(20),
      tags: listOf(50),
      channels: z.array(salesChannelSchema).max(5),
      orders: z.enum(["any", "first", "repeat"]),
    }),
    products: productScopeSchema,
    /** best: one of the "best" campaigns applies, by priority, then by points. adds: always on top. */
    stacking: z.enum(["best", "adds"]),
    priority: z.number().int().min(0).max(100),
    caps: z.strictObject({
      perOrder: points.nullable(),
      perMember: points.nullable(),
      /** The campaign is switched off once it has granted so many. */
      budget: points.nullable(),
    }),
  })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
    path: ["until"],
    params: { code: "ends_before_it_starts" },
  });
export type Campaign = z.infer<typeof campaignSchema>;

// ─── Tiers ──────────────────────────────────────────────────────────────────────────────────────

export const tierSchema = z.strictObject({
  id: partId,
  name: localizedTextSchema,
  /** Minor units, base points or orders, as the plan's metric says; the lowest may be 0. */
  threshold: z.number().int().min(0).max(MINOR_MAX),
  multiplierPercent: percent,
  /** Points given once in a life when the tier is first reached. */
  entryPoints: points.nullable(),
  perks: z.array(localizedTextSchema).max(10),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
});
export type Tier = z.infer<typeof tierSchema>;
export const tierPlanSchema = z
  .strictObject({
    /** From this instant on; a plan in force is never changed, the next one replaces it. */
    effectiveAt: instant,
    /** false: from then on there are no tiers. */
    enabled: z.boolean(),
    /** spend: the amount that counts for points. points: base points of orders, without any multiplier. */
    metric: z.enum(["spend", "points", "orders"]),
    window: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("lifetime") }),
      z.strictObject({ kind: z.literal("calendar_year"), startMonth: z.number().int().min(1).max(12) }),
      z.strictObject({ kind: z.literal("rolling_months"), months: z.number().int().min(1).max(60) }),
    ]),
    /** A downgrade takes effect so many days after the period's end. */
    graceDays: z.number().int().min(0).max(365),
    /** Members keep the tier they hold when the plan begins until their period ends. */
    grandfather: z.boolean(),
    /** Ascending by threshold. */
    tiers: z.array(tierSchema).max(20),
  })
  .refine(({ tiers }) => tiers.every((tier, i) => i === 0 || tier.threshold > (tiers[i - 1]?.threshold ?? 0)), {
    path: ["tiers"],
    params: { code: "thresholds_not_ascending" },
  })
  .refine(({ tiers }) => new Set(tiers.map(({ id }) => id)).size === tiers.length, {
    path: ["tiers"],
    params: { code: "tier_ids_repeat" },
  });
export type TierPlan = z.infer<typeof tierPlanSchema>;

// ─── Referrals ──────────────────────────────────────────────────────────────────────────────────

export const referralSchema = z.strictObject({
  enabled: z.boolean(),
  friend: z.strictObject({
    kind: z.enum(["amount", "percentage"]),
    /** Minor units, or whole percent. */
    value: z.number().int().min(1).max(MINOR_MAX),
    minimumMinor: minor.nullable(),
    validDays: z.number().int().min(1).max(365),
  }),
  advocatePoints: points,
  /** Days after the friend's order is paid before the advocate's points are available. */
  holdDays: z.number().int().min(0).max(90),
  /** The friend's order must keep at least this. */
  minimumOrderMinor: minor,
  perMonthMax: z.number().int().min(1).max(1000),
});
export type ReferralProgram = z.infer<typeof referralSchema>;

// ─── Expiry ─────────────────────────────────────────────────────────────────────────────────────

export const expirySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("never") }),
  z.strictObject({ kind: z.literal("after_days"), days: z.number().int().min(1).max(3650) }),
  z.strictObject({ kind: z.literal("after_months"), months: z.number().int().min(1).max(120) }),
  /** The end of the month that lies `months` months after the one in which points became available. */
  z.strictObject({ kind: z.literal("month_end"), months: z.number().int().min(0).max(120) }),
  /** 31 December of the year that lies `years` years after the one in which points became available. */
  z.strictObject({ kind: z.literal("year_end"), years: z.number().int().min(0).max(10) }),
  /** `months` months after the last activity; each activity extends every such lot. */
  z.strictObject({ kind: z.literal("after_inactivity"), months: z.number().int().min(1).max(120) }),
]);
export type ExpiryPolicy = z.infer<typeof expirySchema>;

/** The parts, as keys of the program; each has a default, so that versions saved before it stay readable. */
export const programParts = {
  ways: z.array(wayToEarnSchema).max(50).default([]),
  campaigns: z.array(campaignSchema).max(200).default([]),
  tierPlans: z.array(tierPlanSchema).max(20).default([]),
  referral: referralSchema.nullable().default(null),
  /** Days before the expiry on which a reminder goes out, longest first. */
  expiryReminders: z.array(z.number().int().min(1).max(180)).max(3).default([30, 7]),
  returns: z.strictObject({ graceDays: z.number().int().min(0).max(365) }).default({ graceDays: 30 }),
};
