// What a settlement plans with: orders in their surroundings, what is posted for them, and sums over them. Pure.
import type { RuleAnswer } from "./earning-rules";
import type { CountedOrder, LockedMember } from "./ledger.server";
import type { OrderInFull, OrderToSweep, SweptOrder } from "./member-sweep";
import type { PostedRule } from "./order-plan";
import type { MemberOrderRow } from "./order-summaries.server";

/** By order and rule. */
export type Posted = Map<number, Map<string, PostedRule & { version: number }>>;
/** An order to settle, or to look at. */
export interface Case extends OrderToSweep {
  owner: LockedMember | null;
  /** Whom it belonged to when it was last posted, if that was somebody else. */
  former: LockedMember | null;
  version: number;
  /** One of the orders to settle; the others are here because rules look across. */
  isOwn: boolean;
  row: MemberOrderRow | null;
}
/** An order in full, with its answer. */
export type Planned = SweptOrder<Case & { full: OrderInFull }>;

/** Bonuses that were posted and that nothing gives any more: another campaign is better, a rank moved. */
export function unanswered(posted: Map<string, PostedRule> | undefined, answers: RuleAnswer[]): RuleAnswer[] {
  const answered = new Set<string>(answers.map(({ rule }) => rule));
  return [...(posted?.keys() ?? [])]
    .filter((rule) => !answered.has(rule))
    .map((rule) => ({
      rule: rule as RuleAnswer["rule"],
      target: 0,
      gross: 0,
      explanation: { code: "no_longer_applies", params: {} },
    }));
}

/** One row per member. */
export function sumCounts(counted: CountedOrder[]): CountedOrder[] {
  const byMember = new Map<number, CountedOrder>();
  for (const { memberId, orders, lastOrderAt } of counted) {
    const sum = byMember.get(memberId) ?? { memberId, orders: 0, lastOrderAt: null };
    sum.orders += orders;
    if (lastOrderAt !== null && (sum.lastOrderAt === null || Date.parse(lastOrderAt) > Date.parse(sum.lastOrderAt)))
      sum.lastOrderAt = lastOrderAt;
    byMember.set(memberId, sum);
  }
  return [...byMember.values()];
}
