import type { Interceptor } from '@connectrpc/connect';
import { deadlineOf } from '@mawid/rpc';
import { context } from '@opentelemetry/api';
import { refuse } from '../errors/refuse.ts';
import { bindStream } from './bind-stream.ts';
import { callSignal, withCallSignal } from './call-signal.ts';

/** Refuses calls that come too late, and lets the calls and statements of a handler inherit its deadline and its end. */
export function deadline(): Interceptor {
  return (next) => async (request) => {
    const { signal } = request;
    if (signal.aborted) throw refuse(isLate(signal) ? 'DEADLINE_EXCEEDED' : 'CANCELLED');
    const active = withCallSignal(context.active(), signal);
    const response = await context.with(active, () => next(request));
    if (!response.stream) return response;
    return { ...response, message: bindStream(response.message, active, () => undefined) };
  };
}

/** Of a client: ends a call together with the call in whose handler it is made, passed on or not. */
export function inheritDeadline(): Interceptor {
  return (next) => (request) => {
    const outer = callSignal();
    if (!outer || outer === request.signal) return next(request);
    return next({ ...request, signal: AbortSignal.any([request.signal, outer]) } as never);
  };
}

function isLate(signal: AbortSignal): boolean {
  return (deadlineOf(signal) ?? Number.POSITIVE_INFINITY) <= Date.now();
}
