// The backup guide of app/operator/README.md, rehearsed: a base backup and archived WAL, the server lost, a restore to a
// moment, and Shopify read again since then: nothing is missing and nothing is there twice.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, expect, it } from "vitest";

import { closeDatabase } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { reconcileShop } from "../../../app/jobs/handlers/reconcile-shop.server";
import { auditAtShopify } from "../../../app/operator/audit-shopify.server";
import { runAudit } from "../../../app/operator/audit.server";
import { startPostgres, type RunningPostgres } from "../../setup/embedded-postgres";
import { startTestCluster, urlFor } from "../../setup/global-postgres";
import { createTestDatabase } from "../../setup/postgres";
import { testEnvironment } from "../../setup/test-environment";
import { refundOrder } from "../../simulator/order-engine";
import { headersOf, openLetterBox } from "../ingest/letter-box";
import { expectLedgerAddsUp } from "../loyalty/ledger-invariants";
import { AMOUNT_OFF, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-backup-"));
const archive = path.join(folder, "wal");
const { signal } = new AbortController();
const undo: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const step of undo.reverse()) await step();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The SQL block of the guide under this heading: what is rehearsed is what is written. */
function fromGuide(title: string): string {
  const guide = fs.readFileSync(path.join(import.meta.dirname, "../../../app/operator/README.md"), "utf8");
  const block = new RegExp(`-- ${title}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1];
  if (!block) throw new Error(`the guide has no step "${title}"`);
  return block;
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  admin.on("error", () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** The server goes away under it, which is the point: its connections may hear of it at any moment. */
function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function backUp(adminUrl: string, data: string, to: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query("SELECT pg_backup_start('kizuna', fast => true)");
    // Files change while they are copied: the archived WAL puts that right. What comes and goes may be missed.
    execFileSync("sh", ["-c", 'cp -a "$1/." "$2" 2>/dev/null || true', "copy", data, to]);
    const { rows } = await admin.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop()");
    fs.writeFileSync(path.join(to, "backup_label"), rows[0]?.labelfile ?? "");
  });
  for (const name of ["postmaster.pid", "postmaster.opts"]) fs.rmSync(path.join(to, name), { force: true });
  fs.rmSync(path.join(to, "pg_wal"), { recursive: true, force: true });
}

/** Everything written so far is in the archive. */
async function archived(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ file: string }>("SELECT pg_walfile_name(pg_switch_wal()) AS file");
    const file = rows[0]?.file ?? "";
    await eventually(() => Promise.resolve(fs.existsSync(path.join(archive, file))));
  });
}

/** A server on the copy, brought to `moment`. */
async function restore(copy: string, password: string, moment: string): Promise<RunningPostgres> {
  const target = path.join(folder, "restored");
  fs.mkdirSync(target);
  fs.cpSync(password, path.join(target, "password"));
  execFileSync("cp", ["-a", copy, path.join(target, "data")]);
  // The account of the server owns what it starts on.
  execFileSync("sh", [
    "-c",
    'mkdir -m 700 "$1/data/pg_wal" && touch "$1/data/recovery.signal" && chown -R --reference="$1/data/PG_VERSION" "$1"',
    "own",
    target,
  ]);
  const server = await startPostgres({
    folder: target,
    disposable: true,
    removeAtExit: true,
    settings: {
      wal_level: "replica",
      restore_command: `cp ${archive}/%f %p`,
      recovery_target_time: moment,
      recovery_target_action: "promote",
    },
  });
  undo.push(() => server.stop());
  await asAdmin(server.adminUrl(), (admin) =>
    eventually(
      async () => (await admin.query<{ busy: boolean }>("SELECT pg_is_in_recovery() AS busy")).rows[0]?.busy === false,
    ),
  );
  return server;
}

async function hearByWebhook(url: string, orderId: string, webhookId: string): Promise<void> {
  const body = JSON.stringify({ id: Number(orderId), admin_graphql_api_id: `gid://shopify/Order/${orderId}` });
  const headers = headersOf({ topic: "orders/updated", domain: DOMAIN, body, webhookId });
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
  while ((await drainOnce()).claimed > 0);
}

/** Points and what they came from, without what a restore may number anew. */
async function books(owner: pg.Pool): Promise<unknown> {
  const { rows } = await owner.query(
    `SELECT m.customer_gid, m.pending::int, m.available::int, m.revoked::int, m.debt::int,
            (SELECT json_agg(x ORDER BY x.gid) FROM (
               SELECT o.order_gid AS gid, o.facts->>'financialStatus' AS status FROM customer_order o
                WHERE o.shop_id = m.shop_id AND o.member_id = m.id) x) AS orders
       FROM member m WHERE m.orders_count > 0 ORDER BY m.customer_gid`,
  );
  return rows;
}

it("C17 restored to a moment, the app reads Shopify since then: nothing missing, nothing twice", async () => {
  fs.mkdirSync(archive);
  fs.chmodSync(folder, 0o755);
  fs.chmodSync(archive, 0o777);
  const cluster = await startTestCluster({
    settings: {
      wal_level: "replica",
      archive_mode: "on",
      archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f && chmod a+r ${archive}/%f`,
    },
  });
  let isLost = false;
  undo.push(async () => (isLost ? undefined : cluster.stop()));
  const database = await createTestDatabase(cluster.facts);
  Object.assign(process.env, testEnvironment(database));
  let owner = openPool(database.ownerUrl);
  const shop: RedemptionShop = await startRedemptionShop(() => owner);
  undo.push(() => shop.stop());
  const box = await openLetterBox();
  undo.push(() => box.close());

  const { customerId, customerGid, memberId } = await shop.member(0);
  const before = shop.order({ customerId });
  await hearByWebhook(box.url, before.id, "before");
  await shop.hear(before);

  const copy = path.join(folder, "base");
  fs.mkdirSync(copy);
  await backUp(cluster.facts.adminUrl, path.join(cluster.folder, "data"), copy);
  const between = shop.order({ customerId });
  await hearByWebhook(box.url, between.id, "between");
  await shop.hear(between);
  await shop.give(memberId, 100);
  const moment = await asAdmin(cluster.facts.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ at: string }>("SELECT clock_timestamp()::text AS at");
    return rows[0]?.at ?? "";
  });

  // All of this the backup does not know: an order, a refund, and a code that points bought.
  const after = shop.order({ customerId });
  await hearByWebhook(box.url, after.id, "after");
  await shop.hear(after);
  refundOrder(shop.platform.sim, DOMAIN, before.id, { lines: [{ lineId: before.lines[0]?.id ?? "", quantity: 1 }] });
  await hearByWebhook(box.url, before.id, "refund");
  await shop.hear(before);
  const truth = await books(owner);
  const bought = await shop.redeem(customerGid, await shop.reward(AMOUNT_OFF));
  expect(bought.outcome).toBe("issued");
  await archived(cluster.facts.adminUrl);
  await closeDatabase();
  await owner.end();
  const password = path.join(folder, "password");
  fs.cpSync(path.join(cluster.folder, "password"), password);
  isLost = true;
  await cluster.stop();

  const server = await restore(copy, password, moment);
  const name = new URL(database.appUrl).pathname.slice(1);
  const facts = { ...cluster.facts, port: server.port };
  const url = (role: "owner" | "app" | "router") => urlFor(facts, role, name);
  Object.assign(env(), { DATABASE_URL: url("app"), DATABASE_ROUTER_URL: url("router") });
  owner = openPool(url("owner"));
  undo.push(() => owner.end(), closeDatabase);
  const known = async () =>
    (await owner.query<{ gid: string }>("SELECT order_gid AS gid FROM customer_order ORDER BY id")).rows.map(
      ({ gid }) => gid,
    );
  expect(await known()).toEqual([`gid://shopify/Order/${before.id}`, `gid://shopify/Order/${between.id}`]);

  // Numbers that were given out after the moment are not given out again.
  await owner.query(fromGuide("after a restore, before the app starts"));
  shop.now = shop.platform.sim.now();
  const healed = await reconcileShop({ shopId: shop.shopId }, { now: shop.now, signal });
  expect(healed).toMatchObject({ unexplained: 0 });
  expect(healed.healed).toBeGreaterThanOrEqual(2);
  expect(await books(owner)).toEqual(truth);

  // Deliveries that Shopify repeats, and a second look, change nothing.
  for (const [id, webhookId] of [
    [after.id, "after"],
    [before.id, "refund"],
    [between.id, "between"],
  ] as const)
    await hearByWebhook(box.url, id, webhookId);
  await reconcileShop({ shopId: shop.shopId }, { now: shop.later(60_000), signal });
  expect(await books(owner)).toEqual(truth);
  await expectLedgerAddsUp(owner);
  const audit = await runAudit(url("owner"));
  expect(audit.invariants.filter(({ violations }) => violations > 0)).toEqual([]);

  // The code that nobody remembers any more is found by asking Shopify.
  const said: string[] = [];
  expect(await auditAtShopify(shop.now, (line) => said.push(line))).toMatchObject({ violations: 1 });
  expect(said.join()).toContain(DOMAIN);
});
