import { Code, ConnectError } from '@connectrpc/connect';
import { reasonOf, refuse } from './refuse.ts';

/** Errors of the database that pass: it is away, restarting, overloaded, or two transactions met. */
const passing = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
  ...['08000', '08001', '08003', '08006', '53300', '57P01', '57P02', '57P03', '40001', '40P01', '55P03'],
  ...['P1001', 'P1002', 'P1017', 'P2024', 'P2034', 'P2037'],
]);
const passingKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
]);
const passingTexts = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
];
const queryCanceled = '57014';
/** Its text when somebody asked for it, and not the statement's own time limit. */
const onRequest = 'user request';

/**
 * What the caller learns of an error, and whether the error is a fault of ours that belongs in the log. A refusal stays as it
 * is; the end of the call, an unreachable database and a statement that took too long get their codes; all else is INTERNAL.
 */
export function translateError(error: unknown, signal?: AbortSignal): { error: ConnectError; isFault: boolean } {
  if (isBareOfPeer(error))
    return { error: refuse(peerReasons[error.code] ?? 'INTERNAL', { cause: error }), isFault: true };
  if (error instanceof ConnectError)
    return { error, isFault: error.code === Code.Internal || error.code === Code.Unknown };
  if (signal?.aborted) return { error: ConnectError.from(signal.reason, Code.Canceled), isFault: false };
  if (isPassing(error)) return { error: refuse('UNAVAILABLE', { retryAfterSeconds: 1, cause: error }), isFault: true };
  const stopped = seenIn(error).find(isStopped);
  if (stopped !== undefined) return { error: refuse(reasonOfStop(stopped), { cause: error }), isFault: true };
  return { error: refuse('INTERNAL', { cause: error }), isFault: true };
}

const peerReasons: Partial<Record<Code, string>> = {
  [Code.Unavailable]: 'UNAVAILABLE',
  [Code.DeadlineExceeded]: 'DEADLINE_EXCEEDED',
};

// Another server's status without a reason of ours is the way there, or a fault: its text may name hosts. The end of the
// call is said by nobody's text.
function isBareOfPeer(error: unknown): error is ConnectError {
  if (!(error instanceof ConnectError) || Reflect.get(error, 'isWireError') !== true) return false;
  return error.code !== Code.Canceled && reasonOf(error) === undefined;
}

/** True for an error of the database that waiting may cure. */
export function isPassing(error: unknown): boolean {
  return seenIn(error).some((each) => {
    const kind = (each as { kind?: string } | undefined)?.kind;
    const text = each instanceof Error ? each.message : '';
    return (
      passing.has(codeOf(each) ?? '') || passingKinds.has(kind ?? '') || passingTexts.some((it) => text.includes(it))
    );
  });
}

function seenIn(error: unknown): unknown[] {
  return [error, (error as { cause?: unknown } | undefined)?.cause, driverErrorOf(error)];
}

function isStopped(error: unknown): boolean {
  return (
    codeOf(error) === queryCanceled || (error as { originalCode?: string } | undefined)?.originalCode === queryCanceled
  );
}

// An operator's doing, or that of another call which Prisma had put into one query with this one and which was abandoned:
// to try again helps.
function reasonOfStop(error: unknown): string {
  const { message, originalMessage } = error as { message?: string; originalMessage?: string };
  return `${message} ${originalMessage}`.includes(onRequest) ? 'UNAVAILABLE' : 'DEADLINE_EXCEEDED';
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}

function driverErrorOf(error: unknown): unknown {
  return (error as { meta?: { driverAdapterError?: { cause?: unknown } } } | undefined)?.meta?.driverAdapterError
    ?.cause;
}
