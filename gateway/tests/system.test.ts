import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PortInUseError } from '@mawid/rpc';
import { loadConfig, startGateway } from '../src/service.ts';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway | undefined;
let keys: Server | undefined;

afterEach(async () => {
  await api?.close();
  keys?.close();
  api = undefined;
});

async function startKeys(): Promise<string> {
  const server = createServer((_, response) => void response.end('{"keys":[]}'));
  keys = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
}

describe('the system routes', () => {
  it('tell that the process lives, whether its services serve, and the metrics', async () => {
    api = await startTestGateway();
    expect((await request(api.url, 'GET /livez')).status).toBe(200);
    expect((await request(api.url, 'GET /readyz/')).json).toEqual({ status: 'ok', services: { test: true } });
    await request(api.url, 'GET /api/books/b1');
    expect((await request(api.url, 'POST /livez')).status).toBe(405);
    const metrics = await request(api.metricsUrl, 'GET /metrics');
    expect(metrics.text).toContain('http_route="/api/books/{book_id}",http_response_status_code="200"');
    expect((await request(api.url, 'GET /metrics')).status).toBe(404);
  });

  it('say "not ready" and 503 while a service is away', async () => {
    api = await startTestGateway();
    await api.stopService();
    expect((await request(api.url, 'GET /readyz')).json).toEqual({ status: 'not_ready', services: { test: false } });
    const reply = await request(api.url, 'GET /api/titles');
    expect([reply.status, reply.json.code, Number(reply.headers.get('retry-after')) > 0]).toEqual([
      503,
      'UNAVAILABLE',
      true,
    ]);
    expect(reply.text).not.toContain('127.0.0.1');
  });

  it('give the key set of identity, also while it is away', async () => {
    api = await startTestGateway({ IDENTITY_JWKS_URL: await startKeys() });
    expect((await request(api.url, 'GET /.well-known/jwks.json')).json).toEqual({ keys: [] });
    keys?.close();
    expect((await request(api.url, 'GET /.well-known/jwks.json')).status).toBe(200);
  });

  it('answer 503 for the key set where there never was one', async () => {
    api = await startTestGateway({ IDENTITY_JWKS_URL: 'http://127.0.0.1:9/jwks' });
    expect((await request(api.url, 'GET /.well-known/jwks.json')).status).toBe(503);
  });

  it('refuse wrong methods and say that keys are away as problems, with the ids of every answer', async () => {
    api = await startTestGateway({ IDENTITY_JWKS_URL: 'http://127.0.0.1:9/jwks' });
    for (const [line, status, code] of [
      ['POST /livez', 405, 'METHOD_NOT_ALLOWED'],
      ['DELETE /docs/errors/INTERNAL', 405, 'METHOD_NOT_ALLOWED'],
      ['GET /.well-known/jwks.json', 503, 'UNAVAILABLE'],
    ] as const) {
      const reply = await request(api.url, line);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
      expect(reply.json).toMatchObject({ status, code, type: `/docs/errors/${code}` });
      if (status === 405) expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      else expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const page = await request(api.url, 'GET /docs/errors/INTERNAL');
    expect(page.headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('explain each error in both languages', async () => {
    api = await startTestGateway();
    const page = await request(api.url, 'GET /docs/errors/UNAUTHENTICATED');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('Sign in to continue.');
    expect(page.text).toContain('dir="rtl"');
    expect((await request(api.url, 'GET /docs/errors/<script>')).status).toBe(404);
    expect((await request(api.url, 'GET /docs/errors/constructor')).status).toBe(404);
  });
});

describe('start and end', () => {
  it('let what is in flight end, and take nothing new', async () => {
    api = await startTestGateway();
    const waiting = request(api.url, 'POST /api/wait', { body: { milliseconds: 300 } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = api.gateway.close();
    const reply = await waiting;
    expect(reply.status).toBe(204);
    await closing;
    await expect(request(api.url, 'GET /livez')).rejects.toThrow();
  });

  it('refuse a port that is taken', async () => {
    api = await startTestGateway();
    const env = { GATEWAY_PORT: String(api.gateway.port), GATEWAY_METRICS_PORT: '0', LOG_LEVEL: 'silent' };
    await expect(startGateway(loadConfig(env), { transports: {} })).rejects.toThrow(PortInUseError);
  });

  it('name every wrong setting at once', () => {
    expect(() => loadConfig({ GATEWAY_PORT: 'x', TRUSTED_PROXIES: 'nowhere' })).toThrow(
      /GATEWAY_PORT.*TRUSTED_PROXIES/,
    );
  });

  it('cut a client that sends one byte a second', async () => {
    const { defaultHttpLimits, startHttpServer } = await import('../src/http/http-server.ts');
    const limits = { ...defaultHttpLimits, headersTimeoutMs: 300, requestTimeoutMs: 600, checkIntervalMs: 50 };
    const server = await startHttpServer((_, response) => void response.end(), { host: '127.0.0.1', port: 0 }, limits);
    const { connect } = await import('node:net');
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost:'));
    const answer = await new Promise<string>((resolve) => socket.on('data', (data) => resolve(String(data))));
    expect(answer).toContain('408');
    await server.drain(0);
  });
});
