import type { Metadata } from '@grpc/grpc-js';
import { isGzipOffered } from './compression.ts';
import { toMetadata } from './metadata.ts';
import type { ServerCall } from './server-call.ts';

interface HeaderSink {
  sendMetadata(metadata: Metadata): void;
}

/**
 * Sends the headers a handler has written; without any, grpc-js sends its own with the first message. Throws a
 * TypeError for headers that gRPC cannot carry.
 */
export function sendHeader(call: HeaderSink, serverCall: ServerCall): void {
  const header = serverCall.writtenHeader;
  const gzip = isGzipOffered(call);
  if (header === undefined && !gzip) return;
  const metadata = toMetadata(header);
  if (gzip) metadata.set('grpc-encoding', 'gzip');
  if (Object.keys(metadata.toJSON()).length > 0) call.sendMetadata(metadata);
}

/** The same on the way to an error, which is told even when its headers cannot be. */
export function trySendHeader(call: HeaderSink, serverCall: ServerCall): void {
  try {
    sendHeader(call, serverCall);
  } catch {
    // The error tells more.
  }
}
