import type { Interceptor } from '@connectrpc/connect';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { observe, secondsSince } from '../telemetry/instruments.ts';
import { attribute } from '../telemetry/names.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { contextFrom } from '../telemetry/trace-context.ts';
import { bindStream } from './bind-stream.ts';
import { callHeader } from './call-headers.ts';
import { isServerFault, statusName } from './status-name.ts';

/** A SERVER span and a duration for each call; the caller's `traceparent` is the parent. */
export function serverTelemetry(telemetry: Telemetry): Interceptor {
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const span = startSpan(telemetry, request.header, method);
    const active = trace.setSpan(context.active(), span);
    const startedAt = performance.now();
    const end = (error: unknown) => endSpan(telemetry, span, { method, startedAt, error });
    try {
      const response = await context.with(active, () => next(request));
      if (response.stream) return { ...response, message: bindStream(response.message, active, end) };
      end(undefined);
      return response;
    } catch (error) {
      end(error);
      throw error;
    }
  };
}

function startSpan(telemetry: Telemetry, header: Headers, method: string): Span {
  const parent = contextFrom({
    traceparent: header.get(callHeader.traceparent) ?? undefined,
    tracestate: header.get(callHeader.tracestate) ?? undefined,
  });
  const isConnect =
    header.has('connect-protocol-version') || header.get('content-type')?.startsWith('application/grpc') === false;
  const attributes = { [attribute.rpcSystem]: isConnect ? 'connectrpc' : 'grpc', [attribute.rpcMethod]: method };
  return telemetry.tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
}

function endSpan(
  telemetry: Telemetry,
  span: Span,
  { method, startedAt, error }: { method: string; startedAt: number; error: unknown },
): void {
  const status = statusName(error);
  span.setAttribute(attribute.rpcStatus, status);
  if (isServerFault(error)) {
    span.setAttribute(attribute.errorType, status);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
  const labels = { rpc_method: method, rpc_response_status_code: status };
  observe(telemetry.instruments.rpcServer, labels, { seconds: secondsSince(startedAt), span });
}
