// Every job the conveyor knows: its name, the shape of its data, and how it is retried. Handlers are in
// handlers.server.ts; this file is pure, so that anybody may enqueue by name.
import { z } from "zod";

const shopJob = z.object({ shopId: z.number().int().positive() });
const batchJob = z.object({ shopId: z.number().int().positive(), batchId: z.number().int().positive() });
const noData = z.object({}).loose();

/** How a queue treats its jobs; written into pg-boss by the migration. */
export interface QueueSettings {
  /** exclusive: one job per shop waits or runs. standard: as many as there are. */
  policy: "exclusive" | "standard";
  retryLimit: number;
  retryDelay: number;
  retryDelayMax: number;
  expireInSeconds: number;
  heartbeatSeconds: number;
  /** How many at once in one process. */
  concurrency: number;
  pollSeconds: number;
}

// pg-boss would give up after two immediate retries and would not notice a dead worker for 15 minutes.
const USUAL: QueueSettings = {
  policy: "exclusive",
  retryLimit: 8,
  retryDelay: 5,
  retryDelayMax: 900,
  expireInSeconds: 900,
  heartbeatSeconds: 60,
  concurrency: 1,
  pollSeconds: 3,
};

interface JobDefinition {
  schema: z.ZodType;
  settings: QueueSettings;
  /** Also runs for shops that have uninstalled the app. */
  afterUninstall?: true;
}

/** Name → data and settings. */
export const JOBS = {
  "publish-balances": {
    schema: shopJob,
    settings: { ...USUAL, concurrency: 2, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 },
  },
  "read-due-orders": {
    schema: shopJob,
    settings: { ...USUAL, concurrency: 2, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 },
  },
  "learn-products": { schema: shopJob, settings: { ...USUAL, retryDelay: 2, retryDelayMax: 120 } },
  "release-due-points": { schema: shopJob, settings: { ...USUAL } },
  "expire-due-points": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "advance-referrals": { schema: shopJob, settings: { ...USUAL, retryDelay: 2, pollSeconds: 1 } },
  "grant-occasions": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "remind-expiry": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "announce-events": { schema: shopJob, settings: { ...USUAL, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 } },
  "send-messages": {
    schema: shopJob,
    settings: { ...USUAL, concurrency: 2, pollSeconds: 1, expireInSeconds: 3_600, retryDelay: 2, retryDelayMax: 120 },
  },
  "plan-review-requests": {
    schema: shopJob,
    settings: { ...USUAL, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 },
  },
  "announce-reviews": { schema: shopJob, settings: { ...USUAL, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 } },
  "review-tiers": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "complete-redemptions": {
    schema: shopJob,
    settings: { ...USUAL, concurrency: 2, pollSeconds: 1, expireInSeconds: 3_600, retryDelay: 2, retryDelayMax: 120 },
  },
  "end-review-holds": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "tidy-review-media": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "publish-ratings": {
    schema: shopJob,
    settings: { ...USUAL, pollSeconds: 1, expireInSeconds: 3_600, retryDelay: 2, retryDelayMax: 120 },
  },
  "recount-ratings": {
    schema: shopJob,
    settings: { ...USUAL, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 },
  },
  "analyse-reviews": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 } },
  "award-reviews": { schema: shopJob, settings: { ...USUAL, pollSeconds: 1, retryDelay: 2, retryDelayMax: 120 } },
  "move-reviews": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600, pollSeconds: 1 } },
  "publish-program": { schema: shopJob, settings: { ...USUAL, pollSeconds: 1 } },
  "refresh-shop": { schema: shopJob, settings: { ...USUAL, pollSeconds: 2 } },
  "refresh-collection": {
    schema: z.object({ shopId: z.number().int().positive(), collectionGid: z.string() }),
    settings: { ...USUAL },
  },
  "read-all-customers": {
    schema: shopJob,
    settings: { ...USUAL, expireInSeconds: 6 * 3_600, retryDelay: 15, pollSeconds: 2 },
  },
  "settle-waiting-orders": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600, pollSeconds: 1 } },
  "check-subscriptions": { schema: shopJob, settings: { ...USUAL, pollSeconds: 2 } },
  "reconcile-shop": {
    schema: shopJob,
    settings: { ...USUAL, expireInSeconds: 3_600, retryLimit: 3, retryDelay: 30, pollSeconds: 2 },
  },
  "backfill-orders": {
    schema: z.object({ shopId: z.number().int().positive(), runId: z.number().int().positive() }),
    settings: { ...USUAL, expireInSeconds: 6 * 3_600, retryDelay: 15, pollSeconds: 2 },
  },
  "apply-batch": { schema: batchJob, settings: { ...USUAL, expireInSeconds: 6 * 3_600, pollSeconds: 1 } },
  "undo-batch": { schema: batchJob, settings: { ...USUAL, expireInSeconds: 6 * 3_600, pollSeconds: 1 } },
  "purge-payloads": {
    schema: z.object({
      shopId: z.number().int().positive(),
      ids: z.array(z.string().regex(/^\d+$/)),
      /** The delivery that asked for it: it names the address, which no job may hold. */
      inboxId: z.number().int().positive().optional(),
    }),
    settings: { ...USUAL, policy: "standard" },
    afterUninstall: true,
  },
  "seal-ledger": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600, pollSeconds: 10 } },
  "keep-privacy": {
    schema: shopJob,
    settings: { ...USUAL, expireInSeconds: 3_600, pollSeconds: 10 },
    afterUninstall: true,
  },
  "shop-redact": { schema: shopJob, settings: { ...USUAL, expireInSeconds: 3_600 }, afterUninstall: true },
  "tick-subscriptions": { schema: noData, settings: { ...USUAL, retryLimit: 2 } },
  "tick-reconciliation": { schema: noData, settings: { ...USUAL, retryLimit: 2 } },
  "tick-retention": { schema: noData, settings: { ...USUAL, retryLimit: 2 } },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
export type JobData<Name extends JobName> = z.infer<(typeof JOBS)[Name]["schema"]>;
/** Jobs that belong to one shop: everything but the ticks. */
export type ShopJobName = Exclude<JobName, `tick-${string}`>;

/** Where jobs go that have used up their retries. */
export const DEAD_JOBS = "dead-jobs";

/** Cron lines (UTC) that ring the ticks; the work itself is spread over the shops. */
export const SCHEDULES: Partial<Record<JobName, string>> = {
  "tick-subscriptions": "7 * * * *",
  "tick-reconciliation": "*/15 * * * *",
  "tick-retention": "23 * * * *",
};

/** Whether a job of that name still runs for a shop that is gone. */
export function runsAfterUninstall(name: JobName): boolean {
  const definition: JobDefinition = JOBS[name];
  return definition.afterUninstall ?? false;
}
