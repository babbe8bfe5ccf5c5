// The control API: everything a person or a test may do to the simulated platform, as JSON over HTTP
// below /control. The control panel page is a client of it. README.md, "Control API", documents it.
import { z } from "zod";

import { mountMail } from "./control-api/mail";
import { mountOrders } from "./control-api/orders";
import { mountPeople } from "./control-api/people";
import { mountRewards } from "./control-api/rewards";
import { mountReplay } from "./control-api/replay";
import { bodyAs, ControlRoutes, NotFound, param, query, queryNumber } from "./control-api/respond";
import { mountShops } from "./control-api/shops";
import { noFaults, OPERATION_FAULTS } from "./faults";
import { BadRequest, type Router } from "./router";
import type { Simulator } from "./simulator";
import { webhookEngineOf, type DeliveryStatus, type WebhookEngine } from "./webhooks";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Mounts /control/*. */
export function mountControl(router: Router, sim: Simulator, engine: WebhookEngine = webhookEngineOf(sim)): void {
  const routes = new ControlRoutes(router, sim);
  routes.on("GET", "/control/endpoints", "This list", () => ({ endpoints: routes.endpoints }));
  routes.on("GET", "/control/addresses", "Where everything listens", () => sim.addresses);
  mountClock(routes);
  mountFaults(routes, engine);
  mountLog(routes);
  mountWebhooks(routes, engine);
  mountShops(routes);
  mountPeople(routes);
  mountOrders(routes);
  mountRewards(routes);
  mountReplay(routes);
  mountMail(routes);
}

function mountClock(routes: ControlRoutes): void {
  const { sim } = routes;
  const now = (): { now: string } => ({ now: sim.now().toISOString() });
  const body = z.strictObject({
    advanceMs: z.number().min(0).optional(),
    advanceHours: z.number().min(0).optional(),
    advanceDays: z.number().min(0).optional(),
    setTo: z.iso.datetime({ offset: true }).optional(),
  });
  routes.on("GET", "/control/clock", "Virtual time", now);
  routes.on(
    "POST",
    "/control/clock",
    "Moves the clock. {advanceMs | advanceHours | advanceDays | setTo}",
    async (ctx) => {
      const { advanceMs = 0, advanceHours = 0, advanceDays = 0, setTo } = await bodyAs(ctx, body);
      const forward = advanceMs + advanceHours * HOUR_MS + advanceDays * DAY_MS;
      if (setTo === undefined && forward === 0)
        throw new BadRequest("give advanceMs, advanceHours, advanceDays or setTo");
      if (setTo !== undefined) sim.clock.setTo(new Date(setTo));
      if (forward > 0) sim.clock.advance(forward);
      return now();
    },
  );
}

const rate = z.number().min(0).max(1);
const count = z.union([z.int().min(0), z.literal("always")]);
const faultsBody = z.strictObject({
  seed: z.int().optional(),
  webhooks: z
    .strictObject({
      duplicateRate: rate,
      reorderWindowMs: z.number().min(0),
      delayMs: z.number().min(0),
      lossRate: rate,
      staleRate: rate,
      badSignatureRate: rate,
    })
    .partial()
    .optional(),
  api: z
    .strictObject({
      throttle: count,
      status429: count,
      status5xx: count,
      htmlBody: count,
      timeout: count,
      answerLost: count,
      tokenAnswerLost: count,
      tokenStatus5xx: count,
      shopStatus: z.union([z.literal(402), z.literal(403), z.literal(423), z.null()]),
    })
    .partial()
    .optional(),
  operations: z
    .array(
      z.strictObject({
        operation: z.string().min(1),
        kind: z.enum(OPERATION_FAULTS),
        times: count.default(1),
        skip: z.int().min(0).optional(),
        done: z.boolean().optional(),
        code: z.string().optional(),
        message: z.string().optional(),
        field: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  files: z
    .strictObject({
      processingMs: z.number().min(0),
      searchLagMs: z.number().min(0),
      searchAnswersAnything: z.boolean(),
      failWith: z.string().nullable(),
      uploadStatus5xx: count,
      uploadAnswerLost: count,
    })
    .partial()
    .optional(),
  usageLagMs: z.number().min(0).optional(),
  metafieldNamespace: z.enum(["shorthand", "resolved"]).optional(),
  proxyKeepsReserved: z.boolean().optional(),
  storagePartitioning: z.boolean().optional(),
});

function mountFaults(routes: ControlRoutes, engine: WebhookEngine): void {
  const { sim } = routes;
  routes.on("GET", "/control/faults", "All switches", () => ({ faults: sim.faults }));
  routes.on(
    "PUT",
    "/control/faults",
    "Sets the switches named; the others stay. {webhooks?, api?, files?, operations?, usageLagMs?, metafieldNamespace?, storagePartitioning?, proxyKeepsReserved?, seed?}",
    async (ctx) => {
      const { seed, webhooks, api, files, ...rest } = await bodyAs(ctx, faultsBody);
      Object.assign(sim.faults.webhooks, webhooks);
      Object.assign(sim.faults.api, api);
      Object.assign(sim.faults.files, files);
      Object.assign(sim.faults, rest);
      if (seed !== undefined) engine.seed(seed);
      return { faults: sim.faults };
    },
  );
  routes.on("DELETE", "/control/faults", "Switches every fault off", () => {
    Object.assign(sim.faults, noFaults());
    return { faults: sim.faults };
  });
}

function mountLog(routes: ControlRoutes): void {
  const { requestLog } = routes.sim;
  const directions = z.enum(["admin-api", "webhook", "proxy", "oauth"]).optional();
  routes.on(
    "GET",
    "/control/log",
    "What went over the wire, newest last. ?direction=admin-api|webhook|proxy|oauth&shop=&limit=200",
    (ctx) => {
      const entries = requestLog.list({
        direction: directions.parse(query(ctx, "direction")),
        shop: query(ctx, "shop"),
        limit: queryNumber(ctx, "limit", 200),
      });
      return { count: entries.length, entries };
    },
  );
  routes.on("DELETE", "/control/log", "Empties the log", () => requestLog.clear());
}

function mountWebhooks(routes: ControlRoutes, engine: WebhookEngine): void {
  const statuses = z.enum(["waiting", "sending", "delivered", "failed", "lost"]).optional();
  routes.on(
    "GET",
    "/control/webhooks",
    "Deliveries, newest last, without bodies. ?shop=&topic=&status=waiting|sending|delivered|failed|lost&limit=200",
    (ctx) => {
      const status: DeliveryStatus | undefined = statuses.parse(query(ctx, "status"));
      const found = engine.deliveries({
        shop: query(ctx, "shop"),
        topic: query(ctx, "topic"),
        status,
        limit: queryNumber(ctx, "limit", 200),
      });
      return { count: found.length, deliveries: found.map(({ body: _, ...rest }) => rest) };
    },
  );
  routes.on("GET", "/control/webhooks/stats", "Counts since the start, and what is pending", () => ({
    stats: engine.stats,
    pending: engine.pending(),
  }));
  routes.on(
    "GET",
    "/control/webhooks/drained",
    "Answers when nothing is due or under way. ?timeoutMs=30000&all=1 (also what waits for later)",
    async (ctx) => {
      try {
        await engine.drained({ timeoutMs: queryNumber(ctx, "timeoutMs", 30_000), all: query(ctx, "all") === "1" });
        return { drained: true, pending: engine.pending() };
      } catch (error) {
        return { drained: false, pending: engine.pending(), error: (error as Error).message };
      }
    },
  );
  routes.on("GET", "/control/webhooks/:id", "One delivery with its body", (ctx) => {
    const delivery = engine.deliveries().find(({ id }) => id === param(ctx, "id"));
    if (!delivery) throw new NotFound(`no delivery ${param(ctx, "id")} in the log`);
    return { delivery };
  });
  routes.on(
    "POST",
    "/control/webhooks/:id/resend",
    "Sends a delivery again: same webhook id, original payload",
    (ctx) => {
      const again = engine.resend(param(ctx, "id"));
      if (!again) throw new NotFound(`no delivery ${param(ctx, "id")} in the log`);
      return { delivery: again };
    },
  );
}
