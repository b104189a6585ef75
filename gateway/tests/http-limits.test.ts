import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultHttpLimits, type HttpLimits, type HttpServer, startHttpServer } from '../src/http/http-server.ts';
import type { UnreadableRequest } from '../src/http/parse-failure.ts';
import { ClientGoneError, readBody } from '../src/http/read-body.ts';
import { sendRaw } from './support/client.ts';
import { until } from './support/event-reader.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let server: HttpServer | undefined;
let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway();
});
afterAll(() => api.close());
afterEach(async () => {
  await server?.drain(0);
  server = undefined;
});

async function serve(
  listener: RequestListener,
  limits: Partial<HttpLimits>,
  onUnreadable: (request: UnreadableRequest) => void = () => undefined,
): Promise<number> {
  server = await startHttpServer(
    listener,
    { host: '127.0.0.1', port: 0, onUnreadable },
    { ...defaultHttpLimits, checkIntervalMs: 50, ...limits },
  );
  return server.port;
}

function get(path: string, ...headers: string[]): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers.map((each) => `${each}\r\n`).join('')}\r\n`;
}

const close = 'Connection: close';

describe('a client that', () => {
  it.each([
    ['from the start', 0],
    ['until it is read', 600],
  ])(
    'sends its body too slowly, %s, is refused by whoever reads it, and its connection is closed',
    async (_, waitMs) => {
      const port = await serve(
        async (request, response) => {
          await pause(waitMs);
          const error = await readBody(request, 1_000).catch((thrown) => thrown);
          response.end(`${error.name} ${error.details?.status} ${error.code}`);
        },
        { headersTimeoutMs: 200, requestTimeoutMs: 300 },
      );
      const answer = await sendRaw(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a"');
      expect(answer).toMatch(/Connection: close\r\n.*\r\n\r\nRefusal 408 MALFORMED_REQUEST$/s);
    },
  );

  it('ends its body too early gets 400', async () => {
    const port = await serve(async (request, response) => {
      const error = await readBody(request, 1_000).catch((thrown) => thrown);
      response.end(`${error.name} ${error.details?.status}`);
    }, {});
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setEncoding('utf8').end('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a"');
    let answer = '';
    for await (const text of socket) answer += text;
    expect(answer).toMatch(/\r\n\r\nRefusal 400$/);
  });

  it('breaks its connection in the middle of its body is gone', async () => {
    const errors: unknown[] = [];
    const port = await serve((request) => void readBody(request, 1_000).catch((error) => errors.push(error)), {});
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a"', () => socket.resetAndDestroy()),
    );
    await until(() => errors.length > 0);
    expect(errors).toEqual([expect.any(ClientGoneError)]);
  });

  it('sends its header too slowly gets 408, and nobody hears of a request', async () => {
    let requests = 0;
    const told: UnreadableRequest[] = [];
    const limits = { headersTimeoutMs: 200, requestTimeoutMs: 300 };
    const port = await serve(
      () => void requests++,
      limits,
      (request) => told.push(request),
    );
    const answer = await sendRaw(port, 'POST / HTTP/1.1\r\nHost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*Content-Type: application\/problem\+json/s);
    expect(answer).toContain(`X-Request-Id: ${told[0]?.requestId}\r\n`);
    expect([requests, told]).toEqual([0, [{ status: 408, requestId: expect.any(String) }]]);
  });

  it('takes nothing of its answer is cut', async () => {
    const ended = Promise.withResolvers<boolean>();
    const port = await serve(
      (_, response) => {
        response.once('close', () => ended.resolve(response.writableFinished));
        response.end(Buffer.alloc(50_000_000));
      },
      { stallTimeoutMs: 300 },
    );
    const socket = connect(port, '127.0.0.1', () => socket.write(get('/')));
    socket.pause();
    socket.on('error', () => undefined);
    expect(await ended.promise).toBe(false);
    socket.destroy();
  });

  it('reads slowly, but reads, gets all of it', async () => {
    const size = 20_000_000;
    const port = await serve((_, response) => void response.end(Buffer.alloc(size)), { stallTimeoutMs: 1_000 });
    const socket = connect(port, '127.0.0.1', () => socket.write(get('/', close)));
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    });
    await once(socket, 'close');
    expect(received).toBeGreaterThan(size);
  });

  it('leaves a kept connection idle is let go', async () => {
    const port = await serve((_, response) => void response.end('x'), { keepAliveTimeoutMs: 200 });
    expect(await sendRaw(port, get('/'))).toContain('200 OK');
  });
});

describe('a request', () => {
  it('with a flood of header fields is 431', async () => {
    const flood = Array.from({ length: 120 }, (_, index) => `x-${index}: a`);
    const answer = await sendRaw(api.gateway.port, get('/api/titles', ...flood));
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*MALFORMED_REQUEST/s);
    expect(answer).toContain('connection: close');
    const few = await sendRaw(api.gateway.port, get('/api/titles', ...flood.slice(0, 90), close));
    expect(few).toContain('200 OK');
  });

  it('behind another on the same connection is answered after it', async () => {
    const lines = get('/api/books/b1') + get('/api/nope') + get('/api/books/b2', close);
    const answers = await sendRaw(api.gateway.port, lines);
    expect(answers.match(/HTTP\/1\.1 \d+|"book_id":"\w+"/g)).toEqual([
      'HTTP/1.1 200',
      '"book_id":"b1"',
      'HTTP/1.1 404',
      'HTTP/1.1 200',
      '"book_id":"b2"',
    ]);
  });

  it.each([
    ['the target of a proxy', get('http://elsewhere/api/books/b1', close), '200'],
    ['the target of a proxy with dots', get('http://elsewhere/api/../books', close), '404'],
    ['no target but the server', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
    ['dots', get('/api/books/../books/b1', close), '404'],
    ['two slashes', get('//api/books/b1', close), '404'],
    ['a backslash', get('/api\\books\\b1', close), '404'],
    ['a fragment', get('/api/nope#/api/books/b1', close), '404'],
    ['a half of an escape', get('/api/books/%a', close), '404'],
    ['a NUL', get('/api/books/a%00b/%00', close), '404'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['a tunnel', 'CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n', ''],
    ['another protocol', get('/api/books/b1', 'Upgrade: websocket', 'Connection: Upgrade, close'), '200'],
    ['an expectation nobody knows', get('/api/books/b1', 'Expect: a-miracle', close), '200'],
    ['two lengths', 'POST /api/kinds HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', '400'],
    ['a bad line', 'GET /api/books/b1 HTTP/1.1\r\nHost: x\r\nA\rB: c\r\n\r\n', '400'],
    ['an older protocol', 'GET /api/books/b1 HTTP/1.0\r\n\r\n', '200'],
  ])('with %s is answered with a status of its own', async (_, text, status) => {
    const answer = await sendRaw(api.gateway.port, text);
    expect(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? '').toBe(status);
  });

  it('that asks first whether its body is welcome learns that it is too large', async () => {
    const head = 'POST /api/kinds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    const answer = await sendRaw(api.gateway.port, `${head}Content-Length: 9000000\r\n\r\n`);
    expect(answer).toContain('413 Payload Too Large');
  });
});
