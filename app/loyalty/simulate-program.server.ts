// Before a rule change is published: what the last 90 days would have cost with it, against what they cost under
// the newest rules. Estimates on newest order states; ways that are no orders' cost is not in them.
import type { ShopId } from "../db.server";
import { earningRulesSchema } from "./earning-rules";
import { readProgram, toProblem, type RuleProblem } from "./program.server";
import { pointValue, type PointValue } from "./rewards/point-value.server";
import { replayOrders } from "./replay-orders.server";

const DAYS = 90;
const DAY_MS = 86_400_000;

export type ProgramSimulation =
  | {
      outcome: "simulated";
      days: number;
      orders: number;
      /** Fewer than `orders`: a sample stands for all. */
      replayed: number;
      /** Points the orders earn under the newest rules, and with the changes. */
      pointsNow: number;
      pointsThen: number;
      /** What the difference may cost at most; null: no reward says what a point is worth. */
      liability: { minor: number; currency: string } | null;
    }
  | { outcome: "invalid"; problems: RuleProblem[] };

/** Replays past orders with changed settings (top-level keys of the program). Saves nothing. */
export async function simulateProgram(shopId: ShopId, changes: unknown, now: Date): Promise<ProgramSimulation> {
  const { rules } = await readProgram(shopId);
  const parsed = earningRulesSchema.safeParse({ ...rules, ...(typeof changes === "object" ? changes : {}) });
  if (!parsed.success) return { outcome: "invalid", problems: parsed.error.issues.map(toProblem) };
  // A pause or a start date says when orders earn, not what they cost.
  const always = { status: "live", startsAt: null } as const;
  const replay = await replayOrders(
    shopId,
    { from: new Date(now.getTime() - DAYS * DAY_MS), until: now },
    [
      { ...rules, ...always },
      { ...parsed.data, ...always },
    ],
    now,
  );
  const [pointsNow = 0, pointsThen = 0] = replay.points;
  const { orders, replayed } = replay;
  const value = await pointValue(shopId);
  return {
    outcome: "simulated",
    days: DAYS,
    orders,
    replayed,
    pointsNow,
    pointsThen,
    liability: worth(value, pointsThen - pointsNow),
  };
}

/** What so many points may cost the shop. */
export function worth(value: PointValue | null, points: number): { minor: number; currency: string } | null {
  if (value === null) return null;
  const minor = Number((BigInt(points) * BigInt(value.minor)) / BigInt(value.points));
  return { minor, currency: value.currency };
}
