import { afterEach, describe, expect, it } from '@jest/globals';
import { request, sendRaw } from './support/client.ts';
import { openStream } from './support/event-reader.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';
import { streamApi } from './support/streams.ts';

let api: TestGateway | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function startLogging(accessLog: string | undefined, testApi?: typeof streamApi) {
  const lines: Record<string, unknown>[] = [];
  const log = (line: object, message: string): void => void lines.push({ ...line, message });
  const logger = { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, child: () => logger };
  const env = accessLog === undefined ? {} : { GATEWAY_ACCESS_LOG: accessLog };
  api = await startTestGateway(env, testApi, { logger: logger as never });
  return { url: api.url, requests: () => lines.filter((line) => line.message === 'request') };
}

describe('the access log', () => {
  it('has a line for each refused request, with nothing of what was sent', async () => {
    const { url, requests } = await startLogging(undefined);
    await request(url, 'GET /api/titles');
    await request(url, 'GET /livez');
    await request(url, 'GET /api/books?page_token=%2B966512345678&page_size=x', {
      headers: { 'x-request-id': 'r-1', authorization: 'Bearer customer' },
    });
    await request(url, 'GET /api/+966512345678/nope');
    expect(requests()).toEqual([
      {
        message: 'request',
        method: 'GET',
        route: '/api/books',
        status: 400,
        reason: 'MALFORMED_REQUEST',
        duration_ms: expect.any(Number),
        request_id: 'r-1',
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      expect.objectContaining({ route: 'none', status: 404, reason: 'NOT_FOUND' }),
    ]);
    expect(JSON.stringify(requests())).not.toContain('966');
  });

  it.each([
    ['all', [200, 404]],
    ['none', []],
  ])('has what it is set to: %s', async (setting, statuses) => {
    const { url, requests } = await startLogging(setting);
    await request(url, 'GET /api/titles');
    await request(url, 'GET /api/nope');
    await request(url, 'GET /livez');
    expect(requests().map((line) => line.status)).toEqual(statuses);
  });

  it('tells of a stream when it has ended', async () => {
    const { url, requests } = await startLogging('all', streamApi);
    const stream = await openStream(`${url}/s/watch?count=1&stays=true`);
    await stream.until('id: 1');
    expect(requests()).toEqual([]);
    stream.close();
    for (let round = 0; round < 500 && requests().length === 0; round++) await new Promise((go) => setTimeout(go, 10));
    expect(requests()).toMatchObject([{ route: '/s/watch', status: 200, stream: 'client_gone' }]);
  });

  it('has a line for a stream that failed after its 200', async () => {
    const { url, requests } = await startLogging(undefined, streamApi);
    for (const failCode of [0, 13]) await request(url, `GET /s/watch?count=1&fail_code=${failCode}`);
    expect(requests()).toMatchObject([{ route: '/s/watch', status: 200, stream: 'failed' }]);
  });

  it.each([
    ['SSH-2.0-x 966512345678\r\n\r\n', 400],
    [`GET /${'9'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431],
  ])('has a line for bytes that are no request, with nothing of them: %.10s', async (text, status) => {
    const { requests } = await startLogging(undefined);
    const answer = await sendRaw(api?.gateway.port ?? 0, text);
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    expect(requests()).toEqual([
      { message: 'request', route: 'none', status, reason: 'MALFORMED_REQUEST', request_id: requestId },
    ]);
  });

  it('has one line, of the request, where its body is no HTTP', async () => {
    const { requests } = await startLogging(undefined);
    const head = 'POST /api/kinds HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nTransfer-Encoding: chunked\r\n\r\n';
    await sendRaw(api?.gateway.port ?? 0, `${head}xyz\r\n`);
    expect(requests()).toMatchObject([{ method: 'POST', route: '/api/kinds', status: 400, request_id: 'mine' }]);
  });
});
