// The books made again from nothing but stored order states and rule versions: what each order should have
// earned, against what was remembered for it and what the ledger holds. Orders are streamed member by
// member, because first-order and daily-cap rules look across a member's orders.
import type pg from "pg";

import { computeEarning, earningRulesSchema, isPurchase, type EarningRules } from "../loyalty/earning-rules";
import { shopDay } from "../loyalty/expiry";
import { versionAt, type VersionStamp } from "../loyalty/program-versions.server";
import { byProcessedAt, earningContext, looksAcrossOrders, type StoredOrder } from "../loyalty/stored-order";

const ROWS_PER_FETCH = 500;
/** Time moves points from pending to available; how many there are does not depend on it. */
const NOW = new Date().toISOString();

interface AuditedShop {
  id: number;
  timeZone: string;
  isDevelopment: boolean;
  stamps: VersionStamp[];
  rules: Map<number, EarningRules>;
  /** Only then do a member's orders matter to each other. */
  looksAcross: boolean;
  hasDailyCap: boolean;
}
interface AuditedOrder extends StoredOrder {
  joinedAt: string | null;
  isErased: boolean;
  /** rule → [version, target] as remembered; null: never settled. */
  posted: Record<string, [version: number, target: number]> | null;
  /** rule → granted less clawed back, as the ledger has it. */
  entries: Record<string, number> | null;
}
export interface Recomputation {
  rows: number;
  violations: number;
}

/** Recomputes every order of every shop, inside the caller's transaction, in bounded memory. */
export async function recomputeEarnings(client: pg.Client): Promise<Recomputation> {
  const total = { rows: 0, violations: 0 };
  const { rows } = await client.query<{ id: number }>("SELECT DISTINCT shop_id AS id FROM customer_order ORDER BY 1");
  for (const { id } of rows) {
    const shop = await readShop(client, id);
    for await (const orders of membersOrders(client, shop)) {
      total.rows += orders.length;
      total.violations += countViolations(orders, shop);
    }
  }
  return total;
}

async function readShop(client: pg.Client, id: number): Promise<AuditedShop> {
  const { rows: profile } = await client.query<{ timeZone: string; isDevelopment: boolean }>(
    'SELECT time_zone AS "timeZone", is_development AS "isDevelopment" FROM shop_profile WHERE shop_id = $1',
    [id],
  );
  const { rows: versions } = await client.query<{ version: number; from: Date; rules: unknown }>(
    'SELECT version, effective_from AS "from", rules FROM program_version WHERE shop_id = $1 ORDER BY version',
    [id],
  );
  const rules = new Map(versions.map((each) => [each.version, earningRulesSchema.parse(each.rules)]));
  return {
    id,
    timeZone: "UTC",
    isDevelopment: false,
    ...profile[0],
    stamps: versions.map(({ version, from }) => [version, from.toISOString()]),
    rules,
    looksAcross: [...rules.values()].some(looksAcrossOrders),
    hasDailyCap: [...rules.values()].some(({ caps }) => caps.perDay !== null),
  };
}

const ORDERS = `
SELECT o.id::float8 AS id, o.order_gid AS "orderGid", o.member_id::float8 AS "memberId", o.kind, o.facts,
       to_jsonb(m.joined_at) #>> '{}' AS "joinedAt", o.kind = 'anonymised' OR coalesce(m.status = 'redacted', false) AS "isErased",
       (SELECT jsonb_object_agg(e.rule, jsonb_build_array(e.version, e.target))
          FROM order_earning e WHERE e.shop_id = o.shop_id AND e.order_id = o.id) AS posted,
       (SELECT jsonb_object_agg(s.rule, s.net)
          FROM (SELECT p.rule, sum(CASE p.kind WHEN 'grant' THEN p.points ELSE -p.points END) AS net
                  FROM points_entry p
                 WHERE p.shop_id = o.shop_id AND p.source_type = 'order' AND p.source_id = o.id::text AND p.kind IN ('grant', 'clawback')
                 GROUP BY 1) s) AS entries
  FROM customer_order o LEFT JOIN member m ON m.shop_id = o.shop_id AND m.id = o.member_id
 WHERE o.shop_id = $1 AND o.facts IS NOT NULL
 ORDER BY o.member_id, o.processed_at, o.id`;

async function* membersOrders(client: pg.Client, shop: AuditedShop): AsyncGenerator<AuditedOrder[]> {
  await client.query(`DECLARE orders NO SCROLL CURSOR FOR ${ORDERS}`, [shop.id]);
  let ofOne: AuditedOrder[] = [];
  for (;;) {
    const { rows } = await client.query<AuditedOrder>(`FETCH ${ROWS_PER_FETCH} FROM orders`);
    for (const order of rows) {
      const goesOn = shop.looksAcross && order.memberId !== null && ofOne[0]?.memberId === order.memberId;
      if (!goesOn && ofOne.length > 0) yield ofOne;
      if (goesOn) ofOne.push(order);
      else ofOne = [order];
    }
    if (rows.length < ROWS_PER_FETCH) break;
  }
  if (ofOne.length > 0) yield ofOne;
  await client.query("CLOSE orders");
}

function countViolations(orders: AuditedOrder[], shop: AuditedShop): number {
  const sorted = orders.toSorted(byProcessedAt);
  const first = sorted.find((order) => countsAsPurchase(order, shop));
  const earnedByDay = new Map<string, number>();
  let violations = 0;
  for (const order of sorted) {
    const rules = rulesOf(order, shop);
    if (!rules) {
      if (order.posted !== null || order.entries !== null) violations++;
      continue;
    }
    const day = shop.hasDailyCap ? shopDay(order.facts.processedAt, shop.timeZone).from : "";
    const context = earningContext(order, {
      shop,
      member: order.memberId === null ? null : { joinedAt: order.joinedAt },
      isFirstOrder: first === undefined || byProcessedAt(order, first) <= 0,
      earnedEarlierTodayPoints: earnedByDay.get(day) ?? 0,
      now: NOW,
    });
    const answers = computeEarning(order.facts, rules, context).rules;
    const expected = Object.fromEntries(answers.map(({ rule, target }) => [rule, target]));
    const isKnown = isRecomputable(order, rules, shop);
    if (isKnown && differs(order, expected)) violations++;
    const earned = isKnown ? expected["order"] : order.posted?.["order"]?.[1];
    earnedByDay.set(day, (earnedByDay.get(day) ?? 0) + (earned ?? 0));
  }
  return violations;
}

// The version an order was settled under stays its version.
function rulesOf(order: AuditedOrder, shop: AuditedShop): EarningRules | undefined {
  const version = Object.values(order.posted ?? {})[0]?.[0] ?? versionAt(shop.stamps, order.facts.processedAt)?.[0];
  return version === undefined ? undefined : shop.rules.get(version);
}
function countsAsPurchase(order: AuditedOrder, shop: AuditedShop): boolean {
  const rules = rulesOf(order, shop);
  const context = { isDevelopmentShop: shop.isDevelopment };
  return rules !== undefined && order.kind !== "test_removed" && isPurchase(order.facts, rules, context);
}

// Whom a rule knew by tag or joining date may be erased since, and a development shop may have gone live:
// what they earned stands, and its reasons are gone.
function isRecomputable(order: AuditedOrder, rules: EarningRules, shop: AuditedShop): boolean {
  const { who, excludeTags } = rules.participation;
  if (order.isErased && (who !== "everyone" || excludeTags.length > 0)) return false;
  return !order.facts.test || rules.testOrders !== "development_only" || shop.isDevelopment;
}

function differs({ posted, entries }: AuditedOrder, expected: Record<string, number>): boolean {
  const rules = new Set([...Object.keys(expected), ...Object.keys(posted ?? {}), ...Object.keys(entries ?? {})]);
  return [...rules].some((rule) => {
    const target = expected[rule] ?? 0;
    return target !== (posted?.[rule]?.[1] ?? 0) || target !== (entries?.[rule] ?? 0);
  });
}
