// Brings the app to where a merchant would have brought it: installed in both shops, past orders read in,
// through the same install path and the same use cases.
import { readAppConfig } from "../simulator/app-config";
import { grantInstall, openApp } from "../simulator/oauth";
import type { Simulator } from "../simulator/simulator";
import { SetupError } from "../setup/postgres-account";
import { demoProgram } from "./demo-program";
import { seedReviews } from "./demo-reviews";
import type { Stack } from "./stack";

const INSTALL_WITHIN_MS = 30_000;
/** Then the visitor is let in; the rest arrives while they look round. */
const BACKFILL_WITHIN_MS = 25_000;

/** Installs the app in every simulated shop, saves a program and lets it read the past orders. */
export async function seedApp(stack: Pick<Stack, "simulator" | "appEnv">, say: (line: string) => void): Promise<void> {
  const { sim } = stack.simulator;
  const shops = Object.values(sim.state.shops);
  say(`installing the app in ${shops.map(({ name }) => name).join(" and ")}`);
  await Promise.all(shops.map(({ domain }) => install(sim, domain)));
  await readPastOrders(
    shops.map(({ domain }) => domain),
    stack.appEnv,
    say,
  );
}

// The first page may ask the visitor to wait while the shop is being read; opening it again is what a
// browser does then.
async function install(sim: Simulator, domain: string): Promise<void> {
  // Shopify gives read_all_orders on request; without it only the last 60 days of the year would show.
  grantInstall(sim, domain, [...readAppConfig(sim.tomlFile).scopes, "read_all_orders"]);
  for (const deadline = Date.now() + INSTALL_WITHIN_MS; ; await pause(300)) {
    try {
      return await openApp(sim, domain);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function readPastOrders(
  domains: string[],
  appEnv: Record<string, string | undefined>,
  say: (line: string) => void,
): Promise<void> {
  // The app's own rooms, in this process: they read the environment when they are first used.
  for (const [name, value] of Object.entries({ ...appEnv, LOG_LEVEL: "error", KIZUNA_POOL_MAX: "2" })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const { readBackfill, startBackfill } = await import("../../app/jobs/backfill.server");
  const { changeProgram } = await import("../../app/jobs/change-program.server");
  const { saveReward } = await import("../../app/loyalty/rewards/save-reward.server");
  const { readShopProfile } = await import("../../app/shops/read-shop-profile.server");
  const { businessNow } = await import("../../app/clock.server");
  const { closeDatabase, routerPool } = await import("../../app/db.server");
  try {
    const { rows } = await routerPool().query<{ id: number }>(
      "SELECT id FROM shop WHERE domain = ANY($1) ORDER BY id",
      [domains],
    );
    for (const { id } of rows) {
      const now = await businessNow();
      const profile = await readShopProfile(id);
      if (!profile) throw new SetupError("The app has not read the shop it was installed in.");
      const { changes, rewards } = demoProgram(profile, now);
      for (const draft of rewards) await saveReward(id, { id: null, draft, status: "active" }, "system", now);
      await changeProgram(id, changes, "system", now);
      await startBackfill(id, null, now);
    }
    let told = -1;
    for (const deadline = Date.now() + BACKFILL_WITHIN_MS; ; await pause(250)) {
      const runs = await Promise.all(rows.map(({ id }) => readBackfill(id)));
      const failed = runs.find((run) => run?.status === "failed");
      if (failed) throw new SetupError(`Reading past orders failed: ${failed.reason ?? "unknown"}`);
      if (runs.every((run) => run?.status === "done")) break;
      if (Date.now() > deadline) {
        say("past orders are still being read; the admin's home page shows how far");
        break;
      }
      const applied = runs.reduce((sum, run) => sum + (run?.applied ?? 0), 0);
      const total = runs.reduce((sum, run) => sum + (run?.total ?? 0), 0);
      if (Math.floor(applied / 500) !== told) {
        told = Math.floor(applied / 500);
        say(`reading past orders${total > 0 ? `: ${applied} of ${total}` : ""}`);
      }
    }
    for (const { id } of rows) {
      const profile = await readShopProfile(id);
      const { written } = await seedReviews(id, profile?.primaryLocale === "ja" ? "ja" : "en", await businessNow());
      say(`${written} reviews written in ${profile?.name ?? "the shop"}`);
    }
  } finally {
    await closeDatabase();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
