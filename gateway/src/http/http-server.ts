import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PortInUseError } from '@mawid/rpc';

/** What a slow or greedy client is allowed, in milliseconds and numbers. */
export interface HttpLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly checkIntervalMs: number;
  /** Above the load balancer's, so that it is the one to close idle connections. */
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxRequestsPerSocket: number;
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 2_000,
  keepAliveTimeoutMs: 65_000,
  maxConnections: 10_000,
  maxRequestsPerSocket: 10_000,
};

export interface HttpServer {
  readonly port: number;
  /** Accepts nothing new, lets what is in flight end, cuts what is left after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

const sweepMs = 50;
const parseFailures: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Starts a bare node:http server. Rejects with PortInUseError where the port is taken. */
export async function startHttpServer(
  listener: RequestListener,
  listen: { host: string; port: number },
  limits: HttpLimits = defaultHttpLimits,
): Promise<HttpServer> {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
    },
    listener,
  );
  server.maxConnections = limits.maxConnections;
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  server.on('clientError', answerParseFailure);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(listen.port) : error),
    );
    server.listen(listen.port, listen.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, drain: (graceMs) => drain(server, graceMs) };
}

/** What was sent is no HTTP, or too slow or too large for its header: nothing of ours has seen it. */
function answerParseFailure(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = parseFailures[error.code ?? ''] ?? 400;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: 'about:blank', title, status });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A connection that is kept alive gets idle when its answer is out; node closes only those that are idle already.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}
