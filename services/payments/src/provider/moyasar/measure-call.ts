import type { Telemetry } from '@mawid/service-kit';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Metrics } from '../../telemetry.ts';
import { ProviderError } from '../provider-error.ts';

export interface MeasuredCall {
  readonly method: 'GET' | 'POST';
  /** The path with names for its ids. */
  readonly template: string;
  readonly server: URL;
}

/**
 * A CLIENT span and a duration for a call. The span's context is not sent: the provider is outside, and what it
 * sends back must not decide about our traces.
 */
export async function measureCall<T extends { status: number }>(
  { telemetry, metrics }: { telemetry: Telemetry; metrics: Metrics },
  call: MeasuredCall,
  run: () => Promise<T>,
): Promise<T> {
  const span = telemetry.tracer.startSpan(`${call.method} ${call.template}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': call.method,
      'url.template': call.template,
      'server.address': call.server.hostname,
      'server.port': Number(call.server.port) || 443,
    },
  });
  const startedAt = performance.now();
  let failure: ProviderError | undefined;
  let status: number | undefined;
  try {
    const answer = await run();
    status = answer.status;
    return answer;
  } catch (error) {
    if (error instanceof ProviderError) failure = error;
    status = failure?.status;
    throw error;
  } finally {
    end(span, status, failure);
    metrics.providerCalls.observe({
      labels: {
        http_request_method: call.method,
        url_template: call.template,
        http_response_status_code: status ?? 0,
        error_type: failure ? errorType(failure) : '',
        server_address: call.server.hostname,
      },
      value: (performance.now() - startedAt) / 1_000,
      exemplarLabels: { trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId },
    } as never);
  }
}

function end(span: Span, status: number | undefined, failure: ProviderError | undefined): void {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (failure) {
    span.setAttribute('error.type', errorType(failure));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function errorType(failure: ProviderError): string {
  if (failure.status !== undefined) return String(failure.status);
  const cause = failure.cause as { name?: string; cause?: { code?: string } } | undefined;
  return cause?.cause?.code ?? cause?.name ?? 'error';
}
