// The doors for people and browsers: what the simulator's composition mounts and listens with.
import type { Server } from "node:http";
import type { Router } from "../router";
import type { Simulator } from "../simulator";
import { mountControlPanel } from "./control-panel/page";
import { mountMailbox } from "./mailbox/page";
import { mountAdmin } from "./shell/mount-shell";
import { createStorefront } from "./storefront/server";
import { createTunnel } from "./tunnel";

/** Admin shell, App Bridge stand-in, control panel page and mailbox page, on the shell's port. */
export function mountShell(router: Router, sim: Simulator): void {
  mountAdmin(router, sim);
  mountControlPanel(router, sim);
  mountMailbox(router, sim);
}

/** The storefront of one shop, with its checkout and app proxy. */
export function createStorefrontServer(sim: Simulator, domain: string): Server {
  return createStorefront(sim, domain);
}

/** The app as browsers reach it. */
export function createTunnelServer(sim: Simulator): Server {
  return createTunnel(sim);
}
