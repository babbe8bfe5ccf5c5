// A real shop's history, delivered to the running app as signed webhooks, and what the app made of it.
// Everything goes through doors that exist anyway: the control API, the app's own settings page, the
// job queue; the totals are read from the database as the owner.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import pg from "pg";

import { defaultEarningRules, type EarningRules } from "../../app/loyalty/earning-rules";
import type { ReplayOptions, ReplayTotals } from "../../app/operator/replay-command.server";
import { startStack } from "../demo/stack";
import type { ReplayProgress } from "./control-api/replay";

const DEMO_FILE = fileURLToPath(new URL("../../.data/demo.json", import.meta.url));
/** Nothing moved for this long: the app has stopped working the deliveries off. */
const STALL_MS = 120_000;
const POLL_MS = 500;
/** The app's page is for people: its library turns robots away. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";

/** A running app with its simulator. */
export interface ReplayTarget {
  /** Origin of the control API. */
  shell: string;
  ownerUrl: string;
}
interface LoadAnswer {
  domain: string;
  counts: Pick<ReplayTotals, "orders" | "guests" | "members" | "refundInvoices" | "unmatchedRefundLines">;
}

/**
 * Replays history files and returns the totals.
 * @throws Error when the app refuses deliveries, stalls, or its ledger differs from its own answers
 */
export async function replay(options: ReplayOptions): Promise<ReplayTotals> {
  if (!options.fresh) return replayInto(findDemo(), options);
  const stack = await startStack({ seed: "none", say: options.say });
  try {
    return await replayInto({ shell: stack.simulator.addresses.shell, ownerUrl: stack.database.ownerUrl }, options);
  } finally {
    await stack.stop();
  }
}

/** The same against a given app: a second time with the same seed sends the same deliveries. */
export async function replayInto(target: ReplayTarget, options: Omit<ReplayOptions, "fresh">): Promise<ReplayTotals> {
  const started = performance.now();
  const owner = new pg.Pool({ connectionString: target.ownerUrl, max: 2, connectionTimeoutMillis: 5_000 });
  try {
    const domain = await openShop(target, options.say);
    const shopId = await saveRule(target, owner, domain);
    options.say("reading the history");
    const { counts } = await control<LoadAnswer>(target, "POST", "replay/load", { files: options.files });
    const deliveries = await send(target, options);
    await drain(owner, shopId, options.say);
    await reconcile(owner, shopId, options.say);
    await drain(owner, shopId, options.say);
    const totals = await readTotals(owner, shopId);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { ...totals.people, ...pick(counts), ...totals.points, deliveries, seconds };
  } finally {
    await owner.end();
  }
}

const pick = ({ refundInvoices, unmatchedRefundLines }: LoadAnswer["counts"]) => ({
  refundInvoices,
  unmatchedRefundLines,
});

function findDemo(): ReplayTarget {
  try {
    const demo = JSON.parse(readFileSync(DEMO_FILE, "utf8")) as { control: string; ownerDatabaseUrl: string };
    return { shell: new URL(demo.control).origin, ownerUrl: demo.ownerDatabaseUrl };
  } catch {
    throw new Error("No demo is running. Start one with npm run demo, or add --fresh.");
  }
}

async function control<T>(target: ReplayTarget, method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${target.shell}/control/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(`The simulator refused ${path}: ${answer.error ?? response.status}`);
  return answer;
}

async function openShop(target: ReplayTarget, say: (line: string) => void): Promise<string> {
  say("opening a shop and installing the app in it");
  const { domain } = await control<{ domain: string }>(target, "POST", "replay/shop", {});
  await control(target, "POST", `shops/${domain}/app/install`, {});
  return domain;
}

/** 1 point per whole £1 of what was kept, one floor per order, no hold; saved through the app's own page. */
async function saveRule(target: ReplayTarget, owner: pg.Pool, domain: string): Promise<number> {
  const { tunnel } = await control<{ tunnel: string }>(target, "GET", "addresses");
  const rules: EarningRules = {
    ...defaultEarningRules({ currency: "GBP", taxesIncluded: true }),
    rate: { points: 1, perMinor: 100 },
    expiry: { kind: "never" },
  };
  const shopId = await until(async () => {
    const { rows } = await owner.query<{ id: number }>(
      "SELECT shop.id FROM shop JOIN shop_profile ON shop_profile.shop_id = shop.id WHERE domain = $1 AND uninstalled_at IS NULL",
      [domain],
    );
    return rows[0]?.id;
  }, "the app to read the shop");
  const { token } = await control<{ token: string }>(target, "POST", `shops/${domain}/id-token`, {});
  const response = await fetch(`${tunnel}/app/program/earning.data`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": BROWSER },
    body: JSON.stringify(rules),
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes("saved"))
    throw new Error(`The earning rule was not saved (${response.status}).`);
  return shopId;
}

async function send(target: ReplayTarget, options: Omit<ReplayOptions, "fresh">): Promise<number> {
  const { duplicates, shuffle, seed, say } = options;
  let progress = await control<ReplayProgress>(target, "POST", "replay/send", { duplicates, shuffle, seed });
  while (progress.status === "running") {
    say(`delivering ${progress.sent} of ${progress.total}`);
    await sleep(POLL_MS);
    progress = await control<ReplayProgress>(target, "GET", "replay");
  }
  if (progress.status !== "done") throw new Error(`The deliveries stopped: ${progress.error ?? "unknown"}`);
  return progress.sent;
}

/** Waits until nothing of the shop is queued: no delivery, no order to be read. */
async function drain(owner: pg.Pool, shopId: number, say: (line: string) => void): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  let since = Date.now();
  for (;;) {
    const { rows } = await owner.query<{ waiting: string; dead: string }>(
      `SELECT (SELECT count(*) FROM webhook_inbox WHERE shop_id = $1 AND status IN ('pending', 'parked'))
            + (SELECT count(*) FROM customer_order WHERE shop_id = $1 AND read_due_at IS NOT NULL) AS waiting,
              (SELECT count(*) FROM webhook_inbox WHERE shop_id = $1 AND status IN ('dead', 'quarantined')) AS dead`,
      [shopId],
    );
    const waiting = Number(rows[0]?.waiting);
    if (Number(rows[0]?.dead) > 0)
      throw new Error(`${rows[0]?.dead} deliveries could not be applied; see Deliveries in the admin.`);
    if (waiting === 0) return;
    if (waiting < best) [best, since] = [waiting, Date.now()];
    if (Date.now() - since > STALL_MS) throw new Error(`The app stopped at ${waiting} waiting deliveries and orders.`);
    say(`waiting for the app: ${waiting} left`);
    await sleep(POLL_MS);
  }
}

async function reconcile(owner: pg.Pool, shopId: number, say: (line: string) => void): Promise<void> {
  say("reconciling");
  const before = await owner.query<{ id: string }>(
    "SELECT coalesce(max(id), 0) AS id FROM reconciliation_run WHERE shop_id = $1",
    [shopId],
  );
  const newest = Number(before.rows[0]?.id);
  await until(async () => {
    // A pass that began before may still be at work, and an equal job is queued once: asked for until a new one begins.
    await inOwnersTransaction(
      owner,
      shopId,
      "SELECT enqueue_job('reconcile-shop', jsonb_build_object('shopId', $1::int), $1::text, NULL) WHERE NOT EXISTS (SELECT FROM reconciliation_run WHERE shop_id = $1 AND id > $2 AND kind = 'orders')",
      [newest],
    );
    const { rows } = await owner.query<{ status: string }>(
      `SELECT CASE WHEN bool_or(status = 'failed') THEN 'failed' WHEN bool_and(status = 'done') AND count(DISTINCT kind) >= 2 THEN 'done' END AS status
         FROM reconciliation_run WHERE shop_id = $1 AND id > $2 AND kind IN ('orders', 'customers')`,
      [shopId, newest],
    );
    if (rows[0]?.status === "failed") throw new Error("The reconciler failed; see the app's log.");
    return rows[0]?.status === "done" ? true : undefined;
  }, "the reconciler");
}

async function inOwnersTransaction(
  owner: pg.Pool,
  shopId: number,
  statement: string,
  values: unknown[] = [],
): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('app.shop', $1, true)", [String(shopId)]);
    await client.query(statement, [shopId, ...values]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

async function until<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 300_000): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(POLL_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`Waited too long for ${what}.`);
}

type Figure = "orders" | "guests" | "members" | "gross" | "target" | "ledger";
type People = Pick<ReplayTotals, "orders" | "guests" | "members">;
type Points = Pick<ReplayTotals, "pointsGranted" | "pointsClawedBack" | "pointsNet">;

/** From the app's own tables: what its orders' states answer, and what its ledger really holds. */
async function readTotals(owner: pg.Pool, shopId: number): Promise<{ people: People; points: Points }> {
  const { rows } = await owner.query<Record<Figure, string>>(
    `SELECT (SELECT count(*) FROM customer_order WHERE shop_id = $1) AS orders,
            (SELECT count(*) FROM customer_order WHERE shop_id = $1 AND customer_gid IS NULL) AS guests,
            (SELECT count(DISTINCT customer_gid) FROM customer_order WHERE shop_id = $1) AS members,
            (SELECT coalesce(sum(gross), 0) FROM order_earning WHERE shop_id = $1) AS gross,
            (SELECT coalesce(sum(target), 0) FROM order_earning WHERE shop_id = $1) AS target,
            (SELECT coalesce(sum(CASE WHEN from_bucket = 'issued' THEN points WHEN to_bucket = 'revoked' THEN -points ELSE 0 END), 0)
               FROM points_entry WHERE shop_id = $1 AND source_type = 'order') AS ledger`,
    [shopId],
  );
  const read = (name: Figure) => Number(rows[0]?.[name]);
  if (read("ledger") !== read("target"))
    throw new Error(`The ledger holds ${read("ledger")} points where the orders answer ${read("target")}.`);
  return {
    people: { orders: read("orders"), guests: read("guests"), members: read("members") },
    points: {
      pointsGranted: read("gross"),
      pointsClawedBack: read("gross") - read("target"),
      pointsNet: read("target"),
    },
  };
}
