import { Code, ConnectError } from '@connectrpc/connect';
import type { Metadata } from '@grpc/grpc-js';
import { toMetadata } from './metadata.ts';

/** The metadata of a request's headers. Throws INVALID_ARGUMENT when gRPC cannot carry one of them. */
export function assertSendable(headers: Headers): Metadata {
  try {
    return toMetadata(headers);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : 'the metadata cannot be sent';
    throw new ConnectError(text, Code.InvalidArgument, undefined, undefined, cause);
  }
}
