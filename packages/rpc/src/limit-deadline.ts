import type { IncomingHttpHeaders } from 'node:http';
import type { MethodImplSpec } from '@connectrpc/connect';
import { parseTimeout as parseGrpcTimeout } from '@connectrpc/connect/protocol-grpc';
import type { DeadlineLimits } from './deadline.ts';

/**
 * Gives a request that came over HTTP/1.1 the deadline it would have by gRPC, by writing its timeout header: Connect
 * itself has no default and refuses what is above its maximum. A timeout that cannot be read is left for Connect to refuse.
 */
export function limitDeadline(
  headers: IncomingHttpHeaders,
  kind: MethodImplSpec['kind'],
  limits: DeadlineLimits,
): void {
  if (kind === 'server_streaming' || kind === 'bidi_streaming') return;
  const web = headers['content-type']?.startsWith('application/grpc-web') === true;
  const name = web ? 'grpc-timeout' : 'connect-timeout-ms';
  const sent = headers[name];
  const sentMs = typeof sent === 'string' ? readTimeout(sent, web) : undefined;
  if (sent !== undefined && sentMs === undefined) return;
  if (sentMs !== undefined && sentMs <= limits.maxMs) return;
  const timeoutMs = sentMs === undefined ? limits.defaultMs : limits.maxMs;
  headers[name] = web ? `${timeoutMs}m` : `${timeoutMs}`;
}

function readTimeout(value: string, web: boolean): number | undefined {
  if (web) return parseGrpcTimeout(value, Number.MAX_SAFE_INTEGER).timeoutMs;
  return /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
