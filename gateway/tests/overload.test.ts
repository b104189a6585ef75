import { connect } from 'node:net';
import { create, setExtension } from '@bufbuild/protobuf';
import { type MethodOptions, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { critical } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { createOverloadGate, type OverloadGate, type ShedReason } from '@mawid/rpc';
import { createLogger } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { LibraryService } from './gen/gateway/test/v1/library_service_pb.js';
import { request } from './support/client.ts';
import { seen } from './support/library.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

// This test file's own copy of the descriptor.
const { proto } = LibraryService.method.getNewest;
proto.options ??= create(MethodOptionsSchema) as MethodOptions;
setExtension(proto.options, critical, true);

let running: TestGateway | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A gate that refuses all it may. */
function closedGate(shed: ShedReason[]): OverloadGate {
  return createOverloadGate({
    patienceMs: 0,
    random: () => 0.999,
    onShed: (reason) => shed.push(reason),
    watch: (onReading) => {
      onReading({ at: 0, delayMs: 10_000, utilization: 1 });
      return () => undefined;
    },
  });
}

async function start(overload: OverloadGate, lines: string[] = []): Promise<TestGateway> {
  const logger = createLogger({
    name: 'gateway',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  running = await startTestGateway({ GATEWAY_ACCESS_LOG: 'none' }, undefined, { overload, logger });
  return running;
}

describe('an overloaded gateway', () => {
  it('answers 503 with a time, before it looks at token or body, and logs nothing', async () => {
    const [shed, lines]: [ShedReason[], string[]] = [[], []];
    const { url } = await start(closedGate(shed), lines);
    const headers = { authorization: 'Bearer keys-gone', 'accept-language': 'ar' };
    const reply = await request(url, 'POST /api/shelves/s1/books', { body: 'no json', headers });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.headers.get('content-language')).toBe('ar');
    expect(reply.json).toMatchObject({ status: 503, code: 'UNAVAILABLE', retry_after_seconds: 1 });
    expect([shed, lines]).toEqual([['delay'], []]);
  });

  it('answers the critical, its own routes, and what costs nothing', async () => {
    const { url } = await start(closedGate([]));
    expect((await request(url, 'GET /api/books/newest')).status).toBe(200);
    expect((await request(url, 'GET /livez')).status).toBe(200);
    expect((await request(url, 'GET /nothing')).status).toBe(404);
    expect((await request(url, 'OPTIONS /api/books/newest')).status).toBe(204);
  });

  it('logs what a service refuses for lack of strength no more than its own refusals', async () => {
    const lines: string[] = [];
    const { url } = await start(createOverloadGate({ maxDelayMs: 0 }), lines);
    const shed = await request(url, 'POST /api/fail', {
      body: { code: 14, retry_after_seconds: 3, reason: 'UNAVAILABLE' },
    });
    expect([shed.status, shed.headers.get('retry-after'), lines]).toEqual([503, '3', []]);
    const fault = await request(url, 'POST /api/fail', { body: { code: 14, reason: 'UNAVAILABLE' } });
    expect([fault.status, lines.length]).toEqual([503, 1]);
  });

  it('tells its share and its refusals in metrics', async () => {
    running = await startTestGateway({ MAX_CONCURRENT_CALLS: '1', OVERLOAD_MAX_DELAY_MS: '0' });
    const { url, metricsUrl } = running;
    const slow = request(url, 'POST /api/wait', { body: { milliseconds: 60_000 } }).catch(() => undefined);
    await waitFor('the slow call', () => seen.waiting);
    expect((await request(url, 'GET /api/shelves/s1/books/b1')).status).toBe(503);
    const text = await (await fetch(`${metricsUrl}/metrics`)).text();
    expect(text).toContain('mawid_shed_calls_total{reason="calls"} 1');
    expect(text).toContain('mawid_admitted_share 1');
    await running.stopService();
    await slow;
  });
});

describe('a request whose body is on its way', () => {
  const post = (body: string) =>
    `POST /api/shelves/s1/books HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const body = '{"title":"Slow"}';

  function dial(text: string) {
    const socket = connect(Number(new URL(running?.url ?? '').port), '127.0.0.1').setEncoding('latin1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.write(text);
    return { socket, answer: new Promise<string>((resolve) => socket.once('close', () => resolve(answer))) };
  }

  it('holds no place until it is there, and takes one then', async () => {
    const overload = createOverloadGate({ maxDelayMs: 0, maxConcurrentCalls: 2 });
    const { url } = await start(overload);
    const slow = Array.from({ length: 5 }, () => dial(post(body) + body.slice(0, 4)));
    await request(url, 'GET /api/books/newest');
    await waitFor('no place taken', () => overload.inFlight('unary') === 0);
    expect((await request(url, 'GET /api/shelves/s1/books/b1')).status).toBe(200);
    for (const { socket } of slow) socket.write(body.slice(4));
    const statuses = await Promise.all(slow.map(async ({ answer }) => (await answer).slice(9, 12)));
    expect(statuses.filter((status) => status !== '503').length).toBeGreaterThanOrEqual(2);
    expect(overload.inFlight('unary')).toBe(0);
  });

  it('gives nothing back that it does not hold when its client leaves', async () => {
    const overload = createOverloadGate({ maxDelayMs: 0 });
    const { url } = await start(overload);
    const { socket, answer } = dial(post(body));
    await request(url, 'GET /api/books/newest');
    socket.destroy();
    await answer;
    await request(url, 'GET /api/books/newest');
    await waitFor('none', () => overload.inFlight('unary') === 0);
  });

  it('is refused when the places are taken by then', async () => {
    const overload = createOverloadGate({ maxDelayMs: 0, maxConcurrentCalls: 1 });
    await start(overload);
    const slow = dial(post(body));
    await waitFor('its headers', () => overload.inFlight('unary') === 0);
    await request(running?.url ?? '', 'GET /api/books/newest');
    overload.enter({ kind: 'unary', isCritical: false });
    slow.socket.write(body);
    expect((await slow.answer).slice(9, 12)).toBe('503');
    overload.leave('unary');
    expect(overload.inFlight('unary')).toBe(0);
  });
});

describe('a request that is over', () => {
  it('gives its place back, even one sent behind another on a connection that broke', async () => {
    const overload = createOverloadGate({ maxDelayMs: 0 });
    const { url } = await start(overload);
    seen.waiting = false;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const post =
      'POST /api/wait HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{"milliseconds":2000}';
    socket.write(post.repeat(5));
    await waitFor('all of them', () => overload.inFlight('unary') === 5);
    socket.destroy();
    await waitFor('none of them', () => overload.inFlight('unary') === 0);
    await request(url, 'GET /api/books/newest');
    await waitFor('none', () => overload.inFlight('unary') === 0);
  });
});
