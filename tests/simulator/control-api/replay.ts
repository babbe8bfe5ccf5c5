// Replays of real order histories: load them into a shop of their own, then send them as webhooks.
import { z } from "zod";

import { loadHistory, replayMessages, replayShop, REPLAY_SHOP } from "../replay-loader";
import { readHistory } from "../replay-history";
import { webhookEngineOf } from "../webhooks";
import { bodyAs, type ControlRoutes } from "./respond";

/** How far the newest replay has come. */
export interface ReplayProgress {
  status: "none" | "running" | "done" | "failed";
  total: number;
  sent: number;
  error: string | null;
}

const CONCURRENCY = 12;

/** Mounts /control/replay/*. One replay runs at a time. */
export function mountReplay(routes: ControlRoutes): void {
  const { sim } = routes;
  let progress: ReplayProgress = { status: "none", total: 0, sent: 0, error: null };
  routes.on("POST", "/control/replay/shop", "Makes the replay's shop, or finds it", () => ({
    domain: replayShop(sim).domain,
  }));
  routes.on("POST", "/control/replay/load", "Loads order histories. {files: [absolute paths]}", async (ctx) => {
    const { files } = await bodyAs(ctx, z.strictObject({ files: z.array(z.string()).min(1) }));
    const history = await readHistory(files);
    loadHistory(sim, history);
    return { domain: REPLAY_SHOP, counts: history.counts };
  });
  const wanted = z.strictObject({ duplicates: z.number().min(0).max(1), shuffle: z.boolean(), seed: z.int() });
  routes.on("POST", "/control/replay/send", "Sends the loaded history. {duplicates, shuffle, seed}", async (ctx) => {
    const options = await bodyAs(ctx, wanted);
    if (progress.status === "running") return progress;
    const messages = replayMessages(sim.shop(REPLAY_SHOP), options);
    const run: ReplayProgress = { status: "running", total: messages.length, sent: 0, error: null };
    progress = run;
    const sending = webhookEngineOf(sim).deliverFrom(messages, {
      concurrency: CONCURRENCY,
      onProgress: (sent) => (run.sent = sent),
    });
    sending.then(
      ({ deliveries }) => Object.assign(run, { status: "done", sent: deliveries }),
      (error: unknown) =>
        Object.assign(run, { status: "failed", error: error instanceof Error ? error.message : String(error) }),
    );
    return run;
  });
  routes.on("GET", "/control/replay", "How far the newest replay has come", () => progress);
}
