import type { Tracer } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createInstruments, type Instruments, type MetricsRegistry } from './instruments.ts';

export interface TelemetryOptions {
  /** `service.name` of every span. */
  service: string;
  /** Base URL of an OTLP/HTTP receiver; spans are made but not exported without one. */
  otlpEndpoint?: string | undefined;
  /** Share of new traces that are recorded; a parent's decision is kept. */
  sampleRatio?: number | undefined;
  spanProcessors?: SpanProcessor[];
}

export interface Telemetry {
  readonly tracer: Tracer;
  readonly metrics: MetricsRegistry;
  readonly instruments: Instruments;
  /** Sends what is buffered, waits at most two seconds for it. */
  shutdown(): Promise<void>;
}

/** Starts tracing and a metrics registry for one service. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service, 'service.namespace': 'mawid' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio ?? 1) }),
    spanProcessors: [...(options.spanProcessors ?? []), ...exporters(options.otlpEndpoint)],
  });
  // The first service of a process gives the context manager; those after it share that one.
  provider.register({ propagator: new W3CTraceContextPropagator() });
  const metrics = createRegistry();
  collectDefaultMetrics({ register: metrics as never });
  return {
    tracer: provider.getTracer('@mawid/service-kit'),
    metrics,
    instruments: createInstruments(metrics),
    shutdown: () => shutdown(provider),
  };
}

// prom-client takes the content type in its constructor, but its types do not say so.
function createRegistry(): MetricsRegistry {
  const registry = new Registry() as unknown as MetricsRegistry;
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

function exporters(endpoint: string | undefined): SpanProcessor[] {
  if (!endpoint) return [];
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 2_000 });
  return [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500, exportTimeoutMillis: 2_000 })];
}

// A receiver that is gone must not keep a service from ending.
async function shutdown(provider: NodeTracerProvider): Promise<void> {
  const tooLate = new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref());
  await Promise.race([provider.shutdown().catch(() => undefined), tooLate]);
}
