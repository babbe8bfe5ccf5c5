// The virtual clock: real time plus an offset kept in the state, and timers that ring on it. Moving the
// clock stops at every timer on the way, so a retry due in an hour sees that hour and not the end.

interface Timer {
  dueMs: number;
  order: number;
  ring: () => void;
}

/** Longest real sleep, so that a far timer never overflows setTimeout. */
const MAX_SLEEP_MS = 60_000;

export interface VirtualClock {
  now(): Date;
  /** Rings once when virtual time reaches the instant; returns the way to cancel. */
  at(instant: Date, ring: () => void): () => void;
  /** @throws RangeError when the time is not a forward move */
  advance(ms: number): void;
  /** Forward or backward; backward rings nothing. */
  setTo(instant: Date): void;
  stop(): void;
}

/** A clock whose offset lives in the given holder (the simulator's state). */
export function createClock(holder: { clockOffsetMs: number }): VirtualClock {
  const timers = new Set<Timer>();
  let order = 0;
  let sleeping: NodeJS.Timeout | undefined;
  let stopped = false;

  const nowMs = () => Date.now() + holder.clockOffsetMs;
  const next = () => [...timers].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];

  function sleep(): void {
    clearTimeout(sleeping);
    const timer = next();
    if (!timer || stopped) return;
    sleeping = setTimeout(ringDue, Math.max(0, Math.min(timer.dueMs - nowMs(), MAX_SLEEP_MS)));
    sleeping.unref();
  }
  function ringDue(): void {
    for (let timer = next(); timer && timer.dueMs <= nowMs(); timer = next()) {
      timers.delete(timer);
      timer.ring();
    }
    sleep();
  }
  function moveTo(targetMs: number): void {
    for (let timer = next(); timer && timer.dueMs <= targetMs; timer = next()) {
      timers.delete(timer);
      if (timer.dueMs > nowMs()) holder.clockOffsetMs = timer.dueMs - Date.now();
      timer.ring();
    }
    if (targetMs > nowMs()) holder.clockOffsetMs = targetMs - Date.now();
    sleep();
  }

  return {
    now: () => new Date(nowMs()),
    at(instant, ring) {
      const timer = { dueMs: instant.getTime(), order: order++, ring };
      timers.add(timer);
      sleep();
      return () => {
        timers.delete(timer);
        sleep();
      };
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError("the virtual clock advances by a positive number of milliseconds");
      moveTo(nowMs() + ms);
    },
    setTo(instant) {
      const target = instant.getTime();
      if (Number.isNaN(target)) throw new RangeError("not an instant");
      if (target >= nowMs()) return moveTo(target);
      holder.clockOffsetMs = target - Date.now();
      sleep();
    },
    stop() {
      stopped = true;
      clearTimeout(sleeping);
    },
  };
}
