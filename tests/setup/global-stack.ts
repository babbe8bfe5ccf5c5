// Vitest's global set-up for tests with a browser: one stack on the production build, thrown away afterwards.
import type { TestProject } from "vitest/node";

import { startStack, type StackAddresses, type StackShop } from "../demo/stack";

/** What browser tests know of the running stack; everything else goes through the control API. */
export interface TestStack {
  addresses: StackAddresses;
  shops: StackShop[];
  /** Where the app is embedded from. */
  tunnel: string;
  /** Admin shell, Admin API and control API. */
  shell: string;
  ownerUrl: string;
  apiKey: string;
  apiSecret: string;
  logFile: string;
}
declare module "vitest" {
  interface ProvidedContext {
    stack: TestStack;
  }
}

/** Starts the stack with the demo's two shops, the app not yet installed. */
export default async function globalStack(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({ seed: "demo", say: (line) => console.error(`[stack] ${line}`) });
  project.provide("stack", {
    addresses: stack.addresses(),
    shops: stack.shops(),
    tunnel: stack.simulator.addresses.tunnel,
    shell: stack.simulator.addresses.shell,
    ownerUrl: stack.database.ownerUrl,
    apiKey: stack.apiKey,
    apiSecret: stack.apiSecret,
    logFile: `${stack.folder}/app.log`,
  });
  return stack.stop;
}
