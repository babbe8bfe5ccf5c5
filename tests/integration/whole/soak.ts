// One soak: two shops, a random history under a faulty platform and a dying app, then a quiet end and the
// comparison of every member's points with `tests/chaos/model`.
import { setTimeout as sleep } from "node:timers/promises";

import type pg from "pg";

import type { Stack } from "../../demo/stack";
import { noFaults } from "../../simulator/faults";
import { expireTokens, grantInstall, issueIdToken, openApp, revokeTokens } from "../../simulator/oauth";
import { createRandom, type Random } from "../../simulator/random";
import type { SimShop } from "../../simulator/state";
import type { Delivery } from "../../simulator/webhooks";
import { History, openSoakShop } from "../../chaos/model/true-history";
import {
  expectedHoldings,
  type Holding,
  type OrderAnswer,
  type RulesFrom,
  type SoakRules,
} from "../../chaos/model/expected-holdings";
import { drawRules, toEarningRules } from "../../chaos/model/drawn-rules";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";
const SETTLE_WITHIN_MS = 240 * SECOND;

export interface SoakReport {
  seed: number;
  acts: number;
  deliveries: number;
  orders: number;
  members: number;
  points: number;
  differences: string[];
  seconds: number;
}
interface SoakShop {
  id: number;
  shop: SimShop;
  history: History;
  rules: RulesFrom[];
}
interface Soak {
  stack: Stack;
  owner: pg.Pool;
  random: Random;
  shops: SoakShop[];
}

/** Runs one seed on a running stack. */
export async function soak(stack: Stack, owner: pg.Pool, seed: number, acts = 110): Promise<SoakReport> {
  const started = performance.now();
  const before = stack.simulator.webhooks.stats.deliveries;
  const run: Soak = { stack, owner, random: createRandom(seed * 7_919), shops: [] };
  for (const kind of ["JPY", "USD"] as const)
    run.shops.push(await openShop(run, `soak-${seed}-${kind.toLowerCase()}.myshopify.com`, kind));
  await settle(run);
  stack.simulator.webhooks.seed(seed);
  for (const { history } of run.shops) history.start();
  await liveThrough(run, acts);

  await quiet(run);
  await reconcileAll(run);
  const differences = await compare(run, "after the history");
  pass(run, 5 * 24 * HOUR);
  await quiet(run);
  differences.push(...(await compare(run, "five days later")));
  differences.push(...(await deliverAllAgain(run)));
  const deliveries = stack.simulator.webhooks.stats.deliveries - before;
  return {
    seed,
    acts,
    deliveries,
    differences,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    ...(await sizes(run)),
  };
}

// ─── The shop and its rules ──────────────────────────────────────────────────────────────────────

async function openShop(run: Soak, domain: string, kind: "JPY" | "USD"): Promise<SoakShop> {
  const { sim } = run.stack.simulator;
  const shop = openSoakShop(sim, domain, kind);
  grantInstall(sim, domain);
  await until(
    () =>
      openApp(sim, domain).then(
        () => true,
        () => undefined,
      ),
    "the install",
  );
  const id = await until(async () => {
    const { rows } = await run.owner.query<{ id: number }>(
      "SELECT shop.id FROM shop JOIN shop_profile ON shop_profile.shop_id = shop.id WHERE domain = $1",
      [domain],
    );
    return rows[0]?.id;
  }, "the app to read the shop");
  const opened: SoakShop = { id, shop, history: new History(sim, shop, run.random), rules: [] };
  await saveRules(run, opened, drawRules(run.random, shop));
  return opened;
}

async function saveRules(run: Soak, opened: SoakShop, rules: SoakRules): Promise<void> {
  const { sim, addresses } = run.stack.simulator;
  // Orders carry whole seconds: none may fall into the second in which the rules change.
  pass(run, 2 * SECOND);
  const response = await fetch(`${addresses.tunnel}/app/program/earning.data`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await issueIdToken(sim, opened.shop.domain)}`,
      "content-type": "application/json",
      "user-agent": BROWSER,
    },
    body: JSON.stringify(toEarningRules(rules)),
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes("saved"))
    throw new Error(`the rules were not saved: ${response.status} ${answer.slice(0, 300)}`);
  opened.rules.push({ from: sim.now(), rules });
  pass(run, 2 * SECOND);
}

// ─── The history, with everything that can go wrong beside it ────────────────────────────────────

async function liveThrough(run: Soak, acts: number): Promise<void> {
  const { stack, random } = run;
  const { sim } = stack.simulator;
  Object.assign(sim.faults.webhooks, {
    duplicateRate: 0.2,
    reorderWindowMs: 40 * SECOND,
    delayMs: 0,
    lossRate: 0.05,
    staleRate: 0.03,
    badSignatureRate: 0.01,
  });
  const deaths = new Set([Math.floor(acts * 0.35), Math.floor(acts * 0.7)]);
  // Brisk: bodies are fresh and believed, many changes share one of the platform's seconds, half of all is lost.
  const isBrisk = random.chance(0.4);
  if (isBrisk) Object.assign(sim.faults.webhooks, { reorderWindowMs: 3 * SECOND, lossRate: 0.5, staleRate: 0.06 });
  const newRulesAt = random.chance(0.5) ? Math.floor(acts * 0.5) : -1;
  for (let act = 0; act < acts; act++) {
    const { history } = random.pick(run.shops);
    while (history.act() === "refused");
    if (!isBrisk) disturb(run);
    pass(run, isBrisk ? random.between(0, 5) * 500 : stepMs(random));
    await sleep(random.between(1, 40));
    if (deaths.has(act)) await die(run);
    if (act === newRulesAt) {
      sim.faults.api = noFaults().api;
      await restoreTokens(run);
      const changed = random.pick(run.shops);
      await saveRules(run, changed, drawRules(random, changed.shop));
    }
  }
}

function stepMs(random: Random): number {
  return random.weighted([
    [random.between(0, 900), 10],
    [random.between(1, 60) * SECOND, 60],
    [random.between(1, 40) * 60 * SECOND, 22],
    [random.between(1, 20) * HOUR, 8],
  ] as const);
}

function disturb({ stack, random, shops }: Soak): void {
  const { sim } = stack.simulator;
  const { api, webhooks } = sim.faults;
  if (!random.chance(0.15)) return;
  const { domain } = random.pick(shops).shop;
  const trouble = random.weighted([
    ["throttle", 5],
    ["status429", 3],
    ["status5xx", 5],
    ["htmlBody", 2],
    ["timeout", 0.5],
    ["answerLost", 3],
    ["tokenAnswerLost", 1],
    ["tokenStatus5xx", 1],
    ["expire", 3],
    ["revoke", 1],
    ["delay", 2],
  ] as const);
  if (trouble === "expire") expireTokens(sim, domain);
  else if (trouble === "revoke") revokeTokens(sim, domain);
  else if (trouble === "delay") webhooks.delayMs = webhooks.delayMs > 0 ? 0 : random.between(1, 30) * 60 * SECOND;
  else api[trouble] = random.between(1, trouble === "timeout" ? 1 : 3);
}

async function die(run: Soak): Promise<void> {
  const { stack, random } = run;
  stack.app.kill("SIGKILL");
  await stack.app.ended;
  for (let more = 0; more < 4; more++) {
    random.pick(run.shops).history.act();
    pass(run, random.between(1, 200) * SECOND);
  }
  // The queue would notice after a minute that nobody works on these any more; that minute is over.
  await run.owner.query("UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active'");
  await run.owner.query("UPDATE webhook_inbox SET next_attempt = now(), lease_until = now() WHERE lease_until > now()");
  await stack.restartApp();
}

/** Lets virtual time pass; whatever is due on the way is sent. */
function pass({ stack }: Pick<Soak, "stack">, ms: number): void {
  stack.simulator.sim.clock.advance(ms);
}

// ─── The quiet end ───────────────────────────────────────────────────────────────────────────────

async function restoreTokens(run: Soak): Promise<void> {
  const { sim } = run.stack.simulator;
  // A merchant opens the app: revoked tokens are exchanged anew.
  for (const { shop } of run.shops)
    await until(
      () =>
        openApp(sim, shop.domain).then(
          () => true,
          () => undefined,
        ),
      "the app's page",
    );
}

async function quiet(run: Soak): Promise<void> {
  Object.assign(run.stack.simulator.sim.faults, noFaults());
  await restoreTokens(run);
  await settle(run);
}

/** Waits until nothing is on its way or queued; time passes meanwhile, for retries of both sides. */
async function settle(run: Soak): Promise<void> {
  const { webhooks } = run.stack.simulator;
  const shopIds = run.shops.map(({ id }) => id);
  let left = "";
  let calm = 0;
  let rounds = 0;
  for (const end = Date.now() + SETTLE_WITHIN_MS; Date.now() < end; await sleep(150)) {
    if (webhooks.pending().later > 0) pass(run, 0.5 * HOUR);
    const pending = webhooks.pending();
    left = await waiting(run.owner, shopIds);
    if (pending.now + pending.later === 0 && left === "") {
      if (++calm >= 2) return;
      continue;
    }
    calm = 0;
    // A merchant looks in: what was revoked meanwhile is exchanged anew.
    if (++rounds % 8 === 0) await restoreTokens(run);
    // Waiting times of the app's own retries run on real time: they are over.
    await run.owner.query(
      "UPDATE webhook_inbox SET next_attempt = now() WHERE status IN ('pending', 'parked') AND lease_token IS NULL",
    );
    await run.owner.query(
      "UPDATE pgboss.job SET start_after = now() WHERE state IN ('created', 'retry') AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%'",
    );
    pass(run, 2 * SECOND);
    await sleep(150);
  }
  throw new Error(`the app did not come to rest: ${left} ${JSON.stringify(webhooks.pending())}`);
}

async function waiting(owner: pg.Pool, shopIds: number[]): Promise<string> {
  const { rows } = await owner.query<{ what: string }>(
    `SELECT 'inbox ' || topic || ' ' || coalesce(error, '') AS what FROM webhook_inbox WHERE status IN ('pending', 'parked')
     UNION ALL SELECT 'read ' || order_gid || ' ' || read_due_at FROM customer_order WHERE shop_id = ANY ($1) AND read_due_at IS NOT NULL
     UNION ALL SELECT 'product ' || product_gid FROM product_wanted WHERE shop_id = ANY ($1)
     UNION ALL SELECT 'publish ' || id FROM member WHERE shop_id = ANY ($1) AND balance_seq > published_seq
     UNION ALL SELECT 'job ' || name || ' ' || state FROM pgboss.job WHERE state IN ('created', 'retry', 'active') AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%' AND name <> 'dead-jobs'
     LIMIT 5`,
    [shopIds],
  );
  return rows.map(({ what }) => what).join("; ");
}

async function reconcileAll(run: Soak): Promise<void> {
  for (const { id } of run.shops) await enqueue(run.owner, id, "check-subscriptions");
  await settle(run);
  for (const { id } of run.shops) await enqueue(run.owner, id, "reconcile-shop");
  await settle(run);
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

// ─── The comparison ──────────────────────────────────────────────────────────────────────────────

async function compare(run: Soak, when: string): Promise<string[]> {
  let differences: string[] = [];
  // Points whose hold has just passed are released by the next sweep.
  for (let round = 0; round < 12; round++) {
    differences = (await Promise.all(run.shops.map((each) => compareShop(run, each)))).flat();
    if (differences.length === 0) return [];
    await sleep(700);
  }
  return differences.map((difference) => `${when}: ${difference}`);
}

async function compareShop({ stack, owner }: Soak, { id, shop, rules }: SoakShop): Promise<string[]> {
  const { holdings, orders } = expectedHoldings(shop, rules, stack.simulator.sim.now());
  const { rows } = await owner.query<{ customer: string; pending: string; available: string; debt: string }>(
    "SELECT split_part(customer_gid, '/', 5) AS customer, pending, available, debt FROM member WHERE shop_id = $1 AND customer_gid IS NOT NULL",
    [id],
  );
  const held = new Map(
    rows.map((row) => [
      row.customer,
      { pending: Number(row.pending), available: Number(row.available) - Number(row.debt) },
    ]),
  );
  const differences: string[] = [];
  for (const customer of new Set([...holdings.keys(), ...held.keys()])) {
    const expected = holdings.get(customer) ?? { pending: 0, available: 0 };
    const actual = held.get(customer) ?? { pending: 0, available: 0 };
    if (expected.pending === actual.pending && expected.available === actual.available) continue;
    differences.push(
      `${shop.domain} customer ${customer}: expected ${show(expected)}, holds ${show(actual)}; ${await ordersThatDiffer(owner, id, shop, customer, orders)}`,
    );
  }
  return differences;
}

const show = ({ pending, available }: Holding): string => `${available} + ${pending} pending`;

async function ordersThatDiffer(
  owner: pg.Pool,
  shopId: number,
  shop: SimShop,
  customer: string,
  orders: OrderAnswer[],
): Promise<string> {
  const { rows } = await owner.query<{
    order: string;
    points: string;
    bonus: string;
    state: string;
    member: string | null;
  }>(
    `SELECT split_part(o.order_gid, '/', 5) AS order, coalesce(sum(e.target) FILTER (WHERE e.rule = 'order'), 0) AS points,
            coalesce(sum(e.target) FILTER (WHERE e.rule = 'first_order'), 0) AS bonus, max(e.state) AS state, max(split_part(o.customer_gid, '/', 5)) AS member
       FROM customer_order o LEFT JOIN order_earning e ON e.shop_id = o.shop_id AND e.order_id = o.id WHERE o.shop_id = $1 GROUP BY o.order_gid`,
    [shopId],
  );
  const known = new Map(rows.map((row) => [row.order, row]));
  return orders
    .filter(({ orderId }) => shop.orders[orderId]?.customerId === customer)
    .flatMap(({ orderId, name, points, bonus, isPending }) => {
      const row = known.get(orderId);
      const expected = `${points}+${bonus} ${points + bonus === 0 ? "none" : isPending ? "pending" : "available"}`;
      const state = row?.state === "waiting" ? "pending" : (row?.state ?? "unknown");
      const actual = row
        ? `${row.points}+${row.bonus} ${Number(row.points) + Number(row.bonus) === 0 ? "none" : state}`
        : "unknown";
      return expected === actual ? [] : [`${name} (${orderId}) ${expected} ≠ ${actual}`];
    })
    .join(", ");
}

// ─── Everything once more ────────────────────────────────────────────────────────────────────────

async function deliverAllAgain(run: Soak): Promise<string[]> {
  const { webhooks } = run.stack.simulator;
  const domains = new Set(run.shops.map(({ shop }) => shop.domain));
  const before = await ledger(run);
  const messages = run.random.shuffle(webhooks.deliveries().filter((delivery: Delivery) => domains.has(delivery.shop)));
  await webhooks.deliverFrom(
    messages.map(({ shop, topic, body, triggeredAt }) => ({ shop, topic, body: () => body, triggeredAt })),
  );
  await settle(run);
  const after = await ledger(run);
  return before === after ? [] : [`a second delivery of everything changed the ledger: ${before} → ${after}`];
}

async function ledger({ owner, shops }: Soak): Promise<string> {
  const { rows } = await owner.query<{ state: string }>(
    `SELECT concat_ws('/', (SELECT count(*) FROM points_entry WHERE shop_id = ANY ($1)), sum(pending), sum(available), sum(debt), sum(balance_seq)) AS state
       FROM member WHERE shop_id = ANY ($1)`,
    [shops.map(({ id }) => id)],
  );
  return rows[0]?.state ?? "";
}

async function sizes({ owner, shops }: Soak): Promise<{ orders: number; members: number; points: number }> {
  const { rows } = await owner.query<{ orders: string; members: string; points: string }>(
    `SELECT (SELECT count(*) FROM customer_order WHERE shop_id = ANY ($1)) AS orders, count(*) AS members, sum(pending + available) AS points
       FROM member WHERE shop_id = ANY ($1)`,
    [shops.map(({ id }) => id)],
  );
  return { orders: Number(rows[0]?.orders), members: Number(rows[0]?.members), points: Number(rows[0]?.points) };
}

async function until<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 120_000): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(200)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`waited too long for ${what}`);
}
