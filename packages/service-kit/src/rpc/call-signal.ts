import { Code, ConnectError } from '@connectrpc/connect';
import { type Context, context, createContextKey } from '@opentelemetry/api';

const signalKey = createContextKey('mawid.call.signal');

/** The signal of the call in whose handler this runs; undefined in workers, jobs and all else that is no call. */
export function callSignal(): AbortSignal | undefined {
  return context.active().getValue(signalKey) as AbortSignal | undefined;
}

/** The context of work done for the call with this signal. */
export function withCallSignal(from: Context, signal: AbortSignal): Context {
  return from.setValue(signalKey, signal);
}

/**
 * Runs what is not to end with the call it began in: a load that other calls wait for too, or the record of something
 * that has been done elsewhere and cannot be undone.
 */
export function outsideCall<T>(work: () => T): T {
  return context.with(context.active().deleteValue(signalKey), work);
}

const endings: readonly Code[] = [Code.Canceled, Code.DeadlineExceeded, Code.Aborted];

/** True when nobody waits for the call's answer any more. A call that has been answered is over, but not abandoned. */
export function isAbandoned(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof ConnectError && endings.includes(signal.reason.code);
}
