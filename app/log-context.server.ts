// What a log line belongs to: set where work begins, read by every line written on its way.
import { AsyncLocalStorage } from "node:async_hooks";

/** Ids and names only. */
export interface LogContext {
  /** One request from its first byte to its last. */
  request?: string;
  /** One run of a job. */
  run?: string;
}

// The built server and the Remix bundle are two module graphs in one process: one store.
const shared = globalThis as { __kizunaLogContext?: AsyncLocalStorage<LogContext> };
const store = (shared.__kizunaLogContext ??= new AsyncLocalStorage<LogContext>());

/** Runs `work` so that its log lines carry `context`. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return store.run(context, work);
}

/** The context of the line that is being written; empty outside of any. */
export function logContext(): LogContext {
  return store.getStore() ?? {};
}
