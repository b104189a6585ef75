import type { Interceptor } from '@connectrpc/connect';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ServiceName } from '../config/core-config.ts';
import { observe, secondsSince } from '../telemetry/instruments.ts';
import { attribute } from '../telemetry/names.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { currentTraceHeaders } from '../telemetry/trace-context.ts';
import { bindStream } from './bind-stream.ts';
import { callHeader } from './call-headers.ts';
import { inheritDeadline } from './deadline.ts';
import { statusName } from './status-name.ts';

export interface ClientInterceptorOptions {
  /** The calling service, sent as `x-mawid-peer`. */
  peer: ServiceName | 'gateway' | 'ops';
  telemetry: Telemetry;
}

/** What every outgoing call does, outermost first: telemetry, the caller's name, the inherited deadline. */
export function clientInterceptors({ peer, telemetry }: ClientInterceptorOptions): Interceptor[] {
  return [clientTelemetry(telemetry), namePeer(peer), inheritDeadline()];
}

function namePeer(peer: string): Interceptor {
  return (next) => (request) => {
    request.header.set(callHeader.peer, peer);
    return next(request);
  };
}

/** A CLIENT span and a duration for each call; its context travels as `traceparent`. */
function clientTelemetry(telemetry: Telemetry): Interceptor {
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const attributes = { [attribute.rpcSystem]: 'grpc', [attribute.rpcMethod]: method };
    const span = telemetry.tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes });
    const active = trace.setSpan(context.active(), span);
    for (const [name, value] of Object.entries(currentTraceHeaders(active))) request.header.set(name, value);
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

function endSpan(
  telemetry: Telemetry,
  span: Span,
  { method, startedAt, error }: { method: string; startedAt: number; error: unknown },
): void {
  const status = statusName(error);
  span.setAttribute(attribute.rpcStatus, status);
  if (error !== undefined) {
    span.setAttribute(attribute.errorType, status);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
  const labels = { rpc_method: method, rpc_response_status_code: status };
  observe(telemetry.instruments.rpcClient, labels, { seconds: secondsSince(startedAt), span });
}
