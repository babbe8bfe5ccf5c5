// The stack of this test file: its own database, platform and app, on the production build, thrown away afterwards.
import { afterAll } from "vitest";

import { startStack } from "../../demo/stack";

const running = await startStack({ seed: "demo" });
afterAll(() => running.stop());

/** Two shops with a year of orders, the app not yet installed. Everything else goes through the control API. */
export const STACK = {
  shops: running.shops(),
  /** Where the app is embedded from. */
  tunnel: running.simulator.addresses.tunnel,
  /** Admin shell, Admin API and control API. */
  shell: running.simulator.addresses.shell,
  ownerUrl: running.database.ownerUrl,
};
