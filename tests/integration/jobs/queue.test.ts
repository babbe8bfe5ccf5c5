import { beforeAll, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { startBackfill } from "../../../app/jobs/backfill.server";
import { createBoss } from "../../../app/jobs/boss.server";
import { JOBS, type JobName } from "../../../app/jobs/catalog";
import { HANDLERS } from "../../../app/jobs/handlers.server";
import { enqueue } from "../../../app/jobs/queue.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { startWorker } from "../../../app/jobs/worker.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
let shopId: number;
beforeAll(async () => {
  shopId = await createTestShop();
});

const jobsOf = async (name: string) =>
  (
    await database
      .owner()
      .query<{ state: string; data: { shopId: number } }>(
        "SELECT state::text, data FROM pgboss.job WHERE name = $1 ORDER BY created_on",
        [name],
      )
  ).rows;
const never = new AbortController().signal;

describe("enqueue", () => {
  it("works where no worker has ever run, inside a transaction as well", async () => {
    const fresh = await createTestShop();
    expect(await startBackfill(fresh, null, new Date())).toMatchObject({ outcome: "started" });
    expect((await jobsOf("backfill-orders")).map((job) => job.data.shopId)).toEqual([fresh]);
    expect((await jobsOf("read-all-customers")).map((job) => job.data.shopId)).toEqual([fresh]);
  });

  it("works before any worker has run, and keeps one job per shop", async () => {
    expect(await enqueue(null, "refresh-shop", { shopId })).toEqual({ outcome: "queued" });
    expect(await enqueue(null, "refresh-shop", { shopId })).toEqual({ outcome: "already_queued" });
    const other = await createTestShop();
    expect(await enqueue(null, "refresh-shop", { shopId: other })).toEqual({ outcome: "queued" });
    expect((await jobsOf("refresh-shop")).map((job) => [job.state, job.data.shopId])).toEqual([
      ["created", shopId],
      ["created", other],
    ]);
  });

  it("is part of the caller's transaction", async () => {
    await expect(
      inShop(shopId, async (tx) => {
        await enqueue(tx, "publish-program", { shopId });
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    expect(await jobsOf("publish-program")).toEqual([]);
    await inShop(shopId, (tx) => enqueue(tx, "publish-program", { shopId }));
    expect(await jobsOf("publish-program")).toHaveLength(1);
  });

  it("refuses a job of another shop, and gives the app role nothing on pgboss itself", async () => {
    await expect(inShop(shopId, (tx) => enqueue(tx, "publish-program", { shopId: shopId + 1 }))).rejects.toThrow(
      /must name the shop/,
    );
    await expect(inShop(shopId, (tx) => tx.query("SELECT FROM pgboss.job"))).rejects.toThrow(/permission denied/);
    await expect(inShop(shopId, (tx) => tx.query("SELECT * FROM due_shops(now())"))).rejects.toThrow(
      /permission denied/,
    );
  });

  it("the queues carry retries, backoff, expiry, heartbeat and a dead-letter queue", async () => {
    const { rows } = await database.owner().query<{ name: string }>(
      `SELECT name FROM pgboss.queue WHERE retry_limit >= 2 AND retry_delay > 0 AND retry_backoff AND expire_seconds > 0
          AND heartbeat_seconds > 0 AND dead_letter = 'dead-jobs'`,
    );
    expect(rows.map((row) => row.name).sort()).toEqual(Object.keys(JOBS).sort());
  });

  it("every job has a handler that can be loaded", async () => {
    for (const name of Object.keys(JOBS) as JobName[]) expect(await HANDLERS[name]()).toBeTypeOf("function");
  });
});

describe("D02 an uninstalled shop", () => {
  it("D02 its jobs end without doing anything and without a retry", async () => {
    const gone = await createTestShop();
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [gone]);
    for (const name of ["publish-balances", "read-due-orders", "reconcile-shop", "refresh-shop"] as const) {
      expect(await runJob(name, { shopId: gone }, never)).toEqual({ outcome: "skipped", why: "uninstalled" });
    }
  });

  it("D02 a shop that answers 401 is left alone: no retry, one alert, later jobs rest", async () => {
    // No session was ever stored: there is no token to call with.
    const tokenless = await createTestShop();
    expect(await runJob("refresh-shop", { shopId: tokenless }, never)).toEqual({
      outcome: "skipped",
      why: "unauthorized",
    });
    expect(await runJob("check-subscriptions", { shopId: tokenless }, never)).toEqual({
      outcome: "skipped",
      why: "paused",
    });
    const alerts = await inShop(tokenless, async (tx) => (await tx.query("SELECT kind FROM health_alert")).rows);
    expect(alerts).toEqual([{ kind: "shop_unauthorized" }]);
  });
});

describe("the worker", () => {
  it("starts as the router role, runs what is queued, and stops", async () => {
    const gone = await createTestShop();
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [gone]);
    const worker = await startWorker();
    try {
      await enqueue(null, "release-due-points", { shopId });
      await expect
        .poll(async () => (await jobsOf("release-due-points")).map((job) => job.state), { timeout: 60_000 })
        .toEqual(["completed"]);
      const boss = createBoss({ supervise: false });
      await boss.start();
      const schedules = await boss.getSchedules();
      await boss.stop({ graceful: false });
      expect(schedules.map((each) => each.name).sort()).toEqual([
        "tick-reconciliation",
        "tick-retention",
        "tick-subscriptions",
      ]);
    } finally {
      await worker.stop();
    }
  });
});
