// What an order earns: the settings, and the pure answer for one order's newest state.
//
// setting               default                     why
// status                live                        the first save starts the program
// startsAt              null                        orders before this instant earn nothing; null: no such limit
// previewCustomerIds    []                          non-empty: only these customers see and earn
// participation         everyone, excludeB2b true   joined / tagged are the alternatives; excludeTags: staff, wholesale
// rate                  1 per ¥100 · 1 per 1.00     JPY and other zero-digit currencies: per 100 units; else per 1
// rounding              down                        one rounding per order
// base.discounts        after                       what was paid, not what was listed
// base.includeTax       as the shop's prices        Japan: in; US: out
// base.includeShipping  false                       also duties and tip: false
// base.includeGiftCard… false                       buying a gift card earns nothing, paying with one does:
// base.includePaidWith… gift card true, credit true (the card was bought without points); credit likewise
// products              all in, none out
// minimum               null                        tested again on what is kept when retestOnRefund
// caps                  none                        per order; per shop-local day
// firstOrderBonus       null
// trigger / holdDays    paid / 0                    hold counts from the trigger, in shop-local days
// clawback              debt, repayDebtFirst true   forgive: what was already spent is written off
// expiry                12 months                   after the day the points become available
// testOrders            development_only
// channels              all
// highRisk              hold
//   …PaidWithPoints     false                       points do not earn points
// guestClaimDays        60                          from the order to the claim
// ways, campaigns, tierPlans, referral, expiryReminders, returns: program-parts.ts
import { z } from "zod";

import type { Instant, Minor, OrderFacts } from "../shopify/order-facts";
import { chosenCampaigns } from "./campaigns/choose-campaigns";
import { firstOrderRule } from "./fixed-bonus";
import { keptAmounts, type KeptAmounts } from "./kept-amounts";
import { currencyDigits } from "./money";
import { availability } from "./order-availability";
import { testEarns, whyNeverEarns, whyUndone } from "./order-eligibility";
import { orderRule, tierRule } from "./plain-rate";
import {
  expirySchema,
  productScopeSchema,
  programParts,
  salesChannelSchema,
  type LocalizedText,
} from "./program-parts";
import type { NothingReason, ReasonCode, ReasonParams } from "./reasons";
import { orderWayRules } from "./ways/order-ways";

export type { ProductFilter } from "./kept-amounts";
export { POINTS_MAX } from "./plain-rate";

const MINOR_MAX = 1_000_000_000_000;
const points = z.number().int().min(1).max(1_000_000_000);
const listOf = (limit: number) => z.array(z.string().trim().min(1).max(255)).max(limit);

export const earningRulesSchema = z
  .strictObject({
    status: z.enum(["live", "paused"]),
    startsAt: z.iso.datetime({ offset: true }).nullable(),
    previewCustomerIds: listOf(250),
    participation: z.strictObject({
      who: z.enum(["everyone", "joined", "tagged"]),
      tags: listOf(250),
      excludeTags: listOf(250),
      excludeB2b: z.boolean(),
    }),
    rate: z.strictObject({
      points: z.number().int().min(1).max(1_000_000),
      perMinor: z.number().int().min(1).max(MINOR_MAX),
    }),
    rounding: z.enum(["down", "up", "half_up"]),
    base: z.strictObject({
      discounts: z.enum(["after", "before"]),
      includeTax: z.boolean(),
      includeShipping: z.boolean(),
      includeGiftCardLines: z.boolean(),
      includePaidWithGiftCard: z.boolean(),
      includePaidWithStoreCredit: z.boolean(),
      includeDuties: z.boolean(),
      includeTip: z.boolean(),
      includePaidWithPoints: z.boolean().default(false),
    }),
    products: productScopeSchema,
    minimum: z.strictObject({ minor: z.number().int().min(0).max(MINOR_MAX), retestOnRefund: z.boolean() }).nullable(),
    caps: z.strictObject({ perOrder: points.nullable(), perDay: points.nullable() }),
    firstOrderBonus: z.strictObject({ points, onRefund: z.enum(["proportional", "until_nothing_kept"]) }).nullable(),
    trigger: z.enum(["paid", "fulfilled", "delivered"]),
    holdDays: z.number().int().min(0).max(90),
    clawback: z.enum(["debt", "forgive"]),
    repayDebtFirst: z.boolean(),
    expiry: expirySchema,
    testOrders: z.enum(["never", "development_only", "always"]),
    channels: z.array(salesChannelSchema).min(1).max(5),
    highRisk: z.enum(["earn", "hold", "none"]),
    guestClaimDays: z.number().int().min(0).max(3650),
    ...programParts,
  })
  .refine((rules) => rules.participation.who !== "tagged" || rules.participation.tags.length > 0, {
    path: ["participation", "tags"],
    params: { code: "tags_missing" },
  });
export type EarningRules = z.infer<typeof earningRulesSchema>;

/** The defaults of the table above, for a shop's currency and tax habit. */
export function defaultEarningRules(profile: { currency: string; taxesIncluded: boolean }): EarningRules {
  const digits = currencyDigits(profile.currency);
  return {
    status: "live",
    startsAt: null,
    previewCustomerIds: [],
    participation: { who: "everyone", tags: [], excludeTags: [], excludeB2b: true },
    rate: { points: 1, perMinor: digits === 0 ? 100 : 10 ** digits },
    rounding: "down",
    base: {
      discounts: "after",
      includeTax: profile.taxesIncluded,
      includeShipping: false,
      includeGiftCardLines: false,
      includePaidWithGiftCard: true,
      includePaidWithStoreCredit: true,
      includeDuties: false,
      includeTip: false,
      includePaidWithPoints: false,
    },
    products: { include: null, exclude: { productIds: [], variantIds: [], collectionIds: [], tags: [] } },
    minimum: null,
    caps: { perOrder: null, perDay: null },
    firstOrderBonus: null,
    trigger: "paid",
    holdDays: 0,
    clawback: "debt",
    repayDebtFirst: true,
    expiry: { kind: "after_months", months: 12 },
    testOrders: "development_only",
    channels: ["online", "pos", "draft", "subscription", "other"],
    highRisk: "hold",
    guestClaimDays: 60,
    ways: [],
    campaigns: [],
    tierPlans: [],
    referral: null,
    expiryReminders: [30, 7],
    returns: { graceDays: 30 },
  };
}

/** The tier a member holds at an instant, as far as earning goes. */
export interface HeldTier {
  id: string;
  name: LocalizedText;
  multiplierPercent: number;
}
/** What the answer depends on besides the order and the rules. */
export interface EarningContext {
  isDevelopmentShop: boolean;
  /** IANA zone of the shop. */
  timeZone: string;
  /** null: a guest's order nobody has claimed. `tags` as they were when the order was first theirs. */
  member: { joinedAt: Instant | null; tags: string[] } | null;
  /** No earlier order of the member is a purchase. */
  isFirstOrder: boolean;
  /** One more than the earlier orders that are purchases; absent: nobody counted, so first or not is all there is. */
  orderRank?: number;
  /** Points that earlier orders of the same shop-local day earn under the order rule. */
  earnedEarlierTodayPoints: number;
  /** Held at processed_at. */
  tier?: HeldTier | null;
  /** Points that earlier orders of the member earn from campaigns with a cap per member, by campaign. */
  campaignPointsBefore?: Readonly<Record<string, number>>;
  /** The part of the discounts that was bought with points. */
  paidWithPointsMinor?: Minor;
  now: Instant;
  /** When a guest's order was claimed; null or absent: it was a customer's from the start. */
  claimedAt?: Instant | null;
  /** The merchant removed the points of this test order. */
  isTestRemoved?: boolean;
}

/** Names what earned, in the ledger's keys and in order_earning. */
export type EarningRule = "order" | "first_order" | "tier" | `campaign:${string}` | `way:${string}`;
export interface EarningExplanation {
  code: ReasonCode;
  params: ReasonParams;
}
export interface RuleAnswer {
  rule: EarningRule;
  /** Points the order should have produced. */
  target: number;
  /** The same before any refund or cancellation. */
  gross: number;
  explanation: EarningExplanation;
  /** Days its points wait longer than the order's; absent: none. */
  holdDays?: number;
}
export type EarningState = "none" | "waiting" | "pending" | "available";
export interface EarningAnswer {
  /** The order rule always answers, first; of the others those that give points or gave them before refunds. */
  rules: RuleAnswer[];
  /** waiting: the trigger is not reached; pending: on hold until `availableAt` (null: until the hold is lifted). */
  state: EarningState;
  availableAt: Instant | null;
  isTest: boolean;
  whyNone: NothingReason | null;
}
/** One order as every rule sees it. */
export interface JudgedOrder {
  facts: OrderFacts;
  rules: EarningRules;
  context: EarningContext;
  gross: KeptAmounts;
  now: KeptAmounts;
  never: NothingReason | null;
  undone: NothingReason | null;
}

/** What the order should have produced, under these rules, in its newest state. Pure and total. */
export function computeEarning(facts: OrderFacts, rules: EarningRules, context: EarningContext): EarningAnswer {
  const points = context.paidWithPointsMinor ?? 0;
  const gross = keptAmounts(facts, rules.base, rules.products, "gross", points);
  const undone = whyUndone(facts);
  const now = undone
    ? { baseMinor: 0, lines: [], goodsMinor: 0, refundedMinor: gross.goodsMinor }
    : keptAmounts(facts, rules.base, rules.products, "now", points);
  const never = whyNeverEarns(facts, rules, context);
  const order: JudgedOrder = { facts, rules, context, gross, now, never, undone };
  const main = orderRule(order);
  const extras = never ? [] : [...tierRule(order), ...chosenCampaigns(order), ...orderWayRules(order)];
  const answers = [
    main,
    ...(rules.firstOrderBonus ? [firstOrderRule(order)] : []),
    ...extras.filter((answer) => answer.gross > 0 || answer.target > 0),
  ];
  const total = answers.reduce((sum, answer) => sum + answer.target, 0);
  return {
    rules: answers,
    ...(total > 0 ? availability(facts, rules, context) : { state: "none", availableAt: null }),
    isTest: facts.test,
    whyNone: total > 0 ? null : (main.explanation.code as NothingReason),
  };
}

/** Whether the order counts as a purchase for rules that look across orders. */
export function isPurchase(
  facts: OrderFacts,
  rules: EarningRules,
  context: Pick<EarningContext, "isDevelopmentShop">,
): boolean {
  if (whyUndone(facts) || (facts.test && !testEarns(rules, context))) return false;
  return keptAmounts(facts, rules.base, rules.products, "now").goodsMinor > 0;
}
