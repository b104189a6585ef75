import { connect } from 'node:net';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request, sendRaw } from './support/client.ts';
import { openStream, until } from './support/event-reader.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';
import { seen, streamApi } from './support/streams.ts';

let api: TestGateway;

beforeAll(async () => {
  const env = {
    GATEWAY_STREAM_HEARTBEAT_MS: '100',
    GATEWAY_STREAM_STALL_MS: '300',
    GATEWAY_STREAMS_PER_CALLER: '3',
    GATEWAY_REQUEST_TIMEOUT_MS: '600',
    CORS_ORIGINS: 'https://app.mawid.sa',
  };
  api = await startTestGateway(env, streamApi);
});
afterAll(() => api.close());
beforeEach(async () => {
  await until(() => seen.open === 0);
  Object.assign(seen, { sent: 0, lastAfterId: '' });
});

const events = { accept: 'text/event-stream' };

function tokenOf(claims: object): string {
  return `Bearer customer.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
}

async function metric(line: string): Promise<number> {
  const { text } = await request(api.metricsUrl, 'GET /metrics');
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(line))
      ?.split(' ')[1] ?? 0,
  );
}

describe('a stream of events', () => {
  it('has a retry hint, one event a message with its id, and an end', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=2`, { ...events, origin: 'https://app.mawid.sa' });
    expect(await stream.ended).toBe(true);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': 'https://app.mawid.sa',
      'x-request-id': expect.any(String),
      traceresponse: expect.any(String),
    });
    expect(stream.response.statusCode).toBe(200);
    expect(stream.text()).toMatch(
      /^retry: \d+\n\nid: 1\ndata: {"notice_id":"1","text":"notice 1\\n"}\n\nid: 2\ndata: .*\n\n$/,
    );
  });

  it.each([['*/*'], ['text/*'], ['text/event-stream;q=0.5, application/json'], [undefined]])(
    'is given for Accept: %s',
    async (accept) => {
      const stream = await openStream(`${api.url}/s/watch?count=1`, accept === undefined ? {} : { accept });
      await stream.ended;
      expect(stream.response.headers['content-type']).toBe('text/event-stream');
    },
  );

  it.each([['application/json'], ['text/html'], ['text/event-stream;q=0'], ['']])(
    'is refused for Accept: %s, unless it is empty',
    async (accept) => {
      const reply = await request(api.url, 'GET /s/watch?count=1', { headers: { accept } });
      if (accept === '') expect(reply.status).toBe(200);
      else
        expect(reply).toMatchObject({
          status: 406,
          json: { code: 'NOT_ACCEPTABLE', metadata: { accept: 'text/event-stream' } },
        });
    },
  );

  it('goes on after the Last-Event-ID, which wins over the query', async () => {
    const resumed = await openStream(`${api.url}/s/watch?count=1&after_id=3`, { ...events, 'last-event-id': '7' });
    await resumed.ended;
    expect(resumed.text()).toContain('id: 8\n');
    const first = await openStream(`${api.url}/s/watch?count=1&after_id=3`, events);
    await first.ended;
    expect(first.text()).toContain('id: 4\n');
  });

  it('can be asked for by POST, and shows a field of each message', async () => {
    const posted = await request(api.url, 'POST /s/watch', { body: { count: 1 }, headers: events });
    expect(posted.text).toContain('id: 1\ndata: ');
    const texts = await request(api.url, 'GET /s/texts?count=1', { headers: events });
    expect(texts.text).toContain('id: 1\ndata: "notice 1\\n"\n\n');
  });

  it('starts though there is nothing to tell, and shows signs of life', async () => {
    const stream = await openStream(`${api.url}/s/watch?stays=true`, events);
    expect(stream.response.statusCode).toBe(200);
    await stream.until(/retry: \d+\n\n(:\n\n){3}/);
    stream.close();
    await until(() => seen.open === 0);
  });

  it('answers HEAD without a call', async () => {
    const reply = await request(api.url, 'HEAD /s/watch?stays=true', { headers: events });
    expect([reply.status, reply.headers.get('content-type'), seen.open]).toEqual([200, 'text/event-stream', 0]);
    expect((await request(api.url, 'HEAD /s/own', { headers: events })).status).toBe(401);
    const options = await request(api.url, 'OPTIONS /s/watch');
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });

  it('is an ordinary problem where it fails before it has begun', async () => {
    const path = `/s/watch?fail_code=${Code.FailedPrecondition}&fail_reason=STALE_ETAG`;
    const reply = await request(api.url, `GET ${path}`, { headers: { ...events, 'accept-language': 'ar' } });
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('content-language')]).toEqual([
      412,
      'application/problem+json',
      'ar',
    ]);
    expect((await request(api.url, 'GET /s/watch?nope=1', { headers: events })).status).toBe(400);
    expect((await request(api.url, 'GET /s/own', { headers: events })).status).toBe(401);
  });

  it('tells an error after the start as an event in the language of the caller, and ends', async () => {
    const path = `/s/watch?count=1&fail_code=${Code.FailedPrecondition}&fail_reason=STALE_ETAG`;
    const stream = await openStream(api.url + path, { ...events, 'accept-language': 'ar' });
    expect(await stream.ended).toBe(true);
    const [, json = ''] = /event: error\ndata: (.*)\n\n$/.exec(stream.text()) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      code: 'STALE_ETAG',
      status: 412,
      instance: '/s/watch',
      trace_id: expect.any(String),
      detail: expect.stringContaining('تم تعديل'),
    });
  });

  it('tells nothing of what a service did not mean for clients', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=1&fail_code=${Code.Internal}`, events);
    await stream.ended;
    expect(stream.text()).toContain('"code":"INTERNAL"');
    expect(stream.text()).not.toContain('inner words');
  });

  it('cancels the call when the client goes away', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=1&stays=true`, events);
    await stream.until('id: 1');
    expect(seen.open).toBe(1);
    stream.close();
    await until(() => seen.open === 0);
  });

  it('ends with the token that opened it, and says why', async () => {
    const authorization = tokenOf({ sub: 'u1', exp: Date.now() + 1_500 });
    const stream = await openStream(`${api.url}/s/own?count=1&stays=true`, { ...events, authorization });
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/id: 1\n[\s\S]*event: error\ndata: .*"code":"UNAUTHENTICATED"/);
    await until(() => seen.open === 0);
  });

  it('is one of few that a user has, wherever from; others have theirs', async () => {
    const url = `${api.url}/s/own?count=1&stays=true`;
    const own = { ...events, authorization: tokenOf({ sub: 'u1' }) };
    const open = [];
    for (let count = 0; count < 3; count++) open.push(await openStream(url, own));
    const refused = await request(api.url, 'GET /s/own?stays=true', { headers: own });
    expect([refused.status, refused.json.code, Number(refused.headers.get('retry-after')) > 0]).toEqual([
      429,
      'RATE_LIMITED',
      true,
    ]);
    open.push(await openStream(url, { ...events, authorization: tokenOf({ sub: 'u2' }) }));
    expect(await metric('mawid_gateway_streams{http_route="/s/own"}')).toBe(4);
    open[0]?.close();
    await until(() => seen.open === 3);
    open.push(await openStream(url, own));
    for (const stream of open) stream.close();
    await until(() => seen.open === 0);
    expect(await metric('mawid_gateway_streams{http_route="/s/own"}')).toBe(0);
    expect(await metric('mawid_gateway_stream_ends_total{http_route="/s/own",outcome="client_gone"}')).toBeGreaterThan(
      4,
    );
  });

  it('waits for a slow client instead of holding what it does not read, and cuts one that takes nothing', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=2000&size=65536`, events);
    await stream.until('id: 1');
    stream.response.pause();
    await until(() => seen.open === 0);
    // What is on its way lies in the buffers of three sockets; it is far from the 131 MB that were there to send.
    expect(seen.sent).toBeLessThan(1_000);
    stream.response.resume();
    expect(await stream.ended).toBe(false);
    expect(await metric('mawid_gateway_stream_ends_total{http_route="/s/watch",outcome="stalled"}')).toBe(1);
  });

  it('is not mixed with the refusal of what comes after its request', async () => {
    const text = await sendRaw(api.gateway.port, 'GET /s/watch?count=1&stays=true HTTP/1.1\r\nHost: x\r\n\r\n', {
      after: 'id: 1',
      more: 'no HTTP at all\r\n\r\n',
    });
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    await until(() => seen.open === 0);
  });

  it('gives its place back also where it waited behind another one on its connection', async () => {
    const line = 'GET /s/watch?count=1&stays=true HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = connect(api.gateway.port, '127.0.0.1', () => socket.write(line + line + line));
    await until(() => seen.open === 3);
    expect(await metric('mawid_gateway_streams{http_route="/s/watch"}')).toBe(3);
    socket.destroy();
    await until(() => seen.open === 0);
    expect(await metric('mawid_gateway_streams{http_route="/s/watch"}')).toBe(0);
  });

  it('comes whole to a client that reads, however much it is', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=200&size=100000`, events);
    expect(await stream.ended).toBe(true);
    expect(stream.text().match(/^data: /gm)).toHaveLength(200);
    expect(stream.text().length).toBeGreaterThan(20_000_000);
  });
});

describe('a stream of HttpBody', () => {
  it('is one download of the type of its first part', async () => {
    const reply = await request(api.url, 'GET /s/download?content_type=text/csv&count=3&size=2');
    expect([reply.status, reply.headers.get('content-type'), reply.text]).toEqual([200, 'text/csv', 'aabbcc']);
    expect(reply.headers.get('content-length')).toBeNull();
  });

  it('may be empty, and large', async () => {
    const empty = await request(api.url, 'GET /s/download?count=0');
    expect([empty.status, empty.headers.get('content-type'), empty.text]).toEqual([
      200,
      'application/octet-stream',
      '',
    ]);
    const large = await request(api.url, 'GET /s/download?count=20&size=1000000');
    expect(large.text.length).toBe(20_000_000);
    const head = await request(api.url, 'HEAD /s/download?count=2&size=9&content_type=a/b');
    expect([head.status, head.headers.get('content-type'), head.text]).toEqual([200, 'a/b', '']);
  });

  it('is a problem where nothing has come, and cut where something has', async () => {
    const early = await request(api.url, `GET /s/download?fail_code=${Code.NotFound}`);
    expect([early.status, early.json.code]).toEqual([404, 'NOT_FOUND']);
    const late = await request(api.url, 'GET /s/download?count=1&wait_ms=60000');
    expect([late.status, late.json.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
    const cut = await openStream(`${api.url}/s/download?count=2&size=5&fail_code=${Code.Unavailable}`);
    expect(await cut.ended).toBe(false);
  });
});
