// The simulated platform as one object that every part receives.
import { createHash } from "node:crypto";

import { createClock, type VirtualClock } from "./clock";
import { noFaults, type Faults } from "./faults";
import { RequestLog } from "./request-log";
import type { Id, SimEvent, SimShop, SimState } from "./state";

export interface Addresses {
  /** Admin shell, Admin API and control API. */
  shell: string;
  /** The app as the merchant's browser reaches it. */
  tunnel: string;
  /** Where the app delivers mail, smtp://… */
  mail: string;
  /** By shop domain. */
  storefronts: Record<string, string>;
}

export interface Simulator {
  state: SimState;
  /** @throws Error when there is no such shop */
  shop(domain: string): SimShop;
  findShop(domain: string): SimShop | null;
  /** Virtual time. */
  now(): Date;
  clock: VirtualClock;
  newId(): Id;
  /** Tells the listeners (the webhook engine) what changed. Marks the state as changed. */
  emit(event: SimEvent): void;
  onEvent(listener: (event: SimEvent) => void): void;
  /** Emits at a virtual instant; survives a restart. */
  emitAt(instant: Date, event: SimEvent): void;
  /** Drops scheduled events that the test fits. */
  cancelScheduled(fits: (event: SimEvent) => boolean): void;
  /** Says that state changed without an event, so that the snapshot is written. */
  changed(): void;
  /** Grows with every change. */
  version(): number;
  requestLog: RequestLog;
  faults: Faults;
  appUrl: string;
  apiKey: string;
  apiSecret: string;
  /** Numeric id of the app on the platform, the same in all shops. */
  appId: Id;
  addresses: Addresses;
  /** Folder of the theme app extension. */
  extensionDir: string;
  /** The app's shopify.app.toml. */
  tomlFile: string;
  /** Results of bulk operations by id, kept in memory. */
  bulkResults: Map<Id, string>;
}

interface SimulatorOptions {
  state?: SimState;
  appUrl?: string;
  apiKey: string;
  apiSecret: string;
  extensionDir?: string;
  tomlFile?: string;
}

/** A platform without shops. */
export function emptyState(): SimState {
  return { clockOffsetMs: 0, nextId: 1_000_000, shops: {}, scheduled: [] };
}

/** A simulator without servers: enough for everything that needs no HTTP. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const state = options.state ?? emptyState();
  const clock = createClock(state);
  const listeners: ((event: SimEvent) => void)[] = [];
  let version = 0;

  function ringScheduled(): void {
    const now = clock.now().toISOString();
    const due = (state.scheduled ?? []).filter(({ at }) => at <= now);
    state.scheduled = (state.scheduled ?? []).filter(({ at }) => at > now);
    for (const { event } of due) sim.emit(event);
  }
  const sim: Simulator = {
    state,
    clock,
    shop(domain) {
      const shop = sim.findShop(domain);
      if (!shop) throw new Error(`simulator: there is no shop ${domain}`);
      return shop;
    },
    findShop: (domain) => (Object.hasOwn(state.shops, domain) ? (state.shops[domain] ?? null) : null),
    now: () => clock.now(),
    newId: () => String(state.nextId++),
    emit(event) {
      version++;
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => void listeners.push(listener),
    emitAt(instant, event) {
      (state.scheduled ??= []).push({ at: instant.toISOString(), event });
      version++;
      clock.at(instant, ringScheduled);
    },
    cancelScheduled(fits) {
      state.scheduled = (state.scheduled ?? []).filter(({ event }) => !fits(event));
      version++;
    },
    changed: () => void version++,
    version: () => version,
    requestLog: new RequestLog(),
    faults: noFaults(),
    appUrl: options.appUrl ?? "",
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    appId: appIdOf(options.apiKey),
    addresses: { shell: "", tunnel: "", mail: "", storefronts: {} },
    extensionDir: options.extensionDir ?? "",
    tomlFile: options.tomlFile ?? "",
    bulkResults: new Map(),
  };
  for (const { at } of state.scheduled ?? []) clock.at(new Date(at), ringScheduled);
  return sim;
}

/** A stable numeric id from the API key, so that "$app:" namespaces survive a restart. */
function appIdOf(apiKey: string): Id {
  return String(100_000_000 + (createHash("sha256").update(apiKey).digest().readUInt32BE(0) % 900_000_000));
}
