// A worker with a heap of work: how long until it is done, and what the process needed for it.
import { setTimeout as sleep } from "node:timers/promises";

import { cpuOf, peakMemoryOf, type Server } from "./stage";

const LOOK_EVERY_MS = 500;
const GIVE_UP_MS = 3 * 60 * 60_000;

export interface WorkedOff {
  seconds: number;
  /** CPU time of the process, milliseconds; the database's is not in it. */
  cpuMs: number;
  /** Peak resident memory, MiB. */
  peakMiB: number;
}

/**
 * Waits until `isOver`, then stops the worker.
 * @throws Error when it takes hours
 */
export async function workOff(worker: Server, isOver: () => Promise<boolean>): Promise<WorkedOff> {
  const begun = performance.now();
  try {
    while (!(await isOver())) {
      if (performance.now() - begun > GIVE_UP_MS) throw new Error("the work did not end");
      await sleep(LOOK_EVERY_MS);
    }
    const seconds = (performance.now() - begun) / 1_000;
    return { seconds, cpuMs: cpuOf(worker.pid), peakMiB: peakMemoryOf(worker.pid) };
  } finally {
    await worker.stop();
  }
}
