import type { DescMethodStreaming, DescMethodUnary } from '@bufbuild/protobuf';
import type { Interceptor, Transport } from '@connectrpc/connect';
import { createConnection } from './connection.ts';
import { maxAnswerBytes, maxRequestBytes } from './message-limits.ts';
import { createRetryPolicy, type RetryOptions } from './retry-policy.ts';
import { runStreaming } from './streaming-client.ts';
import type { Certificates } from './tls/certificates.ts';
import { runUnary } from './unary-client.ts';

export interface GrpcTransportOptions {
  /** Around every call (not around each attempt of it), the outermost first. */
  interceptors?: Interceptor[];
  /** For calls without a timeout, 5000. A timeout of 0 asks for none: only calls that stream answers get that. */
  defaultDeadlineMs?: number;
  /** Largest request, 262144. */
  maxRequestBytes?: number;
  /** Largest answer, 4194304. */
  maxAnswerBytes?: number;
  /** Idle time after which the server is asked for a sign of life, 30000. */
  keepaliveMs?: number;
  /** Time it has for that sign, 10000; then its calls fail with UNAVAILABLE and others go elsewhere. */
  keepaliveTimeoutMs?: number;
  /** Requests of at least this many bytes are sent gzipped; by default none. Answers are read either way. */
  gzipRequestsFrom?: number;
  /** false switches retries off, except those of calls that an ending server has refused unseen. */
  retries?: RetryOptions | false;
  /** Mutual TLS: shows these and trusts their authorities. Without it, plain text. Left open at the end. */
  certificates?: Certificates | undefined;
  /**
   * The name that the server's certificate must be for, with `certificates`; by default the host of `address`. Of a list of
   * addresses that is the first one's.
   */
  serverName?: string | undefined;
}

export interface GrpcTransport extends Transport {
  /** Takes no more calls; those in flight end with their answers. */
  close(): void;
}

/**
 * A Connect transport over grpc-js. `address` is `host:port` or `dns:///name:port`; calls go round all addresses of the
 * name. Every call has a deadline, never later than that of the call in whose handler it is made (when that handler's
 * `context.signal` is passed on). Throws ConnectErrors; UNAVAILABLE when no server can be reached.
 */
export function createGrpcTransport(address: string, options: GrpcTransportOptions = {}): GrpcTransport {
  const interceptors = options.interceptors ?? [];
  const policy = options.retries === false ? undefined : createRetryPolicy(options.retries ?? {});
  const connection = createConnection(address, {
    maxRequestBytes: options.maxRequestBytes ?? maxRequestBytes,
    maxAnswerBytes: options.maxAnswerBytes ?? maxAnswerBytes,
    defaultDeadlineMs: options.defaultDeadlineMs ?? 5_000,
    keepaliveMs: options.keepaliveMs ?? 30_000,
    keepaliveTimeoutMs: options.keepaliveTimeoutMs ?? 10_000,
    gzipRequestsFrom: options.gzipRequestsFrom,
    certificates: options.certificates,
    serverName: options.serverName,
  });
  // A Transport is generic in its messages, which only descriptors know here.
  const transport = {
    unary: (method: DescMethodUnary, signal, timeoutMs, header, message, contextValues) =>
      runUnary(connection, { method, signal, timeoutMs, header, message, contextValues }, { interceptors, policy }),
    stream: (method: DescMethodStreaming, signal, timeoutMs, header, messages, contextValues) =>
      runStreaming(connection, { method, signal, timeoutMs, header, messages, contextValues }, interceptors),
  } as Transport;
  const close = (): void => {
    connection.channel.close();
    connection.streamChannels.close();
  };
  return { ...transport, close };
}
