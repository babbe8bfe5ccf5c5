// Bells inside one process: "this shop has something to publish", "this queue has a job". The sweep and
// the poll would find both a moment later; a lost ring costs that moment and nothing else.
import type { JobName } from "./catalog";

/** What a shop may have due. */
export type Work =
  | "publish"
  | "read"
  | "release"
  | "expire"
  | "learn"
  | "complete"
  | "refer"
  | "occasion"
  | "tier"
  | "remind"
  | "announce"
  | "mail"
  | "ask"
  | "notify"
  | "hold"
  | "media"
  | "recount"
  | "rate"
  | "award"
  | "analyse";

interface Bells {
  work: Set<(shopId: number, work: Work) => void>;
  job: Set<(name: JobName) => void>;
}
// The built server and the Remix bundle are two module graphs in one process: one set of bells.
const shared = globalThis as { __kizunaBells?: Bells };
const bells = (shared.__kizunaBells ??= { work: new Set(), job: new Set() });

/** Says that a shop has work due now. */
export function nudgeWork(shopId: number, kinds: Iterable<Work>): void {
  for (const work of kinds) for (const listener of [...bells.work]) listener(shopId, work);
}
/** Says that a job was queued. */
export function ringJob(name: JobName): void {
  for (const listener of [...bells.job]) listener(name);
}

/** Listens to both; returns the way to stop. */
export function listenToBells(
  onWork: (shopId: number, work: Work) => void,
  onJob: (name: JobName) => void,
): () => void {
  bells.work.add(onWork);
  bells.job.add(onJob);
  return () => {
    bells.work.delete(onWork);
    bells.job.delete(onJob);
  };
}
