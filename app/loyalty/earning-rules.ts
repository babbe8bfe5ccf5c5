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
// guestClaimDays        60                          from the order to the claim
import { DateTime } from "luxon";
import { z } from "zod";

import { gidNumber } from "../shopify/gid";
import type { FinancialStatus, Instant, OrderFacts } from "../shopify/order-facts";
import { hasTag, keptAmounts, type KeptAmounts } from "./kept-amounts";
import { allocate, currencyDigits, divideRounded } from "./money";
import type { NothingReason, ReasonCode, ReasonParams } from "./reasons";

export type { ProductFilter } from "./kept-amounts";

/** The database refuses more in one entry; no honest order comes near. */
export const POINTS_MAX = 1_000_000_000_000;

const MINOR_MAX = 1_000_000_000_000;
const points = z.number().int().min(1).max(1_000_000_000);
const listOf = (limit: number) => z.array(z.string().trim().min(1).max(255)).max(limit);
const productFilterSchema = z.strictObject({
  productIds: listOf(1000),
  variantIds: listOf(1000),
  collectionIds: listOf(250),
  tags: listOf(250),
});
const salesChannel = z.enum(["online", "pos", "draft", "subscription", "other"]);

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
    }),
    products: z.strictObject({ include: productFilterSchema.nullable(), exclude: productFilterSchema }),
    minimum: z.strictObject({ minor: z.number().int().min(0).max(MINOR_MAX), retestOnRefund: z.boolean() }).nullable(),
    caps: z.strictObject({ perOrder: points.nullable(), perDay: points.nullable() }),
    firstOrderBonus: z.strictObject({ points, onRefund: z.enum(["proportional", "until_nothing_kept"]) }).nullable(),
    trigger: z.enum(["paid", "fulfilled", "delivered"]),
    holdDays: z.number().int().min(0).max(90),
    clawback: z.enum(["debt", "forgive"]),
    repayDebtFirst: z.boolean(),
    expiry: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("never") }),
      z.strictObject({ kind: z.literal("after_days"), days: z.number().int().min(1).max(3650) }),
      z.strictObject({ kind: z.literal("after_months"), months: z.number().int().min(1).max(120) }),
    ]),
    testOrders: z.enum(["never", "development_only", "always"]),
    channels: z.array(salesChannel).min(1).max(5),
    highRisk: z.enum(["earn", "hold", "none"]),
    guestClaimDays: z.number().int().min(0).max(3650),
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
  };
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
  /** Points that earlier orders of the same shop-local day earn under the order rule. */
  earnedEarlierTodayPoints: number;
  now: Instant;
  /** When a guest's order was claimed; null or absent: it was a customer's from the start. */
  claimedAt?: Instant | null;
  /** The merchant removed the points of this test order. */
  isTestRemoved?: boolean;
}

export type EarningRule = "order" | "first_order";
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
}
export type EarningState = "none" | "waiting" | "pending" | "available";
export interface EarningAnswer {
  rules: RuleAnswer[];
  /** waiting: the trigger is not reached; pending: on hold until `availableAt` (null: until the hold is lifted). */
  state: EarningState;
  availableAt: Instant | null;
  isTest: boolean;
  whyNone: NothingReason | null;
}

/** What the order should have produced, under these rules, in its newest state. Pure and total. */
export function computeEarning(facts: OrderFacts, rules: EarningRules, context: EarningContext): EarningAnswer {
  const never = whyNeverEarns(facts, rules, context);
  const gross = keptAmounts(facts, rules.base, rules.products, "gross");
  const undone = whyUndone(facts);
  const now = undone
    ? { baseMinor: 0, goodsMinor: 0, refundedMinor: gross.goodsMinor }
    : keptAmounts(facts, rules.base, rules.products, "now");
  const answers = [orderRule(facts, rules, context, { gross, now, never, undone })];
  if (rules.firstOrderBonus) answers.push(firstOrderRule(rules, context, { gross, now, never, undone }));
  const total = answers.reduce((sum, answer) => sum + answer.target, 0);
  const whyNone = total > 0 ? null : (answers[0]?.explanation.code as NothingReason);
  return {
    rules: answers,
    ...(total > 0 ? availability(facts, rules, context) : { state: "none", availableAt: null }),
    isTest: facts.test,
    whyNone,
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

interface Amounts {
  gross: KeptAmounts;
  now: KeptAmounts;
  never: NothingReason | null;
  undone: NothingReason | null;
}

function orderRule(facts: OrderFacts, rules: EarningRules, context: EarningContext, amounts: Amounts): RuleAnswer {
  const nothing = (code: NothingReason, gross: number, params: ReasonParams = {}): RuleAnswer => ({
    rule: "order",
    target: 0,
    gross,
    explanation: { code, params: { currency: facts.currency, ...params } },
  });
  if (amounts.never) return nothing(amounts.never, 0);
  const gross = pointsFor(
    isAtLeastMinimum(rules, amounts.gross.baseMinor) ? amounts.gross.baseMinor : 0,
    rules,
    context,
  );
  const now = pointsFor(minimumFailsNow(rules, amounts) ? 0 : amounts.now.baseMinor, rules, context);
  const refundedMinor = amounts.now.refundedMinor;
  if (amounts.undone) return nothing(amounts.undone, gross.points, { grossPoints: gross.points });
  if (now.points === 0)
    return nothing(whyZero(rules, amounts, now), gross.points, { refundedMinor, minimumMinor: rules.minimum?.minor });
  const params: ReasonParams = {
    points: now.points,
    baseMinor: amounts.now.baseMinor,
    currency: facts.currency,
    ratePoints: rules.rate.points,
    ratePerMinor: rules.rate.perMinor,
    rounding: rules.rounding,
    ...(now.cappedBy ? { cappedBy: now.cappedBy, cap: now.cap } : {}),
    ...(refundedMinor > 0 ? { refundedMinor, grossPoints: gross.points } : {}),
  };
  return {
    rule: "order",
    target: now.points,
    gross: Math.max(gross.points, now.points),
    explanation: { code: "order_earned", params },
  };
}

// A fixed bonus: shrinks with the share of the counted amount that was kept, or stays while anything is.
function firstOrderRule(rules: EarningRules, context: EarningContext, amounts: Amounts): RuleAnswer {
  const bonus = rules.firstOrderBonus;
  const qualifies =
    bonus !== null && !amounts.never && context.isFirstOrder && isAtLeastMinimum(rules, amounts.gross.baseMinor);
  const gross = qualifies && amounts.gross.baseMinor > 0 ? bonus.points : 0;
  // Without goods it is no purchase any more: the bonus goes to the next one, whatever shipping was kept.
  const isKept = !amounts.undone && amounts.now.goodsMinor > 0 && !minimumFailsNow(rules, amounts);
  const kept = isKept ? amounts.now.baseMinor : 0;
  let target = kept > 0 ? gross : 0;
  if (target > 0 && bonus?.onRefund === "proportional") {
    target = allocate(gross, [kept, Math.max(0, amounts.gross.baseMinor - kept)])[0] ?? 0;
  }
  const code: ReasonCode =
    target > 0
      ? "first_order_bonus"
      : (amounts.never ?? amounts.undone ?? (gross > 0 ? "refunded" : "not_first_order"));
  return { rule: "first_order", target, gross, explanation: { code, params: { points: target, grossPoints: gross } } };
}

interface Points {
  points: number;
  cappedBy: "order" | "day" | null;
  cap: number;
}
function pointsFor(baseMinor: number, rules: EarningRules, context: EarningContext): Points {
  const exact = divideRounded(
    BigInt(baseMinor) * BigInt(rules.rate.points),
    BigInt(rules.rate.perMinor),
    rules.rounding,
  );
  let result: Points = { points: exact > BigInt(POINTS_MAX) ? POINTS_MAX : Number(exact), cappedBy: null, cap: 0 };
  const { perOrder, perDay } = rules.caps;
  if (perOrder !== null && result.points > perOrder) result = { points: perOrder, cappedBy: "order", cap: perOrder };
  if (perDay !== null) {
    const left = Math.max(0, perDay - context.earnedEarlierTodayPoints);
    if (result.points > left) result = { points: left, cappedBy: "day", cap: perDay };
  }
  return result;
}
function isAtLeastMinimum(rules: EarningRules, baseMinor: number): boolean {
  return rules.minimum === null || baseMinor >= rules.minimum.minor;
}
// Passed when granted, tested again on what is kept; without the second test a grant only follows the amount.
function minimumFailsNow(rules: EarningRules, amounts: Amounts): boolean {
  if (rules.minimum === null) return false;
  const tested = rules.minimum.retestOnRefund ? amounts.now.baseMinor : amounts.gross.baseMinor;
  return tested < rules.minimum.minor;
}
function whyZero(rules: EarningRules, amounts: Amounts, now: Points): NothingReason {
  if (amounts.now.baseMinor === 0 && amounts.gross.baseMinor > 0) return "refunded";
  if (amounts.gross.baseMinor === 0) return "nothing_eligible";
  if (minimumFailsNow(rules, amounts)) return "below_minimum";
  return now.cappedBy === "day" ? "day_cap_reached" : "below_one_point";
}

// Reasons that do not depend on refunds: such an order never earned at all.
function whyNeverEarns(facts: OrderFacts, rules: EarningRules, context: EarningContext): NothingReason | null {
  if (rules.status === "paused") return "program_paused";
  if (rules.startsAt !== null && Date.parse(facts.processedAt) < Date.parse(rules.startsAt)) return "not_started";
  if (context.member === null) return "guest";
  const { claimedAt, timeZone } = context;
  if (
    claimedAt &&
    !isClaimInTime({ processedAt: facts.processedAt, claimedAt, guestClaimDays: rules.guestClaimDays, timeZone })
  )
    return "claim_window_passed";
  if (context.isTestRemoved) return "test_removed";
  if (facts.test && !testEarns(rules, context)) return "test_order";
  if (!isInPreview(facts, rules)) return "preview_only";
  if (!rules.channels.includes(facts.channel)) return "channel_excluded";
  if (facts.isB2b && rules.participation.excludeB2b) return "b2b_excluded";
  if (facts.highRisk && rules.highRisk === "none") return "high_risk";
  return whyNotTakingPart(facts, rules, context.member);
}
function whyNotTakingPart(
  facts: OrderFacts,
  rules: EarningRules,
  member: { joinedAt: Instant | null; tags: string[] },
): NothingReason | null {
  const { who, tags, excludeTags } = rules.participation;
  if (excludeTags.some((tag) => hasTag(member.tags, tag))) return "excluded_customer";
  if (who === "tagged" && !tags.some((tag) => hasTag(member.tags, tag))) return "not_tagged";
  if (who === "joined" && (member.joinedAt === null || Date.parse(member.joinedAt) > Date.parse(facts.processedAt)))
    return "not_joined";
  return null;
}
function testEarns(rules: EarningRules, context: Pick<EarningContext, "isDevelopmentShop">): boolean {
  return rules.testOrders === "always" || (rules.testOrders === "development_only" && context.isDevelopmentShop);
}
function isInPreview(facts: OrderFacts, rules: EarningRules): boolean {
  if (rules.previewCustomerIds.length === 0) return true;
  if (facts.customerId === null) return false;
  const number = gidNumber(facts.customerId);
  return rules.previewCustomerIds.some((id) => id === facts.customerId || id === number);
}
/** Whether a guest's order is claimed within the shop-local days the rules give. */
export function isClaimInTime(claim: {
  processedAt: Instant;
  claimedAt: Instant;
  guestClaimDays: number;
  timeZone: string;
}): boolean {
  const last = DateTime.fromISO(claim.processedAt, { zone: claim.timeZone }).plus({ days: claim.guestClaimDays });
  return Date.parse(claim.claimedAt) <= last.toMillis();
}

// Reasons that undo an order as a whole, whatever its refunds say. An order deleted at Shopify is not
// among them: only closed orders can be deleted, and what they earned stays as their last state says.
function whyUndone(facts: OrderFacts): NothingReason | null {
  if (facts.cancelledAt !== null) return "order_cancelled";
  if (facts.financialStatus === "voided" || facts.financialStatus === "expired") return "order_voided";
  return facts.dispute === "lost" ? "dispute_lost" : null;
}

const PAID: ReadonlySet<FinancialStatus> = new Set<FinancialStatus>(["paid", "partially_refunded", "refunded"]);

// Points of unpaid goods are never spendable: fulfilled and delivered wait for the payment as well.
function triggerReachedAt(facts: OrderFacts, trigger: EarningRules["trigger"]): Instant | null {
  if (!PAID.has(facts.financialStatus)) return null;
  const paidAt = facts.paidAt ?? facts.processedAt;
  if (trigger === "paid") return paidAt;
  const shipped = trigger === "fulfilled" ? facts.fulfilledAt : facts.deliveredAt;
  if (shipped === null) return null;
  return Date.parse(shipped) > Date.parse(paidAt) ? shipped : paidAt;
}

// An open dispute holds what is unspent; nothing is taken back before it is decided. A risky order is
// held until it is fulfilled: shipping it is how a shop says that the risk was looked at.
function availability(
  facts: OrderFacts,
  rules: EarningRules,
  context: EarningContext,
): Pick<EarningAnswer, "state" | "availableAt"> {
  const isRiskHeld = facts.highRisk && rules.highRisk === "hold";
  const reached = triggerReachedAt(facts, rules.trigger);
  if (reached === null) return { state: "waiting", availableAt: null };
  if (facts.dispute === "open" || (isRiskHeld && facts.fulfilledAt === null))
    return { state: "pending", availableAt: null };
  const from =
    isRiskHeld && facts.fulfilledAt !== null && Date.parse(facts.fulfilledAt) > Date.parse(reached)
      ? facts.fulfilledAt
      : reached;
  const due = DateTime.fromISO(from, { zone: context.timeZone }).plus({ days: rules.holdDays }).toUTC();
  const availableAt = due.toJSDate().toISOString();
  return { state: due.toMillis() <= Date.parse(context.now) ? "available" : "pending", availableAt };
}
