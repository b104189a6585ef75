import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Binding } from '../src/rest/binding.ts';
import { assertProblem } from './support/bad-input/assert-problem.ts';
import { createRequestMaker, type RequestMaker } from './support/bad-input/bad-request.ts';
import { type ContractGateway, startContractGateway } from './support/bad-input/contract-gateway.ts';
import { flood } from './support/bad-input/flood.ts';
import { seedOf } from './support/bad-input/random.ts';
import type { RawReply } from './support/bad-input/read-replies.ts';

/** Generated requests for a route, by whether it has a body; a target alone has far less to get wrong. */
const counts = {
  body: Number(process.env.BAD_INPUT_COUNT ?? 10_000),
  target: Number(process.env.BAD_INPUT_COUNT ?? 2_000),
};
/** A failure names it: BAD_INPUT_SEED=… sends the same requests again. */
const seed = Number(process.env.BAD_INPUT_SEED ?? Date.now() % 1_000_000_007);
/** Of all problems, one in so many is read as a whole. */
const sampling = 50;
/** What a process may keep of everything it was sent, in bytes. */
const maxKept = 100 * 1_048_576;

let api: ContractGateway;
let heapBefore: number | undefined;

beforeAll(async () => {
  api = await startContractGateway();
});
afterAll(() => api?.close());

const failures: string[] = [];

function describeFailure(sent: Buffer, { head, body }: RawReply, error: unknown): string {
  const request = JSON.stringify(sent.toString('latin1').slice(0, 4_000));
  return `BAD_INPUT_SEED=${seed} ${error}\n${request}\n${head.split('\r\n', 1)} ${body}`;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

function credentialsOf({ access }: Binding): string[] {
  const roles = access.roles.length > 0 ? access.roles : ['customer'];
  const tokens = roles.map((role) => `Authorization: Bearer ${role}`);
  // Now and then nobody, and somebody who is not let in.
  return [...Array.from({ length: 10 }, () => tokens).flat(), '', 'Authorization: Bearer nobody'];
}

/** The statuses of a route's answers, each with how often it came. */
async function floodRoute(make: RequestMaker, count: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const onReply = (number: number, reply: RawReply): void => {
    const times = (statuses.get(reply.status) ?? 0) + 1;
    statuses.set(reply.status, times);
    try {
      if (reply.status >= 500) throw new Error('an answer of 5xx');
      if (reply.status >= 400 && times % sampling === 1) assertProblem(reply);
    } catch (error) {
      failures.push(describeFailure(make(number), reply, error));
    }
  };
  await flood({ port: api.port, count, connections: 4, depth: 16, make, onReply });
  return statuses;
}

describe('thousands of generated requests', () => {
  it('get no answer of 5xx from any route, and some get through', async () => {
    const shares: Record<string, number> = {};
    for (const [index, binding] of api.bindings.entries()) {
      const make = createRequestMaker(binding, { seed: seedOf(seed, index), credentials: credentialsOf(binding) });
      const count = binding.bodyKind === 'none' ? counts.target : counts.body;
      const statuses = [...(await floodRoute(make, count))];
      expect([binding.route, sumOf(statuses)]).toEqual([binding.route, count]);
      shares[`${binding.httpMethod} ${binding.route}`] = sumOf(statuses.filter(([status]) => status < 300)) / count;
      heapBefore ??= heapUsed();
    }
    expect([failures.length, ...failures.slice(0, 5)]).toEqual([0]);
    // A route that lets nothing through was not tested.
    expect(Object.entries(shares).filter(([, share]) => share < 0.05)).toEqual([]);
    expect([api.faults.length, ...api.faults.slice(0, 5)]).toEqual([0]);
    expect(heapUsed() - (heapBefore ?? 0)).toBeLessThan(maxKept);
  }, 900_000);
});

function sumOf(statuses: readonly (readonly [number, number])[]): number {
  return statuses.reduce((sum, [, times]) => sum + times, 0);
}
