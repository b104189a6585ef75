import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { heartbeat } from '../src/rest/stream/event-text.ts';
import { request } from './support/client.ts';
import { openStream, until } from './support/event-reader.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';
import { seen, streamApi } from './support/streams.ts';

let api: TestGateway;
/** What the verifier makes of tokens, and how often it was asked. */
let answer: () => Promise<{ role: string; userId: string } | undefined>;
let asked: number;

beforeAll(async () => {
  const verify = () => {
    asked += 1;
    return answer();
  };
  api = await startTestGateway({ GATEWAY_STREAM_HEARTBEAT_MS: '100' }, streamApi, { verifier: { verify } });
});

afterAll(() => api.close());

beforeEach(async () => {
  await until(() => seen.open === 0);
  answer = async () => ({ role: 'customer', userId: 'u1' });
  asked = 0;
});

const headers = { accept: 'text/event-stream', authorization: 'Bearer of-u1' };

function open(path: string) {
  return openStream(`${api.url}${path}?count=1&stays=true`, headers);
}

describe('the session of an open event stream', () => {
  it.each(['/s/own', '/s/watch'])(
    'T9: ends the stream at the next heartbeat after it has ended, as the end of the token would: %s',
    async (path) => {
      const stream = await open(path);
      await stream.until('id: 1');
      answer = async () => undefined;
      expect(await stream.ended).toBe(true);
      expect(stream.text()).toMatch(/id: 1\n[\s\S]*event: error\ndata: .*"code":"UNAUTHENTICATED".*\n\n$/);
      await until(() => seen.open === 0);
      const { text } = await request(api.metricsUrl, 'GET /metrics');
      expect(text).toContain(`mawid_gateway_stream_ends_total{http_route="${path}",outcome="token_expired"} 1`);
    },
  );

  it('is asked about at each heartbeat, and leaves the stream open while it lives or nobody can tell', async () => {
    const stream = await open('/s/own');
    await stream.until('id: 1');
    await until(() => asked >= 3);
    answer = () => Promise.reject(new Error('the keys cannot be fetched'));
    const askedBefore = asked;
    await until(() => asked >= askedBefore + 3);
    expect([seen.open, stream.text().includes('event: error')]).toEqual([1, false]);
    stream.close();
    await until(() => seen.open === 0);
  });

  it('is nothing to a stream that no token opened', async () => {
    const stream = await openStream(`${api.url}/s/watch?count=1&stays=true`, { accept: headers.accept });
    await stream.until(heartbeat);
    expect(asked).toBe(0);
    stream.close();
  });
});
