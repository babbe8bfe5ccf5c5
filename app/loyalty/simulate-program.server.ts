// Before a rule change is published: what the last 90 days would have cost with it, against what they cost under
// the newest rules. Of a busy shop the newest orders are enough. Ways that are no orders' cost is not in it.
import { queryShop, type ShopId } from "../db.server";
import { earningRulesSchema } from "./earning-rules";
import { readProgram, toProblem, type RuleProblem } from "./program.server";
import { pointValue, type PointValue } from "./rewards/point-value.server";
import { replayOrders, type Replay } from "./replay-orders.server";

const DAYS = 90;
const DAY_MS = 86_400_000;
/** Somebody waits for the answer. */
const ORDERS_MAX = 2_000;

export type ProgramSimulation =
  | {
      outcome: "simulated";
      /** The first instant that was looked at: 90 days ago, or later where so many orders are newer. */
      from: string;
      days: number;
      /** Orders of the last 90 days, and how many of them were looked at: the newest. */
      orders: number;
      replayed: number;
      /** Points these orders earn under the newest rules, and with the changes. */
      pointsNow: number;
      pointsThen: number;
      /** What the difference may cost at most; null: no reward says what a point is worth. */
      liability: { minor: number; currency: string } | null;
      members: Replay["members"];
    }
  | { outcome: "invalid"; problems: RuleProblem[] };

/** Replays past orders with changed settings (top-level keys of the program). Saves nothing. */
export async function simulateProgram(
  shopId: ShopId,
  changes: unknown,
  now: Date,
  ordersMax = ORDERS_MAX,
): Promise<ProgramSimulation> {
  const { rules } = await readProgram(shopId);
  const parsed = earningRulesSchema.safeParse({ ...rules, ...(typeof changes === "object" ? changes : {}) });
  if (!parsed.success) return { outcome: "invalid", problems: parsed.error.issues.map(toProblem) };
  // A pause or a start date says when orders earn, not what they cost.
  const always = { status: "live", startsAt: null } as const;
  const { from, orders } = await newestOrders(shopId, now, ordersMax);
  const replay = await replayOrders(
    shopId,
    { from, until: now },
    [
      { ...rules, ...always },
      { ...parsed.data, ...always },
    ],
    now,
  );
  const [pointsNow = 0, pointsThen = 0] = replay.points;
  return {
    outcome: "simulated",
    from: from.toISOString(),
    days: DAYS,
    orders,
    replayed: replay.replayed,
    pointsNow,
    pointsThen,
    liability: worth(await pointValue(shopId), pointsThen - pointsNow),
    members: replay.members,
  };
}

async function newestOrders(shopId: ShopId, now: Date, most: number): Promise<{ from: Date; orders: number }> {
  const since = new Date(now.getTime() - DAYS * DAY_MS);
  const [found] = await queryShop<{ orders: number; from: Date | null }>(
    shopId,
    `SELECT count(*)::int AS orders, (array_agg(processed_at ORDER BY processed_at DESC))[$4] AS "from" FROM customer_order
      WHERE shop_id = $1 AND member_id IS NOT NULL AND facts IS NOT NULL AND processed_at >= $2 AND processed_at < $3`,
    [shopId, since, now, most],
  );
  return { from: found?.from ?? since, orders: found?.orders ?? 0 };
}

/** What so many points may cost the shop. */
export function worth(value: PointValue | null, points: number): { minor: number; currency: string } | null {
  if (value === null) return null;
  const minor = Number((BigInt(points) * BigInt(value.minor)) / BigInt(value.points));
  return { minor, currency: value.currency };
}
