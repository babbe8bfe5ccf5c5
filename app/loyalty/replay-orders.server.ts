// The shop's own past orders under rules that were never in force: what a change would have cost. Read member by
// member with what was settled for their older orders, so that ranks, tiers and caps are those of real members.
// Nothing is written. Beyond ORDERS_MAX a sample of whole members stands for all of them.
import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import type { EarningRules } from "./earning-rules";
import { sweepOrders, type OrderSummary, type OrderToSweep } from "./member-sweep";
import { proportion } from "./money";
import { readMemberOrders, readOverrides, type MemberOrderRow } from "./order-summaries.server";
import { readOrders, readOurCodes } from "./settlement-reads.server";
import { codesOf, paidWithPoints, type StoredOrder } from "./stored-order";
import { tierNow } from "./tiers/tier-now";
import { planAt, type TierHistory, type TierOverride } from "./tiers/tier-timeline";

const ORDERS_MAX = 5_000;
const MEMBERS_PER_CHUNK = 100;

export interface ReplayWindow {
  from: Date;
  until: Date;
}
export interface Replay {
  /** Orders of members in the window. */
  orders: number;
  /** How many were looked at; fewer than `orders`: the points are an estimate. */
  replayed: number;
  /** Orders that earn something, by variant. */
  earning: number[];
  /** Points of all rules together, by variant, for all `orders`. */
  points: number[];
  /** The members looked at, by what the second variant would have been for them against the first. */
  members: { looked: number; more: number; fewer: number; tierUp: number; tierDown: number };
}

interface Shop {
  timeZone: string;
  isDevelopment: boolean;
}
interface Chunk {
  memberId: number;
  joinedAt: Instant | null;
  orders: MemberOrderRow[];
  inWindow: Map<number, { order: StoredOrder; paidWithPointsMinor: number }>;
  overrides: TierOverride[];
}

/** Runs the orders of a window through several sets of rules. */
export async function replayOrders(
  shopId: ShopId,
  window: ReplayWindow,
  variants: readonly EarningRules[],
  now: Date,
): Promise<Replay> {
  const [shop] = await queryShop<Shop & { [column: string]: unknown }>(
    shopId,
    'SELECT time_zone AS "timeZone", is_development AS "isDevelopment" FROM shop_profile WHERE shop_id = $1',
    [shopId],
  );
  const [counted] = await queryShop<{ orders: number }>(
    shopId,
    `SELECT count(*)::int AS orders FROM customer_order
      WHERE shop_id = $1 AND member_id IS NOT NULL AND processed_at >= $2 AND processed_at < $3 AND facts IS NOT NULL`,
    [shopId, window.from, window.until],
  );
  const orders = counted?.orders ?? 0;
  const every = Math.max(1, Math.ceil(orders / ORDERS_MAX));
  const total: Replay = {
    orders,
    replayed: 0,
    earning: variants.map(() => 0),
    points: variants.map(() => 0),
    members: { looked: 0, more: 0, fewer: 0, tierUp: 0, tierDown: 0 },
  };
  for (let after = 0; shop !== undefined;) {
    const members = await inShop(shopId, (tx) => readChunk(tx, window, { after, every }));
    for (const member of members) addMember(total, member, shop, variants, now);
    const last = members.at(-1);
    if (!last) break;
    after = last.memberId;
  }
  const scaled = (counts: number[]) => counts.map((count) => proportion(count, orders, total.replayed, "half_up"));
  return { ...total, earning: scaled(total.earning), points: scaled(total.points) };
}

async function readChunk(
  tx: ShopTx,
  window: ReplayWindow,
  { after, every }: { after: number; every: number },
): Promise<Chunk[]> {
  const { rows: members } = await tx.query<{ id: number; joinedAt: Date | null }>(
    `SELECT id, joined_at AS "joinedAt" FROM member m
      WHERE shop_id = $1 AND id > $2 AND id % $3 = 0
        AND EXISTS (SELECT FROM customer_order o WHERE o.shop_id = $1 AND o.member_id = m.id AND o.processed_at >= $4 AND o.processed_at < $5
                       AND o.facts IS NOT NULL)
      ORDER BY id LIMIT ${MEMBERS_PER_CHUNK}`,
    [tx.shopId, after, every, window.from, window.until],
  );
  const ids = members.map(({ id }) => id);
  const rows = await readMemberOrders(tx, ids);
  const isInWindow = ({ processedAt }: MemberOrderRow) =>
    Date.parse(processedAt) >= window.from.getTime() && Date.parse(processedAt) < window.until.getTime();
  const read = await readOrders(
    tx,
    rows.filter(isInWindow).map(({ id }) => id),
  );
  const ours = new Set(await readOurCodes(tx, [...new Set(read.flatMap(({ facts }) => codesOf(facts)))]));
  const overrides = await readOverrides(tx, ids);
  return members.map(({ id: memberId, joinedAt }) => ({
    memberId,
    joinedAt: joinedAt?.toISOString() ?? null,
    orders: rows.filter((row) => row.memberId === memberId),
    overrides: overrides.get(memberId) ?? [],
    inWindow: new Map(
      read
        .filter((order) => order.memberId === memberId)
        .map((order) => [
          order.id,
          { order, paidWithPointsMinor: paidWithPoints(order.facts, (code) => ours.has(code)) },
        ]),
    ),
  }));
}

// Older orders nobody kept a summary of count as purchases.
const ONCE_A_PURCHASE: OrderSummary = { isPurchase: true, steps: [], inputs: "", targets: {} };

function addMember(
  total: Replay,
  { orders, inWindow, joinedAt, overrides }: Chunk,
  shop: Shop,
  variants: readonly EarningRules[],
  now: Date,
): void {
  total.replayed += inWindow.size;
  const outcomes = variants.map((rules, variant) => {
    const cases = orders.map(({ id, orderGid, processedAt, summary }): OrderToSweep => {
      const full = inWindow.get(id);
      return {
        id,
        orderGid,
        processedAt,
        rules,
        full: full ? { ...full, member: { joinedAt } } : null,
        summary: full ? null : (summary ?? ONCE_A_PURCHASE),
      };
    });
    const around = { ...shop, plans: rules.tierPlans, overrides, now: now.toISOString() };
    const sweep = sweepOrders(cases, around);
    const each = sweep.orders.map(({ earning }) => (earning?.rules ?? []).reduce((sum, { target }) => sum + target, 0));
    const points = each.reduce((sum, own) => sum + own, 0);
    total.points[variant] = (total.points[variant] ?? 0) + points;
    total.earning[variant] = (total.earning[variant] ?? 0) + each.filter((own) => own > 0).length;
    return { points, rank: rankNow(sweep.history, now) };
  });
  compare(total.members, outcomes);
}

// Which step of the ladder, lowest first; -1: none.
function rankNow(history: TierHistory | null, now: Date): number {
  if (!history) return -1;
  const at = now.toISOString();
  const { tierId } = tierNow(history, at);
  return planAt(history.plans, at)?.tiers.findIndex(({ id }) => id === tierId) ?? -1;
}

function compare(members: Replay["members"], [before, after]: { points: number; rank: number }[]): void {
  members.looked += 1;
  if (!before || !after) return;
  if (after.points > before.points) members.more += 1;
  if (after.points < before.points) members.fewer += 1;
  if (after.rank > before.rank) members.tierUp += 1;
  if (after.rank < before.rank) members.tierDown += 1;
}
