import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortInUseError } from '@mawid/rpc';
import type { Closable } from '../closable.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { MetricsRegistry } from '../telemetry/instruments.ts';
import type { HttpRoute } from './definition.ts';

export interface HttpServerOptions {
  host: string;
  port: number;
  routes: readonly HttpRoute[];
  metrics: MetricsRegistry;
  logger: Logger;
  /** What `/readyz` says. */
  isReady(): boolean;
  /** Everything that is no route: the RPCs over HTTP/1.1. */
  fallback(request: IncomingMessage, response: ServerResponse): void;
}

export interface HttpServer extends Closable {
  readonly port: number;
  /** Takes no new connection, lets requests in flight end. */
  close(): Promise<void>;
}

/** Serves `/livez`, `/readyz`, `/metrics`, the service's own routes and, behind them, its RPCs. Throws PortInUseError. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const routes = [...ownRoutes(options), ...options.routes];
  const table = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    const route = table.get(`${request.method === 'HEAD' ? 'GET' : request.method} ${path}`);
    if (!options.isReady()) response.setHeader('connection', 'close');
    if (route) void handle(route, request, response, options.logger);
    else options.fallback(request, response);
  });
  await listen(server, options);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function ownRoutes({ isReady, metrics }: HttpServerOptions): HttpRoute[] {
  return [
    { method: 'GET', path: '/livez', handle: (_, response) => send(response, 200, 'ok\n') },
    {
      method: 'GET',
      path: '/readyz',
      handle: (_, response) => (isReady() ? send(response, 200, 'ready\n') : send(response, 503, 'not ready\n')),
    },
    {
      method: 'GET',
      path: '/metrics',
      handle: async (_, response) => send(response, 200, await metrics.metrics(), metrics.contentType),
    },
  ];
}

async function handle(
  route: HttpRoute,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  try {
    await route.handle(request, response);
  } catch (error) {
    logger.error({ err: error, path: route.path }, 'an HTTP route failed');
    if (response.headersSent) response.destroy();
    else send(response, 500, 'internal error\n');
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error),
    );
    server.listen({ host, port }, resolve);
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const tooLate = setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await closed;
  clearTimeout(tooLate);
}
