import { attribute, type Telemetry } from '@mawid/service-kit';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Metrics } from '../../telemetry.ts';
import { ProviderError } from '../provider-error.ts';

export interface MeasuredCall {
  readonly server: URL;
  readonly template: string;
}

/** A CLIENT span and a duration for a call. Neither knows the phone, the code or the text. */
export async function measureCall<T>(
  { telemetry, metrics }: { telemetry: Telemetry; metrics: Metrics },
  call: MeasuredCall,
  run: () => Promise<T>,
): Promise<T> {
  const span = startSpan(telemetry, call);
  const startedAt = performance.now();
  let failure: ProviderError | undefined;
  try {
    return await context.with(trace.setSpan(context.active(), span), run);
  } catch (error) {
    if (error instanceof ProviderError) failure = error;
    throw error;
  } finally {
    end(span, failure);
    metrics.providerCalls.observe({
      labels: {
        http_request_method: 'POST',
        url_template: call.template,
        http_response_status_code: failure ? (failure.status ?? 0) : 200,
        error_type: failure ? errorType(failure) : '',
        server_address: call.server.hostname,
      },
      value: (performance.now() - startedAt) / 1_000,
      exemplarLabels: { trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId },
    } as never);
  }
}

function startSpan({ tracer }: Telemetry, { server, template }: MeasuredCall): Span {
  const defaultPort = server.protocol === 'https:' ? 443 : 80;
  return tracer.startSpan(`POST ${template}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': 'POST',
      'url.full': server.href,
      'url.template': template,
      'server.address': server.hostname,
      'server.port': Number(server.port) || defaultPort,
    },
  });
}

function end(span: Span, failure: ProviderError | undefined): void {
  const status = failure ? failure.status : 200;
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (failure) {
    span.setAttribute(attribute.errorType, errorType(failure));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function errorType(failure: ProviderError): string {
  if (failure.status !== undefined) return String(failure.status);
  const cause = failure.cause as { name?: string; cause?: { code?: string } } | undefined;
  return cause?.cause?.code ?? cause?.name ?? 'error';
}
