// A shop is erased in pieces: whatever it holds and wherever it stops, nothing of it and all of the others is left.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { redactShop } from "../../../app/privacy/redact-shop.server";
import { installShop } from "../../../app/shops/install-shop.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { furnishShop } from "../tenancy/furnished-shop";
import { digestRows } from "../tenancy/row-digest";

const database = useTestDatabase();
const signal = new AbortController().signal;
const NOW = new Date("2026-06-20T03:00:00Z");
let tables: string[] = [];
beforeAll(async () => {
  const { rows } = await database.owner().query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relforcerowsecurity
        AND relname <> 'erasure' ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
});

/** How many rows each tenant table holds of a shop, where it holds any. */
async function rowsOf(shopId: ShopId): Promise<Record<string, number>> {
  const counts = tables.map(
    (name) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name} WHERE shop_id = $1`,
  );
  const { rows } = await database
    .owner()
    .query<{ name: string; rows: number }>(`SELECT * FROM (${counts.join(" UNION ALL ")}) t WHERE rows > 0`, [shopId]);
  return Object.fromEntries(rows.map((each) => [each.name, each.rows]));
}
const total = (rows: Record<string, number>) => Object.values(rows).reduce((sum, each) => sum + each, 0);
const uninstall = (shopId: ShopId) =>
  routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
async function erasePiece(shopId: ShopId, atMost: number): Promise<Record<string, unknown> | null> {
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ counts: Record<string, unknown> | null }>("SELECT erase_shop_rows($1, $2, $3) AS counts", [
      shopId,
      NOW,
      atMost,
    ]),
  );
  return rows[0]?.counts ?? null;
}
const tombstones = async (shopId: ShopId) =>
  (
    await database
      .owner()
      .query<{ counts: Record<string, unknown> }>(
        "SELECT counts FROM erasure WHERE shop_id = $1 AND kind = 'shop' ORDER BY id",
        [shopId],
      )
  ).rows.map(({ counts }) => counts);

describe("D04 in pieces", () => {
  it("D04 a piece takes no more rows than it may, and all of them together every row of every table", async () => {
    const leaving = await furnishShop(database.owner(), "in-pieces.myshopify.com", "leaves");
    const staying = await furnishShop(database.owner(), "next-door.myshopify.com", "stays");
    const { shopId } = leaving;
    const [kept, gone] = [await createTestMember(shopId), await createTestMember(shopId)];
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET merged_into = $2, status = 'merged' WHERE id = $1", [gone.memberId, kept.memberId]),
    );
    const before = await digestRows(database.owner(), staying);
    const rows = await rowsOf(shopId);
    expect(total(rows)).toBeGreaterThan(40);
    expect(Object.keys(rows).length).toBeGreaterThan(25);
    await uninstall(shopId);

    let counts: Record<string, unknown> | null = null;
    for (let left = total(rows); counts === null;) {
      counts = await erasePiece(shopId, 3);
      const now = total(await rowsOf(shopId));
      expect(left - now).toBeLessThanOrEqual(3);
      expect(await tombstones(shopId)).toHaveLength(counts === null ? 0 : 1);
      left = now;
    }
    expect(await rowsOf(shopId)).toEqual({});
    expect(counts).toMatchObject({ ...rows, entries: rows["points_entry"] ?? 0 });
    expect(await tombstones(shopId)).toEqual([counts]);
    expect(await digestRows(database.owner(), staying)).toEqual(before);
  });

  it("D04 erases a member who was merged into another, whichever comes first", async () => {
    const shopId = await createTestShop();
    const people = await Promise.all(Array.from({ length: 6 }, () => createTestMember(shopId)));
    const ids = people.map(({ memberId }) => memberId).sort((a, b) => a - b);
    // Each into the next, and the last into the first: no order of members would do.
    for (const [index, id] of ids.entries())
      await inShop(shopId, (tx) =>
        tx.query("UPDATE member SET merged_into = $2 WHERE id = $1", [id, ids[(index + 1) % ids.length]]),
      );
    await uninstall(shopId);
    let pieces = 1;
    while ((await erasePiece(shopId, 2)) === null) pieces += 1;
    expect(pieces).toBeGreaterThan(5);
    expect(await rowsOf(shopId)).toEqual({});
  });

  it("D03 who comes back while the erasure goes on waits for its end, also where its job has died", async () => {
    const domain = "comes-back.myshopify.com";
    const { shopId } = await furnishShop(database.owner(), domain, "back");
    const input = { domain, scopes: "read_orders", now: NOW };
    await uninstall(shopId);
    expect(await erasePiece(shopId, 5)).toBeNull();
    await expect(installShop(input)).rejects.toThrow("the shop's earlier data is being erased");
    const { rows: jobs } = await database
      .owner()
      .query("SELECT state FROM pgboss.job WHERE name = 'shop-redact' AND data->>'shopId' = $1", [String(shopId)]);
    expect(jobs).toEqual([{ state: "created" }]);
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    expect(await runJob("shop-redact", { shopId }, signal)).toEqual({ outcome: "ran" });
    expect(await rowsOf(shopId)).toEqual({});
    expect(await tombstones(shopId)).toHaveLength(1);
    expect(await installShop(input)).toEqual({ outcome: "reinstalled", shopId });
    await expect(erasePiece(shopId, 5)).rejects.toThrow(/is installed/);
  });

  it("D05 an erasure that is interrupted goes on where it was, and its tombstone counts everything once", async () => {
    const { shopId } = await furnishShop(database.owner(), "interrupted.myshopify.com", "halfway");
    const rows = await rowsOf(shopId);
    await uninstall(shopId);
    expect(await erasePiece(shopId, 20)).toBeNull();
    expect(await tombstones(shopId)).toEqual([]);
    expect(await redactShop({ shopId }, { now: NOW, signal })).toEqual({ outcome: "erased" });
    expect(await tombstones(shopId)).toHaveLength(1);
    expect((await tombstones(shopId))[0]).toMatchObject(rows);
  });

  it.each([0, -1, null])("a piece of %s rows is refused", async (atMost) => {
    const shopId = await createTestShop();
    await uninstall(shopId);
    const piece = inShop(shopId, (tx) => tx.query("SELECT erase_shop_rows($1, now(), $2)", [shopId, atMost]));
    await expect(piece).rejects.toThrow("a piece has at least one row");
  });
});

describe("D04 with fifty thousand deliveries that wait", () => {
  const EVENTS = 50_000;
  /** Several pieces of entries, and of lots. */
  const ENTRIES = 12_000;
  const addEvents = (shopId: ShopId, status: "pending" | "done") =>
    database.owner().query(
      `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, status, settled_at, next_attempt)
       SELECT s.id, s.domain, 'carts/update', $2 || n, '{"customer":{"id":' || CASE WHEN n % 100 = 0 THEN 41 ELSE 4100 + n END || '}}',
              $2, CASE WHEN $2 = 'done' THEN now() END, now() FROM shop s, generate_series(1, ${EVENTS}) n WHERE s.id = $1`,
      [shopId, status],
    );
  const bodies = async (shopId: ShopId) =>
    (
      await routerPool().query<{ all: number; left: number; naming: number }>(
        `SELECT count(*)::int AS all, count(body)::int AS left, count(*) FILTER (WHERE body ~ '\\m41\\M')::int AS naming
           FROM webhook_inbox WHERE shop_id = $1`,
        [shopId],
      )
    ).rows[0];

  it("D04 customers/redact empties those that name the customer, and handlers that come later succeed", async () => {
    const shopId = await createTestShop();
    await addEvents(shopId, "done");
    await routerPool().query(
      "UPDATE webhook_inbox SET status = 'pending', settled_at = NULL WHERE shop_id = $1 AND body ~ '\\m41\\M'",
      [shopId],
    );
    expect(await runJob("purge-payloads", { shopId, ids: ["41"] }, signal)).toEqual({ outcome: "ran" });
    expect(await bodies(shopId)).toEqual({ all: EVENTS, left: EVENTS - EVENTS / 100, naming: 0 });
    while ((await drainOnce()).claimed > 0);
    const { rows } = await routerPool().query<{ status: string; events: number }>(
      "SELECT status, count(*)::int AS events FROM webhook_inbox WHERE shop_id = $1 AND body IS NULL GROUP BY status",
      [shopId],
    );
    expect(rows.map(({ events }) => events)).toEqual([EVENTS / 100]);
    expect(["done", "ignored"]).toContain(rows[0]?.status);
  });

  it("D04 shop/redact erases them, and more entries than a piece may hold, in transactions that stay short", async () => {
    const shopId = await createTestShop();
    const neighbour = await createTestShop();
    await createTestMember(neighbour);
    const { memberId } = await createTestMember(shopId);
    await addEvents(shopId, "pending");
    await database.owner().query(
      `WITH lots AS (
         INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, size, remaining, state, created_at)
         SELECT $1, $2, 'adjustment', n::text, 'manual', 5, 5, 'available', now() FROM generate_series(1, ${ENTRIES}) n RETURNING id, source_id
       )
       INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, reason, actor, at)
       SELECT $1, $2, id, 'adjustment', 'issued', 'available', 5, 'k' || source_id, 'adjustment', source_id, 'manual', 'adjusted', 'system', now()
         FROM lots`,
      [shopId, memberId],
    );
    await uninstall(shopId);
    // A worker that is told to stop does so between two pieces, and the next one goes on.
    const stopped = new AbortController();
    stopped.abort(new Error("the process ends"));
    await expect(runJob("shop-redact", { shopId }, stopped.signal)).rejects.toThrow("the process ends");
    expect(await rowsOf(shopId)).toMatchObject({ points_entry: ENTRIES - 5_000, lot: ENTRIES });
    expect(await runJob("shop-redact", { shopId }, signal)).toEqual({ outcome: "ran" });
    expect(await rowsOf(shopId)).toEqual({});
    expect(await bodies(shopId)).toMatchObject({ all: 0 });
    expect((await tombstones(shopId))[0]).toMatchObject({
      ...{ entries: ENTRIES, pointsIssued: 5 * ENTRIES, points_entry: ENTRIES, lot: ENTRIES, member: 1 },
    });
    expect(await queryShop(neighbour, "SELECT id FROM member")).toHaveLength(1);
  });
});
