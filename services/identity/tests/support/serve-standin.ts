import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** `hang` never answers, `drop` ends the connection. */
export type StandinAnswer = { status: number; body: object } | 'hang' | 'drop';
export type StandinRoute = (body: URLSearchParams) => StandinAnswer | Promise<StandinAnswer>;

/** Serves routes by their paths on a free loopback port. */
export async function serveStandin(routes: Record<string, StandinRoute>): Promise<Server> {
  const server = createServer((request, response) => {
    serve(routes, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function serve(
  routes: Record<string, StandinRoute>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = routes[request.url ?? ''];
  const answer = route ? await route(new URLSearchParams(await text(request))) : { status: 404, body: {} };
  if (answer === 'hang') return;
  if (answer === 'drop') return void response.destroy();
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
}
