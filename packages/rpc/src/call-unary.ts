import { AsyncLocalStorage } from 'node:async_hooks';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Channel, status as GrpcStatus, type Metadata, type StatusObject } from '@grpc/grpc-js';
import { type CallFailure, toFailure } from './outgoing-call.ts';

/** One attempt of a unary call, in bytes. */
export interface UnaryAttempt {
  path: string;
  bytes: Buffer;
  metadata: Metadata;
  deadline: number;
  /** grpc-js' write flags. */
  flags: number;
  signal: AbortSignal | undefined;
}

export type UnaryOutcome =
  | { failure: undefined; bytes: Buffer; header: Metadata | undefined; trailer: Metadata }
  | { failure: CallFailure };

/** Runs something outside of its caller's context. node:http2 keeps streams until a full collection, and theirs with them. */
const outside = AsyncLocalStorage.snapshot();

/** Runs one attempt. Never throws; an aborted signal cancels the call at the server too. */
export function callUnary(channel: Channel, attempt: UnaryAttempt): Promise<UnaryOutcome> {
  return outside(startUnary, channel, attempt);
}

function startUnary(channel: Channel, attempt: UnaryAttempt): Promise<UnaryOutcome> {
  return new Promise((resolve) => {
    const { signal } = attempt;
    let header: Metadata | undefined;
    let bytes: Buffer | undefined;
    const call = channel.createCall(attempt.path, attempt.deadline, undefined, null, undefined);

    function cancel(): void {
      call.cancelWithStatus(GrpcStatus.CANCELLED, 'cancelled by the caller');
    }

    function settle(status: StatusObject): void {
      signal?.removeEventListener('abort', cancel);
      if (status.code !== GrpcStatus.OK) resolve({ failure: toOwnFailure(status, header, signal) });
      else if (bytes === undefined) resolve({ failure: missingAnswer() });
      else resolve({ failure: undefined, bytes, header, trailer: status.metadata });
    }

    call.start(attempt.metadata, {
      onReceiveMetadata(metadata) {
        header = metadata;
      },
      onReceiveMessage(message: Buffer) {
        bytes = message;
      },
      onReceiveStatus: settle,
    });
    call.sendMessageWithContext({ flags: attempt.flags }, attempt.bytes);
    call.halfClose();
    call.startRead();
    signal?.addEventListener('abort', cancel);
  });
}

function toOwnFailure(
  status: StatusObject,
  header: Metadata | undefined,
  signal: AbortSignal | undefined,
): CallFailure {
  if (signal?.aborted !== true) return toFailure(status, header);
  // The reason of the signal says more than "cancelled": it may be the end of the caller's own deadline.
  return { error: ConnectError.from(signal.reason, Code.Canceled), unprocessed: false, refused: false };
}

function missingAnswer(): CallFailure {
  const error = new ConnectError('the server sent no message', Code.Unimplemented);
  return { error, unprocessed: false, refused: false };
}
