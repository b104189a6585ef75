import { Code, ConnectError } from '@connectrpc/connect';
import { status as GrpcStatus, type Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { fromWireStatus } from './wire-status.ts';

/** How a call ended, as far as its client can know. */
export interface CallFailure {
  error: ConnectError;
  /** True when it is proven that no server has run the call, so that anything may be sent again. */
  unprocessed: boolean;
  /** True when it was refused by a server that is ending; another connection can take it at once. */
  refused: boolean;
}

/** The texts by which grpc-js says that a call has not reached a handler. Its public status has no other mark. */
const refusedText = 'Stream refused by server';
const unsentTexts = ['No connection established', 'Name resolution failed', 'Failed to start HTTP/2 stream'];

/**
 * Makes an error of a status. One that grpc-js itself made (no headers, no trailers came) gets a text without
 * addresses, for errors travel on to callers; the original text is its cause.
 */
export function toFailure(status: StatusObject, header: Metadata | undefined): CallFailure {
  const answered = header !== undefined || Object.keys(status.metadata.toJSON()).length > 0;
  const fromServer = answered && !isOwnDeadline(status);
  if (fromServer) return { error: fromWireStatus(status, header), unprocessed: false, refused: false };
  const refused = status.code === GrpcStatus.UNAVAILABLE && status.details === refusedText;
  const unsent = status.code === GrpcStatus.UNAVAILABLE && unsentTexts.some((text) => status.details.startsWith(text));
  return { error: toLocalError(status), unprocessed: refused || unsent, refused };
}

/** Whether it was grpc-js that said so, after the headers of a stream; it names the server's address. */
function isOwnDeadline({ code, details }: StatusObject): boolean {
  return code === GrpcStatus.DEADLINE_EXCEEDED && details.startsWith('Deadline exceeded after');
}

function toLocalError(status: StatusObject): ConnectError {
  const cause = new Error(status.details);
  switch (status.code) {
    case GrpcStatus.DEADLINE_EXCEEDED:
      return new ConnectError('the operation timed out', Code.DeadlineExceeded, undefined, undefined, cause);
    case GrpcStatus.UNAVAILABLE:
      return new ConnectError('the server cannot be reached', Code.Unavailable, undefined, undefined, cause);
    case GrpcStatus.CANCELLED:
      return new ConnectError('the call was cancelled', Code.Canceled, undefined, undefined, cause);
    case GrpcStatus.RESOURCE_EXHAUSTED:
      return new ConnectError(status.details, Code.ResourceExhausted, undefined, undefined, cause);
    default:
      return new ConnectError('the call failed', toCode(status.code), undefined, undefined, cause);
  }
}

function toCode(code: ServiceError['code']): Code {
  return code in Code ? (code as number as Code) : Code.Unknown;
}
