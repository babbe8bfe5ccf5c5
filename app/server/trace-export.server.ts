// OpenTelemetry, loaded only where a collector is named: spans go out in batches over OTLP/HTTP, as the standard
// OTEL_ variables say. A collector that is away costs spans, never requests.
import type { Attributes, Context } from "@opentelemetry/api";

import { env } from "../env.server";
import { log } from "../log.server";
import type { Tracing } from "../tracing.server";

const STOP_WITHIN_MS = 3_000;

/** Loads and opens the exporter. */
export async function openTracing(): Promise<Tracing> {
  // Imported here: a bundle would load them with the process, traces or not.
  const [{ context, propagation, SpanStatusCode, trace }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/resources"),
      import("@opentelemetry/sdk-trace-node"),
    ]);
  const parentContext = (parent: string | undefined): Context =>
    parent === undefined ? context.active() : propagation.extract(context.active(), { traceparent: parent });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "kizuna", "kizuna.role": env().KIZUNA_ROLE }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: STOP_WITHIN_MS }))],
  });
  provider.register();
  const tracer = trace.getTracer("kizuna");
  return {
    run: (name, attributes, work, parent) =>
      tracer.startActiveSpan(name, { attributes }, parentContext(parent), async (span) => {
        try {
          return await work((more: Attributes) => void span.setAttributes(more));
        } catch (error) {
          // Its name only: messages may quote what somebody sent.
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "unknown" });
          throw error;
        } finally {
          span.end();
        }
      }),
    current() {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
    async stop() {
      await provider.shutdown().catch((error: unknown) => {
        log().warn({ error: error instanceof Error ? error.name : "unknown" }, "the last spans were not taken");
      });
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
