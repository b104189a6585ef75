import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertProblem } from './support/bad-input/assert-problem.ts';
import { type ContractGateway, startContractGateway } from './support/bad-input/contract-gateway.ts';
import { flood } from './support/bad-input/flood.ts';
import type { RawReply } from './support/bad-input/read-replies.ts';

let api: ContractGateway;

beforeAll(async () => {
  api = await startContractGateway();
});
afterAll(() => api?.close());

/** Most of what a body may hold. */
const size = 262_000;

function fill(before: string, part: (index: number) => string, after: string): string {
  const parts: string[] = [];
  for (let length = before.length + after.length, index = 0; ; index++) {
    const next = part(index);
    length += next.length + 1;
    if (length > size) return `${before}${parts.join(',')}${after}`;
    parts.push(next);
  }
}

const id = '0192f000-0000-7000-8000-000000000001';

/** Large bodies of one kind each. What reads them must not take longer than in proportion, and what refuses them must not answer at length. */
const bodies: readonly [string, string, string][] = [
  ['empty items', 'POST /api/bookings', fill('{"items":[', () => '{}', ']}')],
  ['items that are wrong', 'POST /api/bookings', fill('{"items":[', () => '{"service_id":"x"}', ']}')],
  ['windows that are wrong', `PUT /api/staff/${id}/availability`, fill('{"weekly":[', () => '{}', ']}')],
  ['days that are wrong', `PUT /api/salons/${id}/hours`, fill('{"weekly":[', () => '{"opens":"x"}', ']}')],
  ['unknown members', 'POST /api/bookings', fill('{', (index) => `"k${index}":1`, '}')],
  ['one long name', 'POST /api/bookings', `{"${'k'.repeat(size - 10)}":1}`],
  ['one long name with a half pair at its cut', 'POST /api/bookings', `{"${'👩'.repeat(200)}x":1}`],
  ['one long text', 'POST /api/bookings', `{"salon_id":"${'x'.repeat(size - 20)}"}`],
  ['escapes', 'POST /api/bookings', `{"salon_id":"${'\\u0061'.repeat(size / 6 - 10)}"}`],
  ['quotes without an end', 'POST /api/bookings', `{"salon_id":"${'\\"'.repeat(size / 2 - 20)}`],
  ['digits', 'POST /api/bookings', `{"salon_id":${'1'.repeat(size - 20)}}`],
  ['brackets', 'POST /api/bookings', '['.repeat(size)],
  ['nested texts', 'POST /api/bookings', fill('{"items":[', () => '[[[[[[[["a"]]]]]]]]', ']}')],
  ['NUL characters', 'POST /api/bookings', fill('{"items":[', () => '{"service_id":"\\u0000"}', ']}')],
];

function ask(line: string, body: string): Promise<RawReply> {
  const role = line.includes('/bookings') ? 'customer' : 'manager';
  const head = `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${role}\r\nContent-Type: application/json`;
  const bytes = Buffer.from(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return new Promise((resolve, reject) => {
    const onReply = (_: number, reply: RawReply): void => resolve(reply);
    flood({ port: api.port, count: 1, connections: 1, depth: 1, make: () => bytes, onReply }).catch(reject);
  });
}

describe('a large body', () => {
  it.each(bodies)('of %s is refused in few words', async (_, line, body) => {
    const reply = await ask(line, body);
    expect([reply.status, reply.body.toString('utf8').slice(0, 300)]).toEqual([400, expect.any(String)]);
    assertProblem(reply);
    expect(reply.body.length).toBeLessThan(32_768);
    expect(reply.body.toString('utf8').isWellFormed()).toBe(true);
  });

  it('of /api/auth with nothing but unknown members is read', async () => {
    const body = fill('{"phone_number":"0512345678",', (index) => `"k${index}":{"a":[${index}]}`, '}');
    expect((await ask('POST /api/auth/phone/request', body)).status).toBe(201);
  });

  it('leaves no fault behind', () => {
    expect(api.faults).toEqual([]);
  });
});
