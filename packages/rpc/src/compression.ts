import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Metadata, Server } from '@grpc/grpc-js';
import { http2ServersOf } from './http2-servers.ts';

const compress = promisify(gzip);

/** grpc-js' flag (WriteFlags.NoCompress) of a message that goes as it is on a channel that compresses. */
const noCompress = 2;

/** Under this name a caller's word that it reads gzip reaches handlers; grpc-js keeps the real header to itself. */
export const readsGzip = 'x-mawid-reads-gzip';

/** The flags of an outgoing request of so many bytes; small messages only grow by compressing. */
export function requestFlags(bytes: number, gzipFrom: number | undefined): number {
  return gzipFrom === undefined || bytes >= gzipFrom ? 0 : noCompress;
}

/**
 * Lets the handlers of a server know who reads gzip. Must be called when the server's listeners or injectors have been
 * made, once.
 */
export function watchAcceptedEncodings(server: Server): void {
  for (const http2Server of http2ServersOf(server)) {
    http2Server.prependListener('stream', (_stream, headers) => {
      const accepted = String(headers['grpc-accept-encoding'] ?? '').split(',');
      headers[readsGzip] = accepted.some((encoding) => encoding.trim() === 'gzip') ? '1' : '0';
    });
  }
}

interface CallWithMetadata {
  readonly metadata: Metadata;
}

const compressed = new WeakSet<object>();

/** Decides, before its headers are sent, that a call's answers may be compressed: its caller must read gzip. */
export function offerGzip(call: CallWithMetadata, gzipFrom: number | undefined): void {
  if (gzipFrom !== undefined && call.metadata.get(readsGzip)[0] === '1') compressed.add(call);
}

/** Whether `offerGzip` has decided so. */
export function isGzipOffered(call: object): boolean {
  return compressed.has(call);
}

/** An answer as it goes to grpc-js: gzipped when that was offered, the answer is large enough and it gets smaller. */
export async function packAnswer(call: object, bytes: Buffer, gzipFrom: number | undefined): Promise<Buffer> {
  if (gzipFrom === undefined || bytes.byteLength < gzipFrom || !compressed.has(call)) return bytes;
  const smaller = await compress(bytes);
  return smaller.byteLength < bytes.byteLength ? markCompressed(smaller) : bytes;
}

/**
 * grpc-js' servers cannot compress: they frame a message as a flag of 0, its length, and what its own `copy` writes
 * behind them. So it is `copy` that sets the flag.
 */
function markCompressed(bytes: Buffer): Buffer {
  const copy = (target: Uint8Array, start = 0): number => {
    target[start - 5] = 1;
    target.set(bytes, start);
    return bytes.byteLength;
  };
  return Object.assign(bytes, { copy });
}
