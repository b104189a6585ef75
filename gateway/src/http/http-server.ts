import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PortInUseError } from '@mawid/rpc';
import { answerParseFailure, type UnreadableRequest } from './parse-failure.ts';

/** What a slow or greedy client is allowed, in milliseconds and numbers. */
export interface HttpLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly checkIntervalMs: number;
  /** Above the load balancer's, so that it is the one to close idle connections. */
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxRequestsPerSocket: number;
  /** A connection on which nothing moves for this long is cut: its client takes no answer. Longer than any call may take. */
  readonly stallTimeoutMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 2_000,
  keepAliveTimeoutMs: 65_000,
  maxConnections: 10_000,
  maxRequestsPerSocket: 10_000,
  stallTimeoutMs: 60_000,
};

export interface HttpServer {
  readonly port: number;
  /** Accepts nothing new, lets what is in flight end, cuts what is left after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

/** Where a server listens, and who hears of what the listener never sees. */
export interface HttpListen {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Is told of refused bytes that became no request. */
  readonly onUnreadable?: (request: UnreadableRequest) => void;
}

/** How long a kept connection may still bring a request once the drain has begun. */
const quietMs = 300;
const sweepMs = 50;

/** Starts a bare node:http server. Rejects with PortInUseError where the port is taken. */
export async function startHttpServer(
  listener: RequestListener,
  listen: HttpListen,
  limits: HttpLimits = defaultHttpLimits,
): Promise<HttpServer> {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      // The listener refuses those without, for node:http's refusal has no problem to read.
      requireHostHeader: false,
    },
    listener,
  );
  server.maxConnections = limits.maxConnections;
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  // node:http would leave out what is over its own limit, and a precondition with it; the listener refuses too many.
  server.maxHeadersCount = 0;
  server.timeout = limits.stallTimeoutMs;
  // Expectations that nobody knows are ignored, where node:http's 417 would have no problem to read.
  server.on('checkExpectation', listener);
  server.on('clientError', (error, socket) =>
    answerParseFailure(error, socket as Socket, listen.onUnreadable ?? (() => undefined)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(listen.port) : error),
    );
    server.listen(listen.port, listen.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, drain: (graceMs) => drain(server, graceMs) };
}

async function drain(server: Server, graceMs: number): Promise<void> {
  // Not http's own close, which cuts idle connections at once: a request may be on its way in one of them, or unread already. The next answer closes it.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  const isClosed = await Promise.race([
    closed.then(() => true),
    pause(Math.min(quietMs, graceMs / 4), undefined, { ref: false }),
  ]);
  // From here on, a connection that is idle is nobody's at the moment; one that gets idle when its answer is out, too.
  const sweep = isClosed ? undefined : setInterval(() => server.closeIdleConnections(), sweepMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}
