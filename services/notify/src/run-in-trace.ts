import { contextFrom, linksTo, type TraceHeaders } from '@mawid/service-kit';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context } from './context.ts';

/** A message this much younger than its fact continues the fact's trace; a later one starts its own, with a link. */
const sameTraceMs = 5 * 60_000;

export interface Origin {
  readonly name: string;
  readonly headers: TraceHeaders;
  readonly createdAt: Date;
  readonly attributes: Record<string, string | number>;
}

/** Runs the sending of a message in the trace of the fact that asked for it. */
export function runInTrace<T>(
  { telemetry, clock }: Pick<Context, 'telemetry' | 'clock'>,
  { name, headers, createdAt, attributes }: Origin,
  work: () => Promise<T>,
): Promise<T> {
  const isFresh = clock.now().getTime() - createdAt.getTime() < sameTraceMs;
  const parent = isFresh ? contextFrom(headers) : ROOT_CONTEXT;
  const options = { kind: SpanKind.INTERNAL, links: linksTo([headers]), attributes };
  const span = telemetry.tracer.startSpan(name, options, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
