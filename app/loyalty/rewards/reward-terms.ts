// What points can buy: the kinds, their terms, and what each costs. Pure; a redemption keeps a copy of all of it.
import { z } from "zod";

import { localizedTextSchema, productFilterSchema } from "../program-parts";

const MINOR_MAX = 1_000_000_000_000;
const minor = z.number().int().min(1).max(MINOR_MAX);
const instant = z.iso.datetime({ offset: true });

/** Kinds that are a discount code at the checkout. */
export const CODE_KINDS = ["amount_off", "points_off", "percentage_off", "free_shipping", "free_product"] as const;
export const REWARD_KINDS = [
  ...CODE_KINDS,
  "gift_card",
  "store_credit",
  "donation",
  "voucher",
  "place",
  "early_access",
] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];
export type CodeKind = (typeof CODE_KINDS)[number];
/** Whether the kind is a discount code that an order uses. */
export function isCodeKind(kind: RewardKind): kind is CodeKind {
  return (CODE_KINDS as readonly RewardKind[]).includes(kind);
}

/** What every reward has. */
const common = {
  /** At most so many redemptions per member; null: no limit. Voided ones do not count. */
  perMemberLimit: z.number().int().min(1).max(10_000).nullable(),
  /** Only members holding one of these tiers; empty: everybody. */
  tierIds: z.array(z.string().max(40)).max(20),
  /** When it may be taken; null: no limit. */
  from: instant.nullable(),
  until: instant.nullable(),
};
/** What every discount code has beside. */
const code = {
  ...common,
  /** Days until an unused code ends and its points come back. */
  validDays: z.number().int().min(1).max(730),
  minimumOrderMinor: minor.nullable(),
  combinesWith: z.strictObject({ order: z.boolean(), product: z.boolean(), shipping: z.boolean() }),
};
/** limit: a code worth more than the cart is used up. return_rest: what it was not worth comes back as points. */
const worthMore = z.enum(["limit", "return_rest"]);
/** null: everything. */
const appliesTo = productFilterSchema.nullable();

export const rewardTermsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("amount_off"), ...code, valueMinor: minor, appliesTo, worthMore }),
  /** "Use as many points as you like": each `pointsPerStep` points are worth `minorPerStep`. */
  z.strictObject({
    kind: z.literal("points_off"),
    ...code,
    pointsPerStep: z.number().int().min(1).max(1_000_000),
    minorPerStep: minor,
    pointsMax: z.number().int().min(1).max(1_000_000_000).nullable(),
    appliesTo,
    worthMore,
  }),
  /** With a cap it is issued as a fixed amount worked out from the cart at redemption. */
  z.strictObject({
    kind: z.literal("percentage_off"),
    ...code,
    percent: z.number().int().min(1).max(100),
    capMinor: minor.nullable(),
    appliesTo,
  }),
  z.strictObject({ kind: z.literal("free_shipping"), ...code, maximumShippingMinor: minor.nullable() }),
  /** One piece of the product: issued as its price off that product. */
  z.strictObject({
    kind: z.literal("free_product"),
    ...code,
    productId: z.string().max(255),
    variantId: z.string().max(255).nullable(),
    /** The price when the reward was set up, the amount taken off. */
    valueMinor: minor,
  }),
  z.strictObject({
    kind: z.literal("gift_card"),
    ...common,
    valueMinor: minor,
    validDays: z.number().int().min(1).max(3650).nullable(),
  }),
  z.strictObject({
    kind: z.literal("store_credit"),
    ...common,
    valueMinor: minor,
    /** null: never expires; then a lost answer of Shopify stops in "needs a person". */
    validDays: z.number().int().min(1).max(3650).nullable(),
  }),
  z.strictObject({
    kind: z.literal("donation"),
    ...common,
    valueMinor: minor,
    organisation: localizedTextSchema,
    /** What was given before this app counted, added to the public total. */
    totalBeforeMinor: z.number().int().min(0).max(MINOR_MAX),
  }),
  z.strictObject({ kind: z.literal("voucher"), ...common, partner: localizedTextSchema, valueMinor: minor.nullable() }),
  z.strictObject({ kind: z.literal("place"), ...common, happensAt: instant.nullable() }),
  z.strictObject({ kind: z.literal("early_access"), ...common, tag: z.string().trim().min(1).max(40) }),
]);
export type RewardTerms = z.infer<typeof rewardTermsSchema>;
export type TermsOf<Kind extends RewardKind> = Extract<RewardTerms, { kind: Kind }>;

export const rewardTextsSchema = z.strictObject({ title: localizedTextSchema, description: localizedTextSchema });
export type RewardTexts = z.infer<typeof rewardTextsSchema>;
export const rewardPictureSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(1000),
  alt: localizedTextSchema,
});

/** A reward as the merchant edits it; `points` is its cost, for points_off the least that may be used. */
export const rewardDraftSchema = z.strictObject({
  points: z.number().int().min(1).max(1_000_000_000),
  terms: rewardTermsSchema,
  texts: rewardTextsSchema,
  picture: rewardPictureSchema.nullable(),
  /** Left to give away; null: no limit. Vouchers count their pool instead. */
  stock: z.number().int().min(0).max(100_000_000).nullable(),
});
export type RewardDraft = z.infer<typeof rewardDraftSchema>;
export type RewardStatus = "draft" | "active" | "archived";
export interface Reward extends RewardDraft {
  id: number;
  status: RewardStatus;
  position: number;
  taken: number;
  revision: number;
}
