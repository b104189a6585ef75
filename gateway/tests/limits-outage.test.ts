import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestNats, type TestNats } from '@mawid/dev-stack';
import { request } from './support/client.ts';
import { type LimitedGateway, type LimitedWorld, lines, startLimitedWorld, until } from './support/limited.ts';

const env = {
  RATE_LIMIT_SPEND: 'address=3/10m',
  RATE_LIMIT_SIGN_IN: 'address=4/10m',
  RATE_LIMIT_READ: 'address=1000/10m',
};

let nats: TestNats;
let world: LimitedWorld;
let gateway: LimitedGateway;

beforeAll(async () => {
  nats = await createTestNats();
  world = await startLimitedWorld({ ...env, NATS_URL: nats.url });
  // Nothing listens there yet.
  gateway = await world.startReplica();
});

afterAll(async () => {
  await world.close();
  await nats.close();
});

async function statusesOf(line: string, times: number, address: string): Promise<number[]> {
  const statuses = [];
  for (let time = 0; time < times; time += 1) statuses.push((await gateway.send(line, { address })).status);
  return statuses;
}

let asked = 0;
/** With an address of its own for each question, none of which is ever over its limit. */
function answers(status: number): Promise<void> {
  return until(async () => {
    asked += 1;
    const address = `198.51.${asked >> 8}.${asked & 255}`;
    return (await gateway.send(lines.spend, { address })).status === status;
  });
}

const opens = () => answers(200);
const shuts = () => answers(503);

// The tests go one after the other through the life of one gateway.
describe('while NATS is away', () => {
  it('A8: the gateway starts and is ready, reads are open, and what spends money is shut', async () => {
    expect((await gateway.send('GET /readyz')).status).toBe(200);
    expect((await gateway.send(lines.read)).status).toBe(200);
    const shut = await gateway.send(lines.spend, { headers: { 'accept-language': 'en' } });
    expect([shut.status, shut.json.code, shut.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '2']);
    expect(shut.json).toMatchObject({ retry_after_seconds: 2, type: '/docs/errors/UNAVAILABLE' });
    expect(shut.headers.get('ratelimit-policy')).toBe('"spend-address";q=3;w=600');
  });

  it("A8: signing in, refreshing included, is open within this replica's own count", async () => {
    expect(await statusesOf(lines.signIn, 6, '203.0.113.20')).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('the failures are counted', async () => {
    const { text } = await request(gateway.metricsUrl, 'GET /metrics');
    expect(text).toMatch(/mawid_gateway_limit_store_failures_total\{rate_class="spend"\} [1-9]/);
  });
});

describe('when NATS comes', () => {
  it('what spends money opens, and its limit holds', async () => {
    await nats.start();
    await opens();
    expect(await statusesOf(lines.spend, 5, '203.0.113.30')).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('while NATS holds its connections and answers nothing', () => {
  it('spending is shut, signing in is open, and both recover', async () => {
    await nats.freeze();
    await shuts();
    expect(await statusesOf(lines.signIn, 5, '203.0.113.40')).toEqual([200, 200, 200, 200, 429]);
    await nats.thaw();
    await opens();
    expect(await statusesOf(lines.spend, 4, '203.0.113.41')).toEqual([200, 200, 200, 429]);
  });
});

describe('when NATS goes and comes back', () => {
  it('spending is shut again, reading and signing in are not', async () => {
    await nats.stop();
    await shuts();
    expect((await gateway.send(lines.read)).status).toBe(200);
    expect(await statusesOf(lines.signIn, 5, '203.0.113.32')).toEqual([200, 200, 200, 200, 429]);
  });

  it('the limits hold again, with what was used before', async () => {
    await nats.start();
    await opens();
    expect(await statusesOf(lines.spend, 1, '203.0.113.30')).toEqual([429]);
    expect(await statusesOf(lines.spend, 4, '203.0.113.33')).toEqual([200, 200, 200, 429]);
    // Also for a replica that remembers nothing.
    const fresh = await world.startReplica();
    expect((await fresh.send(lines.spend, { address: '203.0.113.30' })).status).toBe(429);
  });
});
