import { contextFrom, linksTo } from '@mawid/service-kit';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context } from './context.ts';

/**
 * Runs work that a row of the database asks for in the trace in which the row was written, linked to what brought the
 * work about just now. So a capture belongs to the payer's trace, not to a poll's.
 */
export function runInTrace<T>(
  { telemetry }: Pick<Context, 'telemetry'>,
  { name, traceparent }: { name: string; traceparent: string | null },
  work: () => Promise<T>,
): Promise<T> {
  const current = trace.getActiveSpan()?.spanContext();
  const origin = traceparent ?? undefined;
  const links = current && origin !== undefined ? [{ context: current }] : [];
  const parent = origin === undefined ? context.active() : contextFrom({ traceparent: origin });
  const options = { kind: SpanKind.INTERNAL, links: [...links, ...linksTo([{ traceparent: origin }])] };
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
