// The books made again from nothing but stored order states and rule versions: what each order should have
// earned, against what was remembered for it; that the ledger holds what was remembered, I4 says. Orders are streamed
// member by member, because ranks, daily caps, tiers and caps of campaigns look across a member's orders.
import type pg from "pg";

import { earningRulesSchema, type EarningRules } from "../loyalty/earning-rules";
import { sweepOrders, type OrderToSweep } from "../loyalty/member-sweep";
import { versionAt, type VersionStamp } from "../loyalty/program-versions.server";
import { paidWithPoints, reachOf, type StoredOrder } from "../loyalty/stored-order";
import type { TierOverride } from "../loyalty/tiers/tier-timeline";

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
  /** Tiers set by hand, by member. */
  overrides: Map<number, TierOverride[]>;
}
interface AuditedOrder extends StoredOrder {
  joinedAt: string | null;
  isErased: boolean;
  /** Codes of the order that were bought with points. */
  ourCodes: string[];
  /** rule → [version, target] as remembered; null: never settled. */
  posted: Record<string, [version: number, target: number]> | null;
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
    looksAcross: [...rules.values()].some((each) => reachOf(each) !== "order"),
    overrides: await readOverrides(client, id),
  };
}

async function readOverrides(client: pg.Client, shopId: number): Promise<AuditedShop["overrides"]> {
  const { rows } = await client.query<{
    memberId: number;
    from: Date;
    until: Date | null;
    endedAt: Date | null;
    tierId: string;
  }>(
    `SELECT member_id::float8 AS "memberId", tier_id AS "tierId", from_at AS "from", until_at AS "until", ended_at AS "endedAt"
       FROM tier_override WHERE shop_id = $1 ORDER BY id`,
    [shopId],
  );
  const overrides: AuditedShop["overrides"] = new Map();
  for (const { memberId, tierId, from, until, endedAt } of rows) {
    const override = {
      tierId,
      from: from.toISOString(),
      until: until?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    };
    overrides.set(memberId, [...(overrides.get(memberId) ?? []), override]);
  }
  return overrides;
}

const ORDERS = `
SELECT o.id::float8 AS id, o.order_gid AS "orderGid", o.member_id::float8 AS "memberId", o.kind, o.facts,
       to_jsonb(m.joined_at) #>> '{}' AS "joinedAt", o.kind = 'anonymised' OR coalesce(m.status = 'redacted', false) AS "isErased",
       (SELECT coalesce(jsonb_agg(DISTINCT r.code), '[]') FROM jsonb_array_elements(o.facts -> 'discountCodes') c
          JOIN redemption r ON r.shop_id = o.shop_id AND r.code = upper(c ->> 'code')) AS "ourCodes",
       (SELECT jsonb_object_agg(e.rule, jsonb_build_array(e.version, e.target))
          FROM order_earning e WHERE e.shop_id = o.shop_id AND e.order_id = o.id) AS posted
  FROM customer_order o LEFT JOIN member m ON m.shop_id = o.shop_id AND m.id = o.member_id
 WHERE o.shop_id = $1 AND o.facts IS NOT NULL
 ORDER BY o.member_id, o.processed_at, o.id`;

async function* membersOrders(client: pg.Client, shop: AuditedShop): AsyncGenerator<AuditedOrder[]> {
  await client.query(`DECLARE orders NO SCROLL CURSOR FOR ${ORDERS}`, [shop.id]);
  let ofOne: AuditedOrder[] = [];
  const next = () => client.query<AuditedOrder>(`FETCH ${ROWS_PER_FETCH} FROM orders`);
  for (let fetching = next(); ;) {
    const { rows } = await fetching;
    // The database reads on while these are judged.
    if (rows.length === ROWS_PER_FETCH) {
      fetching = next();
      fetching.catch(() => undefined); // Awaited above, unless whoever reads has stopped.
    }
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

interface AuditedCase extends OrderToSweep {
  audited: AuditedOrder;
  isKnown: boolean;
}
function countViolations(orders: AuditedOrder[], shop: AuditedShop): number {
  let violations = 0;
  const cases: AuditedCase[] = [];
  for (const order of orders) {
    const rules = rulesOf(order, shop);
    if (rules) cases.push(caseOf(order, rules, shop));
    else if (order.posted !== null) violations++;
  }
  const memberId = orders[0]?.memberId ?? null;
  const newest = shop.stamps.at(-1)?.[0];
  const { orders: swept } = sweepOrders(cases, {
    timeZone: shop.timeZone,
    isDevelopment: shop.isDevelopment,
    plans: memberId === null || newest === undefined ? [] : (shop.rules.get(newest)?.tierPlans ?? []),
    overrides: memberId === null ? [] : (shop.overrides.get(memberId) ?? []),
    now: NOW,
  });
  for (const { each, earning } of swept) {
    const expected = Object.fromEntries((earning?.rules ?? []).map(({ rule, target }) => [rule, target]));
    if (each.isKnown && differs(each.audited, expected)) violations++;
  }
  return violations;
}

function caseOf(order: AuditedOrder, rules: EarningRules, shop: AuditedShop): AuditedCase {
  const { id, orderGid, facts, memberId, joinedAt, ourCodes, posted } = order;
  const isKnown = isRecomputable(order, rules, shop);
  const standing = Object.fromEntries(Object.entries(posted ?? {}).map(([rule, [, target]]) => [rule, target]));
  return {
    id,
    orderGid,
    processedAt: facts.processedAt,
    rules,
    full: {
      order,
      member: memberId === null ? null : { joinedAt },
      paidWithPointsMinor: paidWithPoints(facts, (code) => ourCodes.includes(code)),
      ...(isKnown ? {} : { standing }),
    },
    summary: null,
    audited: order,
    isKnown,
  };
}

// The version an order was settled under stays its version.
function rulesOf(order: AuditedOrder, shop: AuditedShop): EarningRules | undefined {
  const version = Object.values(order.posted ?? {})[0]?.[0] ?? versionAt(shop.stamps, order.facts.processedAt)?.[0];
  return version === undefined ? undefined : shop.rules.get(version);
}
// Whom a rule knew by tag or joining date may be erased since, and a development shop may have gone live:
// what they earned stands, and its reasons are gone.
function isRecomputable(order: AuditedOrder, rules: EarningRules, shop: AuditedShop): boolean {
  const { who, excludeTags } = rules.participation;
  const knowsTags = excludeTags.length > 0 || rules.campaigns.some(({ audience }) => audience.tags.length > 0);
  if (order.isErased && (who !== "everyone" || knowsTags)) return false;
  return !order.facts.test || rules.testOrders !== "development_only" || shop.isDevelopment;
}

function differs({ posted }: AuditedOrder, expected: Record<string, number>): boolean {
  const rules = new Set([...Object.keys(expected), ...Object.keys(posted ?? {})]);
  return [...rules].some((rule) => (expected[rule] ?? 0) !== (posted?.[rule]?.[1] ?? 0));
}
