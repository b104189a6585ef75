import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { AccessLog } from './access-log.ts';
import type { Exchange } from './http/exchange.ts';
import { headerOf } from './http/request-headers.ts';
import type { StreamObserver } from './rest/stream/streams.ts';

/** What the gateway needs of a logger. */
export interface Log {
  error(object: object, message: string): void;
}

export interface ObserverOptions {
  readonly tracer: Tracer;
  readonly metrics: Registry<OpenMetricsContentType>;
  readonly log: Log;
  readonly accessLog: AccessLog;
}

/** Where requests become spans, metrics and log lines. */
export interface Observer extends StreamObserver {
  /** Runs the handling of a request inside its root span. */
  observe(exchange: Exchange, handle: () => Promise<void>): Promise<void>;
  /** A fault of ours, for those who repair it. */
  fault(error: unknown): void;
}

/** What became of the limits of requests. */
export interface LimitMetrics {
  refused(rateClass: string, kind: string): void;
  /** The store gave no answer. */
  storeFailed(rateClass: string): void;
}

export function createLimitMetrics(metrics: Registry<OpenMetricsContentType>): LimitMetrics {
  const refusals = new Counter({
    name: 'mawid_gateway_rate_limited_total',
    help: 'Requests refused by a limit',
    labelNames: ['rate_class', 'kind'],
    registers: [metrics],
  });
  const failures = new Counter({
    name: 'mawid_gateway_limit_store_failures_total',
    help: 'Requests for which the store of the limits gave no answer',
    labelNames: ['rate_class'],
    registers: [metrics],
  });
  return {
    refused: (rateClass, kind) => refusals.inc({ rate_class: rateClass, kind }),
    storeFailed: (rateClass) => failures.inc({ rate_class: rateClass }),
  };
}

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Names after OpenTelemetry's HTTP conventions; one span and one duration a request, by route and never by path. */
export function createObserver({ tracer, metrics, log, accessLog }: ObserverOptions): Observer {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of REST requests',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets,
    enableExemplars: true,
    registers: [metrics],
  });
  const lastingAnswers = new Gauge({
    name: 'mawid_gateway_streams',
    help: 'Answers that last, at the moment',
    labelNames: ['http_route'],
    registers: [metrics],
  });
  const streamEnds = new Counter({
    name: 'mawid_gateway_stream_ends_total',
    help: 'Answers that lasted, by why they ended',
    labelNames: ['http_route', 'outcome'],
    registers: [metrics],
  });
  return {
    streamOpened: (route) => lastingAnswers.inc({ http_route: route }),
    streamEnded: (route, end) => {
      lastingAnswers.dec({ http_route: route });
      streamEnds.inc({ http_route: route, outcome: end });
    },
    observe: async (exchange, handle) => {
      const startedAt = performance.now();
      const span = startSpan(tracer, exchange);
      try {
        await context.with(trace.setSpan(context.active(), span), handle);
      } finally {
        const status = endSpan(span, exchange);
        const durationMs = performance.now() - startedAt;
        accessLog(exchange, status, durationMs);
        duration.observe({
          labels: labelsOf(exchange, status),
          // Of an answer that lasts, how long it took to begin.
          value: (exchange.streamingSince === undefined ? durationMs : exchange.streamingSince - startedAt) / 1000,
          exemplarLabels: exemplarOf(span),
        } as never);
      }
    },
    fault: (error) => log.error({ err: error instanceof Error ? (error.cause ?? error) : error }, 'a request failed'),
  };
}

function startSpan(tracer: Tracer, exchange: Exchange): Span {
  // Anything may stand in a path, also somebody's number or token: like the log, the span has no more of it than the route.
  const attributes = { 'http.request.method': exchange.method, 'url.scheme': 'http' };
  const parent = parentOf(headerOf(exchange.request, 'traceparent'));
  const span = tracer.startSpan(exchange.method, { kind: SpanKind.SERVER, attributes }, parent);
  const { traceId, spanId, traceFlags } = span.spanContext();
  exchange.traceId = traceId;
  exchange.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  return span;
}

/** A client's own trace goes on here. */
function parentOf(traceparent: string | undefined) {
  const [, traceId, spanId, flags] = traceparentPattern.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return context.active();
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags ?? '00', 16) & 1, isRemote: true };
  return trace.setSpanContext(context.active(), parent);
}

/** 499 stands for a client that did not wait. */
function endSpan(span: Span, { response, method, route }: Exchange): number {
  const status = response.headersSent ? response.statusCode : 499;
  if (route !== undefined) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  return status;
}

function labelsOf({ method, route }: Exchange, status: number): Record<string, string | number> {
  // Made-up methods must not make new series.
  const known = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : '_OTHER';
  return { http_request_method: known, http_route: route ?? 'none', http_response_status_code: status };
}

function exemplarOf(span: Span): Record<string, string> {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return (traceFlags & 1) === 1 ? { trace_id: traceId, span_id: spanId } : {};
}
