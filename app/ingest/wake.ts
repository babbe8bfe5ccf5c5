// A bell between the letter box and the drain of the same process: an idle drain need not wait for its
// next look. Losing a ring costs one poll, never an event.

// The built server and the Remix bundle are two module graphs in one process: one bell.
const shared = globalThis as { __kizunaDrainBell?: Set<() => void> };
const listeners = (shared.__kizunaDrainBell ??= new Set());

/** Tells the drains of this process that something was stored. */
export function wakeDrain(): void {
  for (const listener of [...listeners]) listener();
}

/** Resolves at the next ring, after `milliseconds`, or when `signal` aborts. */
export function sleepUntilWoken(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listeners.delete(done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    listeners.add(done);
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted) done();
  });
}
