import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema, RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { createTestNats, type TestNats } from '@mawid/dev-stack';
import { LibraryService } from './gen/gateway/test/v1/library_service_pb.js';
import { request } from './support/client.ts';
import { library, librarySources } from './support/library.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

/** What a service refuses with when a budget of its own is spent; `isNamed` where it says which one. */
function refusal(isNamed: boolean): ConnectError {
  const error = new ConnectError('spent', Code.ResourceExhausted);
  const info = { reason: 'RATE_LIMITED', domain: 'mawid', metadata: { retry_after_seconds: '58' } };
  error.details.push({ desc: ErrorInfoSchema, value: info });
  error.details.push({ desc: RetryInfoSchema, value: { retryDelay: { seconds: 58n } } });
  if (!isNamed) return error;
  error.metadata.set('ratelimit-policy', '"phone";q=5;w=900');
  error.metadata.set('ratelimit', '"phone";r=0;t=58');
  return error;
}

let nats: TestNats;
let gateway: TestGateway;

beforeAll(async () => {
  nats = await createTestNats();
  await nats.start();
  const env = { NATS_URL: nats.url, RATE_LIMITS: 'on', RATE_LIMIT_WRITE: 'user=30/1m;address=600/1m' };
  const fail: typeof library.fail = (asked, context) => {
    if (asked.reason === 'named' || asked.reason === 'unnamed') throw refusal(asked.reason === 'named');
    return library.fail?.(asked, context) as never;
  };
  gateway = await startTestGateway(env, {
    routes: (router) => void router.service(LibraryService, { ...library, fail }),
    sources: librarySources,
  });
});

afterAll(async () => {
  await gateway.close();
  await nats.close();
});

async function limitsTold(reason: string): Promise<Record<string, string | number | null>> {
  const { status, headers, json } = await request(gateway.url, 'POST /api/fail', { body: { reason } });
  const told = ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => [name, headers.get(name)]);
  return { status, wait: json.retry_after_seconds, ...Object.fromEntries(told) };
}

describe('a limit of a service', () => {
  it('A3: is told in place of the gateway’s own: one policy, nothing left of it, and the same wait everywhere', async () => {
    expect(await limitsTold('named')).toEqual({
      status: 429,
      wait: 58,
      'ratelimit-policy': '"phone";q=5;w=900',
      ratelimit: '"phone";r=0;t=58',
      'retry-after': '58',
    });
  });

  it('that is not named leaves the gateway’s own fields, and says how long to wait', async () => {
    expect(await limitsTold('unnamed')).toEqual({
      status: 429,
      wait: 58,
      'ratelimit-policy': '"write-user";q=30;w=60, "write-address";q=600;w=60',
      ratelimit: expect.stringMatching(/^"write-address";r=\d+;t=\d+$/),
      'retry-after': '58',
    });
  });
});
