// An upgrade without a pause: this version works on the schema before the newest migration and after it, with
// connections that stay open meanwhile, and no migration does to a table in use what would stop the others.
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { closeDatabase, inShop, routerPool } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { publishBalances } from "../../../app/jobs/handlers/publish-balances.server";
import { sweepOnce } from "../../../app/jobs/sweep.server";
import { prepareJobs } from "../../../app/operator/migrate.server";
import { isSchemaCurrent, resetReadiness } from "../../../app/server/readiness.server";
import { urlFor } from "../../setup/global-postgres";
import { testEnvironment } from "../../setup/test-environment";
import { headersOf, openLetterBox, type LetterBox } from "../ingest/letter-box";
import { expectLedgerAddsUp } from "../loyalty/ledger-invariants";
import { AMOUNT_OFF, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";
import { findUnsafe } from "./migration-rules";

const FOLDER = path.join(import.meta.dirname, "../../../prisma/migrations");
const NAMES = fs
  .readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const sqlOf = (name: string) => fs.readFileSync(path.join(FOLDER, name, "migration.sql"), "utf8");

describe("an upgrade while the app runs", () => {
  const database = `test_upgrade_${process.pid}`;
  let owner: pg.Pool;
  let shop: RedemptionShop;
  let box: LetterBox;

  beforeAll(async () => {
    const cluster = inject("testCluster");
    const admin = new pg.Client({ connectionString: cluster.adminUrl });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${database} OWNER test_owner ENCODING 'UTF8' TEMPLATE template0`);
    await admin.end();
    const ownerUrl = urlFor(cluster, "owner", database);
    owner = new pg.Pool({ connectionString: ownerUrl, max: 3 });
    // Dropping the database ends connections, those in the pool and those on their way out of it.
    owner.on("error", () => undefined);
    owner.on("connect", (each) => each.on("error", () => undefined));
    for (const name of NAMES.slice(0, -1)) await owner.query(sqlOf(name));
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await prepareJobs(client, ownerUrl);
    await client.end();
    const urls = { appUrl: urlFor(cluster, "app", database), routerUrl: urlFor(cluster, "router", database) };
    Object.assign(process.env, testEnvironment(urls));
    shop = await startRedemptionShop(() => owner);
    box = await openLetterBox();
  });
  afterAll(async () => {
    await box.close();
    await shop.stop();
    await closeDatabase();
    await owner.end();
    const admin = new pg.Client({ connectionString: inject("testCluster").adminUrl });
    await admin.connect();
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.end();
  });

  /** An order that arrives by webhook, its points, a redemption, what shoppers see, and the sweep over it all. */
  async function mainPaths(): Promise<void> {
    shop.now = shop.platform.sim.now();
    const { memberId, customerGid, customerId } = await shop.member(100);
    const order = shop.order({ customerId });
    const body = JSON.stringify({ id: Number(order.id), admin_graphql_api_id: `gid://shopify/Order/${order.id}` });
    const headers = headersOf({ topic: "orders/updated", domain: DOMAIN, body });
    expect((await fetch(box.url, { method: "POST", headers, body })).status).toBe(200);
    while ((await drainOnce()).claimed > 0);
    const { rows } = await routerPool().query<{ status: string }>(
      "SELECT status FROM webhook_inbox ORDER BY id DESC LIMIT 1",
    );
    expect(rows).toEqual([{ status: "done" }]);
    await shop.hear(order);
    expect((await shop.balance(memberId)).available).toBeGreaterThan(100);
    const bought = await shop.redeem(customerGid, await shop.reward(AMOUNT_OFF));
    if (!("redemption" in bought)) throw new Error(bought.outcome);
    await shop.complete();
    expect((await shop.read(bought.redemption.id)).status).toBe("issued");
    const published = await publishBalances(
      { shopId: shop.shopId },
      { now: shop.now, signal: new AbortController().signal },
    );
    expect(published.published).toBeGreaterThan(0);
    await sweepOnce();
    await expectLedgerAddsUp(owner);
  }

  it("C16 the main paths work before the newest migration, while it runs, and after it", async () => {
    await mainPaths();
    expect(await isSchemaCurrent()).toBe(false);
    // A transaction of the app is open while the schema changes; it neither blocks the migration for ever nor breaks.
    const during = inShop(shop.shopId, async (tx) => {
      await tx.query("SELECT count(*) FROM shop_profile");
      return "done";
    });
    await owner.query(sqlOf(NAMES.at(-1) ?? ""));
    expect(await during).toBe("done");
    await mainPaths();
    resetReadiness();
  });
});

describe("the migrations that are here", () => {
  // Looked at by a person: the tables were new when these were released, or the lock is taken and given back at once.
  const REVIEWED: Record<string, readonly string[]> = {
    "20261122010000_jobs": [
      "takes something away: DROP INDEX webhook_inbox_due",
      "takes something away: DROP INDEX webhook_inbox_due_by_shop",
      "builds an index under a lock: webhook_inbox_claim",
    ],
    "20261122010030_member_search": [
      "builds an index under a lock: member_by_last_order",
      "builds an index under a lock: member_email_prefix",
    ],
    "20261122010045_expiry": [
      "takes something away: ALTER TABLE lot DROP CONSTRAINT lot_remaining",
      "checks every row under a lock: ALTER TABLE lot DROP CONSTRAINT lot_remaining",
      "builds an index under a lock: lot_expiry_due",
    ],
    "20261122012000_test_orders": ["builds an index under a lock: customer_order_test"],
    "20261122500000_polish": [
      "takes something away: DROP INDEX member_by_last_order",
      'takes something away: DROP INDEX "member_shop_id_email_idx"',
    ],
    "20261122100000_points_program": [
      "builds an index under a lock: member_shop_id_tier_id_id_idx",
      "builds an index under a lock: member_shop_id_referral_code_key",
      "builds an index under a lock: member_occasion_due",
      "builds an index under a lock: member_tier_review",
    ],
    "20261122200000_reviews": [
      "builds an index under a lock: message_shop_id_request_id_idx",
      "builds an index under a lock: customer_order_name",
    ],
    "20261122300000_trust": [
      "builds an index under a lock: member_shop_id_birthday_key_idx",
      "builds an index under a lock: member_birthday_clear",
      "builds an index under a lock: message_texts",
      "builds an index under a lock: review_vote_visitors",
      "builds an index under a lock: referral_networks",
      "builds an index under a lock: review_networks",
      "builds an index under a lock: adjustment_row_addresses",
      "builds an index under a lock: data_export_to_empty",
    ],
  };
  const short = (statement: string) => /INDEX "?(\w+)"? ON/.exec(statement)?.[1] ?? statement.split(",")[0] ?? "";

  it.each(NAMES.slice(1))("C16 %s does nothing unsafe that nobody has looked at", (name) => {
    const found = findUnsafe(sqlOf(name)).map(({ rule, statement }) => `${rule}: ${short(statement)}`);
    expect(found).toEqual(REVIEWED[name] ?? []);
  });

  it.each([
    ["ALTER TABLE member ALTER COLUMN email SET NOT NULL;", "sets not null"],
    ['ALTER TABLE "member" DROP COLUMN "email";', "takes something away"],
    ["ALTER TABLE member RENAME COLUMN a TO b;", "renames"],
    ["ALTER TABLE member ALTER COLUMN a TYPE bigint;", "changes a type"],
    ["ALTER TABLE member ADD COLUMN a int NOT NULL;", "adds a column that old writers cannot fill"],
    ["ALTER TABLE member ADD COLUMN a uuid DEFAULT gen_random_uuid();", "adds a column that rewrites the table"],
    ["ALTER TABLE member ADD CONSTRAINT c CHECK (a > 0);", "checks every row under a lock"],
    ["CREATE INDEX i ON member (a);", "builds an index under a lock"],
    ["UPDATE member SET a = 1;", "changes every row at once"],
  ])("finds: %s", (sql, rule) => {
    expect(findUnsafe(sql).map((each) => each.rule)).toEqual([rule]);
  });

  it.each([
    "CREATE INDEX CONCURRENTLY i ON member (a);",
    "ALTER TABLE member ADD COLUMN a int NOT NULL DEFAULT 0, ALTER COLUMN b DROP NOT NULL;",
    "ALTER TABLE member ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
    "CREATE TABLE t (id int); CREATE INDEX i ON t (id); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);",
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE member SET a = 1; $$;",
  ])("lets pass: %s", (sql) => {
    expect(findUnsafe(sql)).toEqual([]);
  });
});
