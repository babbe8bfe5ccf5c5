// Puts the simulated platform together: one process, several loopback ports. The shell port carries the
// admin shell, the Admin API, tokens, bulk results and the control API; the tunnel (another site, so that
// storage partitioning is real) fronts the app; each shop has a storefront port.
import { createServer, type Server } from "node:http";

import { createStorefrontServer, createTunnelServer, mountShell } from "./browser/mount";
import { mountBulk } from "./bulk";
import { mountControl } from "./control";
import { mountFiles } from "./files/mount";
import { mountGraphql } from "./graphql/mount";
import { close, listen, serve } from "./http-server";
import { approveNewScopes, mountOauth, syncTomlSubscriptions } from "./oauth";
import { Router } from "./router";
import { seedDemo } from "./seed/demo";
import { createSimulator, type Addresses, type Simulator } from "./simulator";
import { startMailServer, type MailServer } from "./smtp";
import { keepSnapshot, loadState } from "./snapshot";
import { WebhookEngine } from "./webhooks";

export interface StartOptions {
  /** 0 or absent: any free port. Storefronts take consecutive ports from the given one. */
  ports?: { shell?: number; tunnel?: number; storefronts?: number; mail?: number };
  /** Where the app listens; may be set later on `sim.appUrl`. */
  appUrl?: string;
  apiKey: string;
  apiSecret: string;
  /** JSON snapshot: loaded when it exists, kept up to date. */
  stateFile?: string;
  /** Runs only when there was no snapshot. */
  seed: "demo" | "none" | ((sim: Simulator) => void | Promise<void>);
  extensionDir: string;
  tomlFile: string;
}

export interface RunningSimulator {
  sim: Simulator;
  addresses: Addresses;
  webhooks: WebhookEngine;
  /** Gives a shop that was added later a storefront of its own. */
  openStorefront(domain: string): Promise<string>;
  /** Tells the platform where the app listens (app-specific webhooks go there). */
  setAppUrl(url: string): void;
  stop(): Promise<void>;
}

/**
 * Starts the simulated platform.
 * @throws Error when a port is taken or the snapshot is not usable
 */
export async function startSimulator(options: StartOptions): Promise<RunningSimulator> {
  const saved = options.stateFile ? await loadState(options.stateFile) : null;
  const sim = createSimulator({ ...options, state: saved ?? undefined });
  const webhooks = new WebhookEngine(sim);
  if (!saved) await seed(sim, options.seed);

  const servers: Server[] = [];
  const open = async (server: Server, host: string, port: number): Promise<string> => {
    servers.push(server);
    return listen(server, host, port);
  };
  const openStorefront = async (domain: string, port = 0): Promise<string> => {
    const address = await open(createStorefrontServer(sim, domain), "localhost", port);
    sim.addresses.storefronts[domain] = address;
    return address;
  };

  const router = new Router();
  mountOauth(router, sim);
  mountGraphql(router, sim);
  mountBulk(router, sim);
  mountFiles(router, sim);
  mountControl(router, sim);
  mountShell(router, sim);
  const snapshot = options.stateFile ? keepSnapshot(sim, options.stateFile) : null;
  let mail: MailServer | undefined;
  const stop = async () => {
    sim.clock.stop();
    webhooks.stop();
    await Promise.all([...servers.map(close), mail?.stop()]);
    await snapshot?.stop();
  };
  try {
    sim.addresses.shell = await open(createServer(serve(router)), "localhost", options.ports?.shell ?? 0);
    sim.addresses.tunnel = await open(createTunnelServer(sim), "127.0.0.1", options.ports?.tunnel ?? 0);
    mail = await startMailServer(sim, options.ports?.mail);
    sim.addresses.mail = mail.address;
    const first = options.ports?.storefronts ?? 0;
    for (const [at, domain] of Object.keys(sim.state.shops).entries())
      await openStorefront(domain, first && first + at);
  } catch (error) {
    await stop();
    throw error;
  }

  let isFirst = true;
  const setAppUrl = (url: string) => {
    sim.appUrl = url;
    for (const domain of Object.keys(sim.state.shops)) {
      if (!sim.state.shops[domain]?.install) continue;
      syncTomlSubscriptions(sim, domain);
      if (saved && isFirst) approveNewScopes(sim, domain);
    }
    isFirst = false;
  };
  return { sim, addresses: sim.addresses, webhooks, openStorefront, setAppUrl, stop };
}

async function seed(sim: Simulator, how: StartOptions["seed"]): Promise<void> {
  if (how === "demo") seedDemo(sim);
  else if (how !== "none") await how(sim);
}
