import { Metadata } from '@grpc/grpc-js';
import { readsGzip } from './compression.ts';

/** Names that belong to the protocol: what a handler or an interceptor puts there must not reach the wire. */
const reserved = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'grpc-accept-encoding',
  'grpc-encoding',
  'grpc-message',
  'grpc-status',
  'grpc-status-details-bin',
  'grpc-timeout',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** What a response carries for the protocol's own use, and Connect's clients do not show. */
const hidden = new Set([
  'content-type',
  'grpc-accept-encoding',
  'grpc-encoding',
  'grpc-status-details-bin',
  'date',
  readsGzip,
]);

/**
 * grpc-js metadata as fetch Headers: several values of one name are joined by commas, `-bin` values are base64 without
 * any change of their bytes (read them with Connect's `decodeBinaryHeader`).
 */
export function toHeaders(metadata: Metadata | undefined, into: Headers = new Headers()): Headers {
  if (metadata === undefined) return into;
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    if (hidden.has(name)) continue;
    for (const value of values) {
      into.append(name, typeof value === 'string' ? value : value.toString('base64'));
    }
  }
  return into;
}

/**
 * Fetch Headers as grpc-js metadata. Protocol headers are left out. Throws a TypeError when a value cannot travel in
 * gRPC metadata: it must be printable ASCII, or the name must end in `-bin` with a base64 value.
 */
export function toMetadata(headers: Headers | undefined, into: Metadata = new Metadata()): Metadata {
  if (headers === undefined) return into;
  for (const [name, value] of headers) {
    if (reserved.has(name)) continue;
    if (!name.endsWith('-bin')) {
      if (!/^[ -~]*$/.test(value)) throw new TypeError(`the metadata "${name}" has characters outside of ASCII`);
      into.add(name, value);
      continue;
    }
    for (const part of value.split(',')) into.add(name, Buffer.from(part.trim(), 'base64'));
  }
  return into;
}
