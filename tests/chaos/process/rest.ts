// After the trouble: everything comes to rest by itself, the reconciler runs, and each member's points are
// compared with the model of the true history.
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

import { noFaults } from "../../simulator/faults";
import type { SimShop } from "../../simulator/state";
import { expectedHoldings, type Holding, type OrderAnswer } from "../model/expected-holdings";
import { expectedSpending } from "../model/expected-spending";
import type { Bench } from "./bench";
import { endLeases } from "./leases";
import { openPage, type SeedShop } from "./seed-shop";
import { until } from "./until";

const SECOND = 1_000;
const HALF_HOUR = 1_800 * SECOND;
const REST_WITHIN_MS = 300 * SECOND;
const SWEEPS_MAX = 15;
const TELL_EVERY_ROUNDS = 30;

/** Ends every fault and waits until nothing is on its way or queued. */
export async function comeToRest(bench: Bench, shops: readonly SeedShop[]): Promise<void> {
  Object.assign(bench.simulator.sim.faults, noFaults());
  await bench.fleet.allUp();
  await until(() => endLeases(bench.owner).then(() => true), "the database");
  for (const { shop } of shops) await openPage(bench, shop.domain);
  for (const { people, reviewers } of shops) await Promise.all([people.hearAll(), reviewers.hearAll()]);
  await settle(bench, shops);
}

/** Runs the reconciler over the shops, as the clock would. */
export async function reconcile(bench: Bench, shops: readonly SeedShop[]): Promise<void> {
  for (const job of ["check-subscriptions", "reconcile-shop"]) {
    for (const { id } of shops) await enqueue(bench.owner, id, job);
    await settle(bench, shops);
  }
}

/** Waits until nothing is on its way or queued; time passes meanwhile, for retries of both sides. */
export async function settle(bench: Bench, shops: readonly SeedShop[]): Promise<void> {
  const { webhooks, sim } = bench.simulator;
  const shopIds = shops.map(({ id }) => id);
  let left = "";
  let calm = 0;
  let rounds = 0;
  for (const end = Date.now() + REST_WITHIN_MS; Date.now() < end; await sleep(150)) {
    // Deliveries and redemptions that wait for their next try wait on the platform's clock.
    if (webhooks.pending().later > 0 || left.includes("redemption ")) sim.clock.advance(HALF_HOUR);
    const pending = webhooks.pending();
    left = await waiting(bench.owner, shopIds);
    if (pending.now + pending.later === 0 && left === "") {
      if (++calm >= 2) return;
      continue;
    }
    calm = 0;
    if (rounds % TELL_EVERY_ROUNDS === TELL_EVERY_ROUNDS - 1)
      bench.say(`still at work: ${left} ${JSON.stringify(pending)}`);
    // A merchant looks in: what was revoked meanwhile is exchanged anew.
    if (++rounds % 8 === 0) for (const { shop } of shops) await openPage(bench, shop.domain);
    // Waiting times of the app's own retries run on real time: they are over. Only of those that do wait: whoever
    // touches a whole backlog three times a second is what it waits for.
    await bench.owner.query(
      "UPDATE webhook_inbox SET next_attempt = now() WHERE status IN ('pending', 'parked') AND lease_token IS NULL AND next_attempt > now()",
    );
    await bench.owner.query(
      "UPDATE pgboss.job SET start_after = now() WHERE state IN ('created', 'retry') AND start_after > now() AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%'",
    );
    sim.clock.advance(2 * SECOND);
    await sleep(150);
  }
  throw new Error(`the app did not come to rest: ${left} ${JSON.stringify(webhooks.pending())}`);
}

async function waiting(owner: pg.Pool, shopIds: number[]): Promise<string> {
  const { rows } = await owner.query<{ what: string }>(
    `SELECT 'inbox ' || topic || ' ' || coalesce(error, '') AS what FROM webhook_inbox WHERE status IN ('pending', 'parked')
     UNION ALL SELECT 'read ' || order_gid || ' ' || read_due_at FROM customer_order WHERE shop_id = ANY ($1) AND read_due_at IS NOT NULL
     UNION ALL SELECT 'product ' || product_gid FROM product_wanted WHERE shop_id = ANY ($1)
     UNION ALL SELECT 'rating ' || group_key FROM rating_change WHERE shop_id = ANY ($1)
     UNION ALL SELECT 'publish ' || id FROM member WHERE shop_id = ANY ($1) AND balance_seq > published_seq
     UNION ALL SELECT concat_ws(' ', 'redemption', id, status, attempts, next_attempt, last_error) FROM redemption WHERE shop_id = ANY ($1) AND status IN ('reserved', 'returning')
     UNION ALL SELECT 'job ' || name || ' ' || state FROM pgboss.job WHERE state IN ('created', 'retry', 'active') AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%' AND name <> 'dead-jobs'
     LIMIT 5`,
    [shopIds],
  );
  return rows.map(({ what }) => what).join("; ");
}

async function enqueue(owner: pg.Pool, shopId: number, name: string): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('app.shop', $1, true)", [String(shopId)]);
    await client.query("SELECT enqueue_job($1, jsonb_build_object('shopId', $2::int), $2::text, NULL)", [name, shopId]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

/** How many of the lost deliveries the reconciler found by itself. */
export async function countHealed(owner: pg.Pool, shops: readonly SeedShop[]): Promise<number> {
  const { rows } = await owner.query<{ healed: string }>(
    "SELECT coalesce(sum(healed), 0) AS healed FROM reconciliation_run WHERE shop_id = ANY ($1)",
    [shops.map(({ id }) => id)],
  );
  return Number(rows[0]?.healed);
}

/** Members whose points are not what the true history gives. */
export async function differences(bench: Bench, seedShop: SeedShop): Promise<string[]> {
  let found: string[] = [];
  // Points whose hold has just passed are released by the next sweep.
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    found = await compare(bench, seedShop);
    if (found.length === 0) return [];
    await sleep(700);
  }
  return found;
}

async function compare({ simulator, owner }: Bench, { id, shop, rules, people, erased }: SeedShop): Promise<string[]> {
  const { holdings, orders } = expectedHoldings(shop, rules, simulator.sim.now());
  const [first] = rules;
  const spending = first ? expectedSpending(shop, people.promised().rewards, first.rules) : new Map<string, number>();
  const { rows } = await owner.query<{ customer: string; pending: string; available: string }>(
    "SELECT split_part(customer_gid, '/', 5) AS customer, pending, available - debt AS available FROM member WHERE shop_id = $1 AND customer_gid IS NOT NULL",
    [id],
  );
  const held = new Map(
    rows.map((row) => [row.customer, { pending: Number(row.pending), available: Number(row.available) }]),
  );
  const found: string[] = [];
  for (const customer of new Set([...holdings.keys(), ...held.keys()])) {
    if (erased.has(customer)) continue;
    const earned = holdings.get(customer) ?? { pending: 0, available: 0 };
    const spent = spending.get(customer) ?? 0;
    const expected = { ...earned, available: earned.available - spent };
    const actual = held.get(customer) ?? { pending: 0, available: 0 };
    // Who spent before a clawback may have paid it out of what is still pending.
    const isSame = spending.has(customer)
      ? expected.pending + expected.available === actual.pending + actual.available
      : expected.pending === actual.pending && expected.available === actual.available;
    if (isSame) continue;
    const orderLines = await ordersOf(owner, id, shop, customer, orders);
    found.push(
      `customer ${customer}: expected ${show(expected)} (${spent} spent), holds ${show(actual)}; ${orderLines}; ${await rewardsOf(owner, id, customer)}`,
    );
  }
  return found;
}

const show = ({ pending, available }: Holding): string => `${available} + ${pending} pending`;

async function ordersOf(
  owner: pg.Pool,
  shopId: number,
  shop: SimShop,
  customer: string,
  orders: OrderAnswer[],
): Promise<string> {
  const { rows } = await owner.query<{ order: string; points: string; state: string | null }>(
    `SELECT split_part(o.order_gid, '/', 5) AS order, coalesce(sum(e.target), 0) AS points, max(e.state) AS state
       FROM customer_order o LEFT JOIN order_earning e ON e.shop_id = o.shop_id AND e.order_id = o.id WHERE o.shop_id = $1 GROUP BY o.order_gid`,
    [shopId],
  );
  const known = new Map(rows.map((row) => [row.order, row]));
  return orders
    .filter(({ orderId }) => shop.orders[orderId]?.customerId === customer)
    .flatMap(({ orderId, name, points, bonus, isPending }) => {
      const row = known.get(orderId);
      const total = points + bonus;
      const isSame = row && Number(row.points) === total && (total === 0 || (row.state === "waiting") === isPending);
      if (isSame) return [];
      return [
        `${name} (${orderId}) ${total}${isPending ? " pending" : ""} ≠ ${row ? `${row.points} ${row.state ?? ""}` : "unknown"}`,
      ];
    })
    .join(", ");
}

async function rewardsOf(owner: pg.Pool, shopId: number, customer: string): Promise<string> {
  const { rows } = await owner.query<{ line: string }>(
    `SELECT concat_ws(' ', 'redemption', r.id, r.status, r.points, 'returned', r.returned, r.last_error) AS line
       FROM redemption r JOIN member m ON m.shop_id = r.shop_id AND m.id = r.member_id
      WHERE r.shop_id = $1 AND m.customer_gid = 'gid://shopify/Customer/' || $2::text ORDER BY r.id`,
    [shopId, customer],
  );
  return rows.map(({ line }) => line).join(", ");
}

/** What the ledger of the shops holds, as one line: equal lines, equal ledgers. */
export async function ledgerLine(owner: pg.Pool, shops: readonly SeedShop[]): Promise<string> {
  const { rows } = await owner.query<{ state: string }>(
    `SELECT concat_ws('/', (SELECT count(*) FROM points_entry WHERE shop_id = ANY ($1)), sum(pending), sum(available), sum(debt), sum(balance_seq)) AS state
       FROM member WHERE shop_id = ANY ($1)`,
    [shops.map(({ id }) => id)],
  );
  return rows[0]?.state ?? "";
}
