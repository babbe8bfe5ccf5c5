// One rule's answer for one order against what is posted already: the difference, planned. Pure.
import type { Instant } from "../shopify/order-facts";
import type { EarningAnswer, EarningExplanation, EarningRules, EarningState, RuleAnswer } from "./earning-rules";
import { laterExpiry, lotExpiresAt } from "./expiry";
import type { AccountDraft, DraftLot, GrantTerms, Posting, PostingSource } from "./posting-plan";
import type { NothingReason, ReasonCode, ReasonParams } from "./reasons";

/** What order_earning says was posted for a rule. */
export interface PostedRule {
  target: number;
  gross: number;
  revision: number;
  state: EarningState;
  availableAt: Instant | null;
  explanation: EarningExplanation;
}
export interface RulePlanInput {
  orderId: number;
  posted: PostedRule | null;
  answer: RuleAnswer;
  earning: Pick<EarningAnswer, "state" | "availableAt" | "isTest" | "whyNone">;
  rules: EarningRules;
  version: number;
  timeZone: string;
  now: Instant;
  /** Whom the order belongs to; null: a guest's, so there is nothing to post. */
  account: AccountDraft | null;
  /** Whom it belonged to at the last posting, when that was someone else. */
  formerAccount: AccountDraft | null;
  actor: string;
}

const ORDER = "order";

/** Whether clawing back `points` may need lots beyond the order's own. */
export function needsOtherLots(account: AccountDraft, orderId: number, rule: string, points: number): boolean {
  const own = account.lots.filter(isOwnLot(orderId, rule)).reduce((sum, lot) => sum + lot.remaining + lot.expired, 0);
  return points > own;
}
function isOwnLot(orderId: number, rule: string): (lot: DraftLot) => boolean {
  return (lot) => lot.sourceType === ORDER && lot.sourceId === String(orderId) && lot.rule === rule;
}

/**
 * Plans the postings that lead from what is posted to what the rule answers, and the dates of the order's
 * own lots. @returns what to remember, or null when nothing at all changed
 */
export function planRule(input: RulePlanInput): PostedRule | null {
  const { answer, earning, posted, rules } = input;
  const isOwn = isOwnLot(input.orderId, answer.rule);
  const revision = (posted?.revision ?? 0) + 1;
  const source: PostingSource = {
    type: ORDER,
    id: String(input.orderId),
    rule: answer.rule,
    version: input.version,
    actor: input.actor,
    isTest: earning.isTest,
  };
  const keyPrefix = `order/${input.orderId}/${answer.rule}/${revision}`;
  const posting = (reason: ReasonCode, params: ReasonParams, suffix = ""): Posting => ({
    source,
    keyPrefix: keyPrefix + suffix,
    reason,
    params,
  });
  const count = () => (input.account?.entries.length ?? 0) + (input.formerAccount?.entries.length ?? 0);
  const entriesBefore = count();

  let prior = posted?.target ?? 0;
  if (input.formerAccount && prior > 0) {
    input.formerAccount.clawBack(prior, isOwn, rules.clawback, posting("moved_to_other_member", {}, "/from"));
    prior = 0;
  }
  const { account } = input;
  if (account) {
    const delta = answer.target - prior;
    if (delta < 0)
      account.clawBack(-delta, isOwn, rules.clawback, posting("order_reduced", reductionParams(input, -delta)));
    const terms = lotTerms(input);
    if (earning.state !== "none")
      alignOwnLots(account, account.lots.filter(isOwn), terms, posting("order_earned", {}), rules);
    if (delta > 0) {
      const { code, params } = answer.explanation;
      const isFirst = prior === 0;
      account.grant(
        delta,
        terms,
        isFirst
          ? posting(code, params)
          : posting("order_increased", { keptPoints: answer.target, ...bonusMark(answer) }),
        { repayDebt: rules.repayDebtFirst },
      );
    }
    // An old order is granted past its date: nobody is ever shown points that cannot be used.
    // Whether inactivity ends them depends on what else the member did: the sweep knows.
    if (rules.expiry.kind !== "after_inactivity")
      account.expireDue(input.now, { isConcerned: isOwn, newLotKey: keyPrefix });
  }
  const next: PostedRule = {
    target: account ? answer.target : 0,
    gross: answer.gross,
    revision: count() > entriesBefore ? revision : (posted?.revision ?? 0),
    // Each rule has its own state: a bonus of 0 beside an earning order is "none".
    state: answer.target > 0 ? earning.state : "none",
    availableAt: answer.target > 0 ? earning.availableAt : null,
    explanation: answer.explanation,
  };
  const isSame = posted !== null && count() === entriesBefore && isEqual(posted, next);
  return isSame ? null : next;
}

function lotTerms({ earning, rules, timeZone, now }: RulePlanInput): GrantTerms {
  return {
    state: earning.state === "available" ? "available" : "pending",
    availableAt: earning.availableAt,
    expiresAt: lotExpiresAt(earning.availableAt, rules.expiry, timeZone),
    createdAt: now,
  };
}

// The order's own lots follow its newest state: a trigger that is reached, a hold, a dispute.
function alignOwnLots(
  account: AccountDraft,
  lots: DraftLot[],
  newest: GrantTerms,
  posting: Posting,
  rules: EarningRules,
): void {
  for (const lot of lots) {
    if (lot.remaining === 0) continue;
    const terms = { ...newest, expiresAt: keptExpiry(lot, newest) };
    if (lot.state === "pending" && terms.state === "available")
      account.release(lot, terms, posting, { repayDebt: rules.repayDebtFirst });
    else if (lot.state === "available" && terms.state === "pending") account.holdAgain(lot, terms, posting);
    else account.setTerms(lot, terms);
  }
}

// A date that was extended, by activity or because points came back, is never taken back.
function keptExpiry(lot: DraftLot, { expiresAt }: GrantTerms): Instant | null {
  return lot.state === "available" && lot.expiresAt !== null ? laterExpiry(lot.expiresAt, expiresAt) : expiresAt;
}
function bonusMark({ rule }: RuleAnswer): ReasonParams {
  return rule === "order" ? {} : { isBonus: true };
}
function reductionParams({ answer }: RulePlanInput, points: number): ReasonParams {
  const { currency, refundedMinor } = answer.explanation.params;
  return {
    points,
    keptPoints: answer.target,
    grossPoints: answer.gross,
    ...bonusMark(answer),
    ...(currency ? { currency } : {}),
    ...(refundedMinor ? { refundedMinor } : {}),
    // What earns nothing says why.
    ...(answer.target === 0 ? { because: answer.explanation.code as NothingReason } : {}),
  };
}

function isEqual(a: PostedRule, b: PostedRule): boolean {
  return (
    a.target === b.target &&
    a.gross === b.gross &&
    a.state === b.state &&
    a.availableAt === b.availableAt &&
    a.explanation.code === b.explanation.code &&
    sameParams(a.explanation.params, b.explanation.params)
  );
}
function sameParams(a: ReasonParams, b: ReasonParams): boolean {
  const given = (params: ReasonParams) =>
    JSON.stringify(
      Object.entries(params)
        .filter(([, value]) => value !== undefined)
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return given(a) === given(b);
}
