import { type Context, context, type Link, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const propagator = new W3CTraceContextPropagator();

/** A trace's position as the two W3C headers carry it. */
export interface TraceHeaders {
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

/** The active span as headers; empty without one. */
export function currentTraceHeaders(from: Context = context.active()): TraceHeaders {
  const carrier: Record<string, string> = {};
  propagator.inject(from, carrier, {
    set(target, key, value) {
      target[key] = value;
    },
  });
  return carrier;
}

/** A context whose parent is what the headers name; the root when they name nothing valid. */
export function contextFrom(headers: TraceHeaders): Context {
  return propagator.extract(ROOT_CONTEXT, headers, {
    keys: (carrier) => Object.keys(carrier),
    get: (carrier, key) => carrier[key as keyof TraceHeaders],
  });
}

/** Links to what the headers name; none when they name nothing valid. */
export function linksTo(headers: readonly TraceHeaders[]): Link[] {
  const contexts = headers.map((each) => trace.getSpanContext(contextFrom(each)));
  return contexts.filter((each): each is SpanContext => each !== undefined).map((each) => ({ context: each }));
}
