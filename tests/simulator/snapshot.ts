// The state as one JSON file, replaced atomically: a second start finds the shop as it was left.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import type { Simulator } from "./simulator";
import type { SimState } from "./state";

const FORMAT = 1;
const SAVE_EVERY_MS = 3_000;
/** Writing may take at most one part in so many of the time. */
const REST_FACTOR = 20;

/**
 * Reads a saved state; null when there is none.
 * @throws Error when the file exists but is not a snapshot of this format
 */
export async function loadState(file: string): Promise<SimState | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const hint = `${file} is not a usable simulator snapshot; delete it to start with fresh shops`;
  let parsed: { format?: unknown; state?: SimState };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw new Error(hint);
  }
  if (parsed.format !== FORMAT || !parsed.state) throw new Error(hint);
  return fillIn(parsed.state);
}

/** Snapshots of earlier releases lack what was added since; nothing in them means anything else. */
function fillIn(state: SimState): SimState {
  for (const shop of Object.values(state.shops)) {
    shop.giftCards ??= {};
    shop.storeCredit ??= {};
    for (const discount of Object.values(shop.discounts)) {
      discount.items ??= null;
      discount.eachItem ??= false;
      discount.maximumShippingMinor ??= null;
    }
  }
  return state;
}

/** Writes the state now, through a temporary file beside it. */
export async function saveState(file: string, state: SimState): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  await writeFile(temporary, JSON.stringify({ format: FORMAT, state }), { mode: 0o600 });
  await rename(temporary, file);
}

interface SnapshotWriter {
  /** Stops the timer and writes what is unsaved. */
  stop(): Promise<void>;
}

/** Saves every few seconds when something changed; a large state is saved less often. */
export function keepSnapshot(sim: Simulator, file: string): SnapshotWriter {
  let saved = "";
  let restUntil = 0;
  let running: Promise<void> = Promise.resolve();
  const save = async () => {
    const mark = `${sim.version()}/${sim.state.clockOffsetMs}`;
    if (mark === saved) return;
    const started = Date.now();
    await saveState(file, sim.state);
    saved = mark;
    restUntil = Date.now() + (Date.now() - started) * REST_FACTOR;
  };
  const enqueue = () => (running = running.then(save));
  const timer = setInterval(() => {
    if (Date.now() < restUntil) return;
    enqueue().catch((error: unknown) => {
      running = Promise.resolve();
      console.error("simulator: the snapshot could not be written:", error);
    });
  }, SAVE_EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running.catch(() => undefined);
      await save();
    },
  };
}
