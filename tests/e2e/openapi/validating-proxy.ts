import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Json, readDocument } from './api-document.ts';
import { checkRequest } from './check-request.ts';
import { checkResponse } from './check-response.ts';

/** A server between clients and the gateway that holds what passes against an OpenAPI document. */
export interface ValidatingProxy {
  readonly url: string;
  /** How many exchanges with documented operations passed. */
  readonly seen: number;
  /** Each as `POST /api/bookings → 201: what is wrong`. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** The gateway. */
  readonly target: string;
  /** The target's own where it is absent. */
  readonly document?: Json;
}

/** Everything that is no API: the system's routes, and preflights. */
const isOutside = (method: string, path: string): boolean => !path.startsWith('/api/') || method === 'OPTIONS';

/** Listens on a free port of the loopback. Every answer is checked, and every request that was accepted; nothing is changed. */
export async function startValidatingProxy({ target, document }: ProxyOptions): Promise<ValidatingProxy> {
  const api = readDocument(document ?? ((await (await fetch(`${target}/openapi.json`)).json()) as Json));
  const violations: string[] = [];
  let seen = 0;
  const check = ({ request, sent, answer, received }: Exchange): void => {
    const method = request.method ?? 'GET';
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    if (isOutside(method, path)) return;
    const found = api.find(method, path);
    const status = answer.statusCode ?? 0;
    const response = { status, headers: answer.headers, body: received, hasBody: method !== 'HEAD' };
    const problems = [
      ...checkResponse(api, found, response),
      ...(found !== undefined && status < 300
        ? checkRequest(api, found, { method, path, query, headers: request.headers, body: sent })
        : []),
    ];
    if (found !== undefined) seen += 1;
    violations.push(...problems.map((each) => `${method} ${request.url} → ${status}: ${each}`));
  };
  const server = createServer((request, response) => {
    pass(request, response, target).then(check, (error: unknown) => {
      // The gateway went away, or the client did: neither has a contract.
      if (error instanceof SyntaxError || error instanceof TypeError) violations.push(`${request.url}: ${error}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return seen;
    },
    violations,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly sent: Buffer;
  readonly answer: IncomingMessage;
  readonly received: Buffer;
}

/** Sends a request on as it came, and its answer back as it comes. */
async function pass(request: IncomingMessage, response: ServerResponse, target: string): Promise<Exchange> {
  const sent = await readAll(request);
  const { hostname, port } = new URL(target);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = withLength(request.rawHeaders, sent);
    const options = { hostname, port, method: request.method, path: request.url, headers, setDefaultHeaders: false };
    const outgoing = send(options as never, resolve).on('error', reject);
    response.once('close', () => outgoing.destroy());
    outgoing.end(sent);
  });
  response.writeHead(answer.statusCode ?? 502, withoutFraming(answer.rawHeaders));
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      response.write(chunk);
    }
  } catch (error) {
    // Whoever reads events leaves when they have seen enough; what came until then has a contract.
    if (!isEventStream(answer)) throw error;
  }
  response.end();
  return { request, sent, answer, received: Buffer.concat(chunks) };
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') === true;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A body of unknown length was read to its end by now. */
function withLength(rawHeaders: readonly string[], body: Buffer): string[] {
  const kept = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !/^(transfer-encoding|connection|expect)$/i.test(name)
      ? [name, rawHeaders[index + 1] ?? '']
      : [],
  );
  const hasLength = kept.some((name, index) => index % 2 === 0 && /^content-length$/i.test(name));
  return [
    ...kept,
    ...(hasLength || body.length === 0 ? [] : ['content-length', String(body.length)]),
    'connection',
    'close',
  ];
}

function withoutFraming(rawHeaders: readonly string[]): string[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !/^(connection|keep-alive|transfer-encoding)$/i.test(name)
      ? [name, rawHeaders[index + 1] ?? '']
      : [],
  );
}
