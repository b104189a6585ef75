import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';
import { plainRoute, type Reply, type Route } from './http-types.ts';
import { playFaults } from './play-faults.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import { toJson } from './reply.ts';
import { createRouter, type RouteMatch, type Router } from './router.ts';

export interface HttpStandinOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly faults: Faults;
  /** The provider's own error body for 404, 405, 413, 500 and for faults. */
  toError(status: number): Reply;
}

export interface HttpStandin {
  readonly port: number;
  /** Stops taking calls, destroys those still waiting, and frees the port. */
  close(): Promise<void>;
}

interface Frame extends HttpStandinOptions {
  readonly router: Router;
  readonly closing: AbortSignal;
}

/** Serves a route table over plain HTTP. Rejects with the system's error (`EADDRINUSE`) when the port is taken. */
export async function startHttpStandin(options: HttpStandinOptions): Promise<HttpStandin> {
  const closing = new AbortController();
  const router = createRouter([...healthRoutes(), ...options.routes]);
  const frame: Frame = { ...options, router, closing: closing.signal };
  const server = createServer((message, response) => void serve(frame, message, response));
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closing.abort();
      return closeServer(server);
    },
  };
}

function healthRoutes(): Route[] {
  const healthy = () => toJson(200, { status: 'ok' });
  return [plainRoute('GET', '/livez', healthy), plainRoute('GET', '/readyz', healthy)];
}

async function serve(frame: Frame, message: IncomingMessage, response: ServerResponse): Promise<void> {
  let reply: Reply | undefined;
  try {
    reply = await answer(frame, message);
  } catch (error) {
    reply = toReply(frame, error);
  }
  if (reply === undefined) message.socket.destroy();
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

async function answer(frame: Frame, message: IncomingMessage): Promise<Reply | undefined> {
  const url = new URL(message.url ?? '/', 'http://standin');
  const method = message.method ?? 'GET';
  const match = frame.router(method, url.pathname);
  if (match === 'unknown_path') return frame.toError(404);
  if (match === 'wrong_method') return frame.toError(405);
  const body = await readBody(message);
  if (body === undefined) return tooLarge(frame.toError(413));
  const request = { method, path: url.pathname, query: url.searchParams, headers: message.headers, body };
  const act = async () => actOn(frame, match, { ...request, params: match.params });
  if (!match.route.faulty) return act();
  const call = `${method} ${url.pathname}`;
  return playFaults({ call, faults: frame.faults, signal: frame.closing, act, toError: frame.toError });
}

/** The rest of the body was not read, so the connection cannot be used again. */
function tooLarge(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, connection: 'close' } };
}

async function actOn(frame: Frame, match: RouteMatch, request: Parameters<Route['handle']>[0]): Promise<Reply> {
  try {
    return await match.route.handle(request);
  } catch (error) {
    return toReply(frame, error);
  }
}

function toReply(frame: Frame, error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  if (error instanceof URIError) return frame.toError(400);
  console.error(JSON.stringify({ level: 'error', msg: 'request failed', error: String(error) }));
  return frame.toError(500);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
