import type { Socket } from 'node:net';
import type { Interceptor } from '@connectrpc/connect';
import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { watchAcceptedEncodings } from './compression.ts';
import { drainServer } from './drain-server.ts';
import { createEndlessCalls } from './endless-calls.ts';
import { addRoutes } from './grpc-service.ts';
import type { HealthService } from './health.ts';
import { type Listener, listen } from './listener.ts';
import { maxAnswerBytes, maxRequestBytes } from './message-limits.ts';
import type { OverloadGate } from './overload/overload-gate.ts';
import { collectRoutes, type Routes } from './routes.ts';
import { withStandardServices } from './standard-services.ts';
import type { Certificates } from './tls/certificates.ts';
import { listenSecurely } from './tls/listen-securely.ts';

/** What both wires are told about calls; every size and time has a default. */
export interface ServingOptions {
  routes: Routes;
  /** Around every RPC of `routes` (not around health and reflection), the outermost first. */
  interceptors?: Interceptor[];
  /** From `createHealth`; without it, everything is said to be serving until the server drains. */
  health?: HealthService;
  /** Largest request, 262144. */
  maxRequestBytes?: number;
  /** Largest answer, 4194304; each message of a stream. */
  maxAnswerBytes?: number;
  /** For calls without a deadline, 10000. */
  defaultDeadlineMs?: number;
  /** For calls with a later one, 30000. Calls that stream answers may last as long as their caller wishes, see drain. */
  maxDeadlineMs?: number;
  /** Turns calls away when the process cannot do more, see `createOverloadGate`. All are served without it. */
  overload?: OverloadGate;
  /** Is told of every error that is not a ConnectError: its caller sees INTERNAL without a text. */
  onError?: (error: unknown) => void;
}

export interface GrpcServerOptions extends ServingOptions {
  /** Per connection, 250. */
  maxConcurrentStreams?: number;
  /** Age at which a connection is closed gracefully, 300000 (each ± 10 %), so that new replicas get load. */
  maxConnectionAgeMs?: number;
  /** Idle time after which a peer is asked for a sign of life, 60000. */
  keepaliveMs?: number;
  /** Time it has for that sign, 10000; then its connection is cut and its calls are cancelled. */
  keepaliveTimeoutMs?: number;
  /** Answers of at least this many bytes are sent gzipped to callers who read gzip; by default none. */
  gzipAnswersFrom?: number;
  /** Mutual TLS 1.3: callers need a certificate of a trusted authority. Without it, plain text. Left open at the end. */
  certificates?: Certificates | undefined;
  /** Is told of each failed handshake: a code such as `CERT_HAS_EXPIRED`, and the peer's address. */
  onRefused?: (reason: string, address: string | undefined) => void;
}

export interface GrpcServer {
  readonly port: number;
  /**
   * Ends gracefully: health says NOT_SERVING, no new connection is taken, peers are told to go elsewhere, calls without
   * a deadline end with UNAVAILABLE, others in flight may end within `graceMs`, and what is left then is cut. Resolves
   * when every connection is closed.
   */
  drain(graceMs: number): Promise<void>;
  /** Cuts everything now. */
  close(): Promise<void>;
}

/** Serves routes by gRPC over HTTP/2, with health and reflection, in plain text or over mutual TLS. Throws a PortInUseError. */
export async function startGrpcServer(
  options: GrpcServerOptions,
  address: { host: string; port: number },
): Promise<GrpcServer> {
  const server = new Server(toServerOptions(options));
  const endless = createEndlessCalls();
  const standard = withStandardServices(options.routes, options.health);
  addRoutes(server, collectRoutes(standard.routes), {
    interceptors: options.interceptors ?? [],
    limits: { defaultMs: options.defaultDeadlineMs ?? 10_000, maxMs: options.maxDeadlineMs ?? 30_000 },
    maxAnswerBytes: options.maxAnswerBytes ?? maxAnswerBytes,
    gzipAnswersFrom: options.gzipAnswersFrom,
    endless,
    onError: options.onError,
    overload: options.overload,
  });
  const listener = await listenFor(server, options, address);
  if (options.gzipAnswersFrom !== undefined) watchAcceptedEncodings(server);
  let ending: Promise<void> | undefined;
  return {
    port: listener.port,
    drain(graceMs) {
      standard.health.shutdown();
      // Watches of health are first to hear NOT_SERVING.
      setImmediate(() => endless.endAll());
      ending ??= drainServer(server, listener, graceMs);
      return ending;
    },
    async close() {
      standard.health.shutdown();
      listener.stop();
      server.forceShutdown();
      listener.cut();
      await listener.emptied();
    },
  };
}

// Handshakes are ours, so that grpc-js gets connections that may be used, and both kinds end the same way.
function listenFor(
  server: Server,
  { certificates, onRefused }: GrpcServerOptions,
  address: { host: string; port: number },
): Promise<Listener> {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const onConnection = (socket: Socket): void => injector.injectConnection(socket);
  return certificates === undefined
    ? listen(address, onConnection)
    : listenSecurely(address, { certificates, onConnection, onRefused });
}

function toServerOptions(options: GrpcServerOptions): ServerOptions {
  return {
    'grpc.max_receive_message_length': options.maxRequestBytes ?? maxRequestBytes,
    'grpc.max_send_message_length': options.maxAnswerBytes ?? maxAnswerBytes,
    'grpc.max_concurrent_streams': options.maxConcurrentStreams ?? 250,
    'grpc.max_connection_age_ms': options.maxConnectionAgeMs ?? 300_000,
    'grpc.max_connection_age_grace_ms': options.maxDeadlineMs ?? 30_000,
    'grpc.keepalive_time_ms': options.keepaliveMs ?? 60_000,
    'grpc.keepalive_timeout_ms': options.keepaliveTimeoutMs ?? 10_000,
    'grpc.enable_channelz': 0,
  };
}
