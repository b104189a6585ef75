import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestNats, type TestNats } from '@mawid/dev-stack';
import { connectNats } from '@mawid/service-kit';
import { createTestClock } from '@mawid/service-kit/testing';
import { createKeyDigest } from '../src/limits/key-digest.ts';
import { request } from './support/client.ts';
import { countStatus, type LimitedWorld, lines, startLimitedWorld, until } from './support/limited.ts';

let nats: TestNats;
let world: LimitedWorld | undefined;

beforeAll(async () => {
  nats = await createTestNats();
  await nats.start();
});

afterAll(() => nats.close());

afterEach(async () => {
  await world?.close();
  world = undefined;
});

let last = 0;
/** A key of its own for each test, so that they share one server. */
function settings(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  last += 1;
  return { NATS_URL: nats.url, RATE_LIMIT_KEY: `test-${last}`, ...env };
}

async function start(env: NodeJS.ProcessEnv = {}) {
  world = await startLimitedWorld(settings(env));
  return world;
}

describe('a limit', () => {
  it('answers 429 with the RateLimit fields, Retry-After and the wait in the body, in the language asked for', async () => {
    const gateway = await (await start({ RATE_LIMIT_SPEND: 'user=5/10m;address=2/10m' })).startReplica();
    const first = await gateway.send(lines.spend);
    const policy = '"spend-user";q=5;w=600, "spend-address";q=2;w=600';
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([200, policy]);
    expect(first.headers.get('ratelimit')).toMatch(/^"spend-address";r=1;t=\d+$/);
    await gateway.send(lines.spend);
    const refused = await gateway.send(lines.spend, { headers: { 'accept-language': 'ar' } });
    const wait = Number(refused.headers.get('retry-after'));
    expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(wait).toBeGreaterThan(590);
    expect(wait).toBeLessThanOrEqual(600);
    expect(refused.headers.get('ratelimit')).toBe(`"spend-address";r=0;t=${wait}`);
    expect(refused.headers.get('ratelimit-policy')).toBe(policy);
    expect(refused.headers.get('content-language')).toBe('ar');
    expect(refused.json).toMatchObject({
      type: '/docs/errors/RATE_LIMITED',
      code: 'RATE_LIMITED',
      status: 429,
      detail: `طلبات كثيرة جدًا. حاول مرة أخرى بعد ${wait} ثانية.`,
      retry_after_seconds: wait,
    });
    const metrics = await request(gateway.metricsUrl, 'GET /metrics');
    expect(metrics.text).toContain('mawid_gateway_rate_limited_total{rate_class="spend",kind="address"} 1');
  });

  it('is one per class, and one per user beside the one per address', async () => {
    const env = { RATE_LIMIT_READ: 'user=2/1m;address=5/1m', RATE_LIMIT_WRITE: 'address=1/1m' };
    const gateway = await (await start(env)).startReplica();
    const statuses = async (line: string, users: string[]) => {
      const all = [];
      for (const user of users) all.push((await gateway.send(line, { user })).status);
      return all;
    };
    expect(await statuses(lines.read, ['user-a', 'user-a', 'user-a'])).toEqual([200, 200, 429]);
    expect(await statuses(lines.write, ['user-a', 'user-b'])).toEqual([204, 429]);
    // What was refused did not count: there is room for three more at this address.
    expect(await statuses(lines.read, ['user-b', 'user-b', 'user-c', 'user-d'])).toEqual([200, 200, 200, 429]);
  });

  it('shows the tighter one, also on answers that are refused for another reason', async () => {
    const env = { RATE_LIMIT_READ: 'user=9/1m;address=4/1m', RATE_LIMIT_WRITE: 'user=9/1m;address=20/1m' };
    const gateway = await (await start(env)).startReplica();
    const read = await gateway.send(lines.read, { user: 'user-a' });
    expect(read.headers.get('ratelimit')).toMatch(/^"read-address";r=3;t=\d+$/);
    const write = await gateway.send('POST /api/manage', { user: 'user-a' });
    expect([write.status, write.headers.get('ratelimit')?.replace(/t=.*/, '')]).toEqual([403, '"write-user";r=8;']);
  });

  it('of the address is looked at before the token and the body; that of the user only for a valid token', async () => {
    const gateway = await (await start({ RATE_LIMIT_WRITE: 'user=1/1m;address=3/1m' })).startReplica();
    const claimed = { headers: { authorization: 'Bearer forged-user-a' } };
    expect((await gateway.send('POST /api/manage', claimed)).status).toBe(401);
    expect((await gateway.send('POST /api/manage', claimed)).status).toBe(401);
    expect((await gateway.send('DELETE /api/books/1', { user: 'user-a' })).status).toBe(204);
    expect((await gateway.send('POST /api/manage', claimed)).status).toBe(429);
    const tooLarge = await request(gateway.url, 'POST /api/kinds', { body: 'x'.repeat(400_000) });
    expect(tooLarge.status).toBe(429);
  });

  it('counts HEAD as reading, and neither OPTIONS nor the system routes nor unknown paths', async () => {
    const gateway = await (await start({ RATE_LIMIT_READ: 'address=2/1m' })).startReplica();
    for (const line of ['OPTIONS /api/books/b1', 'GET /livez', 'GET /readyz', 'GET /api/nothing', 'POST /api/titles']) {
      const reply = await gateway.send(line);
      expect([line, reply.headers.get('ratelimit-policy')]).toEqual([line, null]);
    }
    const statuses = [];
    for (const line of ['HEAD /api/books/b1', lines.read, lines.read, 'HEAD /api/books/b1'])
      statuses.push((await gateway.send(line)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await gateway.send('GET /livez')).status).toBe(200);
  });

  it('lets browsers of allowed origins read its fields', async () => {
    const gateway = await (await start({ CORS_ORIGINS: 'https://app.mawid.sa' })).startReplica();
    const reply = await gateway.send(lines.read, { headers: { origin: 'https://app.mawid.sa' } });
    const exposed = reply.headers.get('access-control-expose-headers') ?? '';
    expect(exposed.split(', ')).toEqual(expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']));
  });

  it('can be switched off', async () => {
    const env = { RATE_LIMITS: 'off', RATE_LIMIT_SPEND: 'address=1/10m', NATS_URL: 'nats://127.0.0.1:9' };
    const gateway = await (await start(env)).startReplica();
    const replies = [await gateway.send(lines.spend), await gateway.send(lines.spend)];
    expect(replies.map(({ status, headers }) => [status, headers.get('ratelimit-policy')])).toEqual([
      [200, null],
      [200, null],
    ]);
  });
});

describe('the address', () => {
  it.each([
    ['the same IPv4', '203.0.113.7', '203.0.113.7', 429],
    ['another IPv4', '203.0.113.7', '203.0.113.8', 200],
    ['an IPv4 mapped into IPv6', '203.0.113.7', '::ffff:203.0.113.7', 429],
    ['another host of an IPv6 /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 429],
    ['another IPv6 /64', '2001:db8:1:2::1', '2001:db8:1:3::1', 200],
  ])('counts %s as it should', async (_, first, second, expected) => {
    const gateway = await (await start({ RATE_LIMIT_READ: 'address=1/1m' })).startReplica();
    await gateway.send(lines.read, { address: first });
    expect((await gateway.send(lines.read, { address: second })).status).toBe(expected);
  });

  it("is the connection's where nobody trusted says otherwise", async () => {
    const env = { RATE_LIMIT_READ: 'address=2/1m', TRUSTED_PROXIES: '192.0.2.0/24' };
    const gateway = await (await start(env)).startReplica();
    const statuses = [];
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
      statuses.push((await gateway.send(lines.read, { address })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('is the one before the trusted proxy, whatever the client put in front', async () => {
    const gateway = await (await start({ RATE_LIMIT_READ: 'address=1/1m' })).startReplica();
    await gateway.send(lines.read, { address: '203.0.113.7' });
    expect((await gateway.send(lines.read, { address: '8.8.8.8, 203.0.113.7' })).status).toBe(429);
  });
});

describe.each(['spend', 'signIn'] as const)('an exact limit (%s)', (name) => {
  const setting = name === 'spend' ? 'RATE_LIMIT_SPEND' : 'RATE_LIMIT_SIGN_IN';

  it('lets exactly so many through, over all replicas at once', async () => {
    const replicas = await start({ [setting]: 'user=10/10m;address=1000/10m' });
    const gateways = [await replicas.startReplica(), await replicas.startReplica()];
    const sends = Array.from({ length: 30 }, (_, index) => gateways[index % 2]?.send(lines[name], { user: 'user-a' }));
    const replies = await Promise.all(sends);
    const statuses = replies.map((reply) => ({ status: reply?.status ?? 0 }));
    expect([countStatus(statuses, 200), countStatus(statuses, 429)]).toEqual([10, 20]);
    expect((await gateways[0]?.send(lines[name], { user: 'user-b' }))?.status).toBe(200);
  });

  it('is not reset by a new replica', async () => {
    const replicas = await start({ [setting]: 'address=3/10m' });
    const gateway = await replicas.startReplica();
    for (let time = 0; time < 3; time += 1) await gateway.send(lines[name]);
    await gateway.close();
    const reply = await (await replicas.startReplica()).send(lines[name]);
    expect([reply.status, Number(reply.headers.get('retry-after')) > 500]).toEqual([429, true]);
  });

  it('slides: there is room again when the oldest use leaves the window', async () => {
    const gateway = await (await start({ [setting]: 'address=2/1s' })).startReplica();
    const statuses: number[] = [];
    await until(async () => {
      statuses.push((await gateway.send(lines[name])).status);
      return (
        countStatus(
          statuses.map((status) => ({ status })),
          200,
        ) >= 6
      );
    });
    expect(statuses).toContain(429);
  });

  it('gives the address back what the user may not have', async () => {
    const gateway = await (await start({ [setting]: 'user=1/10m;address=3/10m' })).startReplica();
    const from = ['user-a', 'user-a', 'user-a', 'user-a', 'user-b', 'user-c', 'user-d'];
    const statuses = [];
    for (const user of from) statuses.push((await gateway.send(lines[name], { user })).status);
    expect(statuses).toEqual([200, 429, 429, 429, 200, 200, 429]);
  });
});

describe('a shared limit', () => {
  it('holds over replicas, but for what they have not yet told each other', async () => {
    const replicas = await start({ RATE_LIMIT_READ: 'address=100/10m' });
    const [one, other] = [await replicas.startReplica(), await replicas.startReplica()];
    let passed = 0;
    const send = async (gateway: typeof one) => {
      const reply = await gateway.send(lines.read);
      if (reply.status === 200) passed += 1;
      return reply;
    };
    for (let time = 0; time < 60; time += 1) await send(one);
    // The other one hears of it, with no request of its own but these.
    await until(async () => Number(/r=(\d+)/.exec((await send(other)).headers.get('ratelimit') ?? '')?.[1]) <= 45);
    let refused = 0;
    while (refused < 2) {
      refused = 0;
      for (const gateway of [one, other]) if ((await send(gateway)).status === 429) refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    // A replica tells of each twentieth of the limit; so much of each other's use it may not know, and what is on its way.
    expect(passed).toBeGreaterThanOrEqual(100);
    expect(passed).toBeLessThanOrEqual(100 + 5 + 5);
  });

  it('slides', async () => {
    const gateway = await (await start({ RATE_LIMIT_READ: 'address=2/1s' })).startReplica();
    const statuses: number[] = [];
    await until(async () => {
      statuses.push((await gateway.send(lines.read)).status);
      return (
        countStatus(
          statuses.map((status) => ({ status })),
          200,
        ) >= 5
      );
    });
    expect(statuses).toContain(429);
  });

  it('slides whatever becomes of the clock', async () => {
    const env = { RATE_LIMIT_READ: 'address=2/1s' };
    // It stands still, as one does that was set back.
    const gateway = await (await start()).startReplica(env, { clock: createTestClock(new Date()) });
    const send = async () => (await gateway.send(lines.read)).status;
    await until(async () => (await send()) === 429);
    await until(async () => (await send()) === 200);
  });

  it('takes no harm from messages of another make, and counts those of ours', async () => {
    const gateway = await (await start({ RATE_LIMIT_READ: 'address=20/10m' })).startReplica();
    const connection = await connectNats({ url: nats.url, name: 'test' });
    const key = createKeyDigest(`test-${last}`)('address 203.0.113.50');
    const usages = [['read-address', key, -5], ['read-address', key, 1e99], ['nothing', key, 1], [1], null, 'x'];
    const messages = ['junk', '{}', '[]', 'null', JSON.stringify({ from: 'x', usages })];
    for (const message of messages) connection.publish('limits-usage.v1', message);
    connection.publish('limits-usage.v1', JSON.stringify({ from: 'x', usages: [['read-address', key, 15]] }));
    await connection.flush();
    await connection.close();
    const reply = await gateway.send(lines.read, { address: '203.0.113.50' });
    await until(async () => {
      const { headers } = await gateway.send(lines.read, { address: '203.0.113.50' });
      return headers.get('ratelimit')?.startsWith('"read-address";r=0;') ?? false;
    });
    expect(reply.status).toBe(200);
    expect((await gateway.send(lines.read, { address: '203.0.113.51' })).status).toBe(200);
  });

  it("of providers is the address's alone", async () => {
    const gateway = await (await start({ RATE_LIMIT_PROVIDER: 'address=1/1m' })).startReplica();
    const first = await gateway.send(lines.provider, { user: 'user-a' });
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([200, '"provider-address";q=1;w=60']);
    expect((await gateway.send(lines.provider)).status).toBe(429);
  });
});
