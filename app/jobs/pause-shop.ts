// A shop that refuses our calls is left alone for a while: its jobs end quietly instead of storming.
const PAUSE_MS = 10 * 60 * 1000;
const pausedUntil = new Map<number, number>();

/** Leaves the shop alone from now on, for ten minutes. */
export function pauseShop(shopId: number): void {
  pausedUntil.set(shopId, Date.now() + PAUSE_MS);
}
/** Whether the shop is being left alone. */
export function isPaused(shopId: number): boolean {
  const until = pausedUntil.get(shopId);
  if (until === undefined) return false;
  if (until > Date.now()) return true;
  pausedUntil.delete(shopId);
  return false;
}
/** Ends the pause: the shop was installed again or has a new token. */
export function resumeShop(shopId: number): void {
  pausedUntil.delete(shopId);
}
