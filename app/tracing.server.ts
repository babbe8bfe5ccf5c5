// Spans around requests, batches, jobs and calls. Off unless a collector is named; then what is needed is loaded
// at the start (server/trace-export.server.ts). Attributes are names and counts: never a shop, a person or an id.
import type { Attributes } from "@opentelemetry/api";

/** What the export brings along once it is loaded. */
export interface Tracing {
  run<T>(
    name: string,
    attributes: Attributes,
    work: (note: Note) => Promise<T>,
    parent: string | undefined,
  ): Promise<T>;
  /** The W3C traceparent of the span that is open here. */
  current(): string | undefined;
  stop(): Promise<void>;
}
/** Adds what is known only at the end. */
export type Note = (attributes: Attributes) => void;

// The built server and the Remix bundle are two module graphs in one process: one tracer.
const shared = globalThis as { __kizunaTracing?: Tracing };
const nothing: Note = () => undefined;

/** Runs `work` inside a span; without a collector it just runs. `parent`: a traceparent from elsewhere. */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (note: Note) => Promise<T>,
  parent?: string,
): Promise<T> {
  const tracing = shared.__kizunaTracing;
  return tracing ? tracing.run(name, attributes, work, parent) : work(nothing);
}

/** What a job carries so that its span hangs below the one that asked for it. */
export function traceparent(): string | undefined {
  return shared.__kizunaTracing?.current();
}

/** Begins to trace, if a collector is named. */
export async function startTracing(collector: string | undefined): Promise<void> {
  if (collector === undefined || shared.__kizunaTracing) return;
  const { openTracing } = await import("./server/trace-export.server");
  shared.__kizunaTracing = await openTracing();
}

/** Sends what is left and stops. */
export async function stopTracing(): Promise<void> {
  const tracing = shared.__kizunaTracing;
  delete shared.__kizunaTracing;
  await tracing?.stop();
}
