import type { DescMethod } from '@bufbuild/protobuf';
import { type CallOptions, createClient, type Transport } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { createTestTransport } from '@mawid/service-kit/testing';
import { createRoutes } from '../src/rpc/index.ts';
import { as, type Bench, openBench, refusalOf } from './support/bench.ts';
import { type Answer, type Caller, callers, expectAnswer } from './support/object-rights.ts';
import { makeRightsScene, type RightsScene } from './support/rights-scene.ts';
import { type RightsCase, rightsTable } from './support/rights-table.ts';

const methods = [BookingService, CatalogService, AvailabilityService].flatMap((service) => service.methods);
const nameOf = (method: DescMethod) => `${method.parent.name}.${method.name}`;

let bench: Bench;
let transport: Transport;
let scenes: Record<string, RightsScene>;

beforeAll(async () => {
  bench = await openBench();
  transport = createTestTransport(createRoutes(bench.ctx), { telemetry: bench.ctx.telemetry });
  scenes = {
    'a published salon': await makeRightsScene(bench, { isDraft: false }),
    'a draft': await makeRightsScene(bench, { isDraft: true }),
  };
});
afterAll(() => bench?.close());

type AnyCall = (input: object, options: CallOptions) => Promise<unknown> | AsyncIterable<unknown>;

/** Calls whatever method it is; a stream is read until its first message, or for a while. */
async function call(method: DescMethod, input: object, options: CallOptions): Promise<unknown> {
  const client = createClient(method.parent, transport) as unknown as Record<string, AnyCall>;
  if (method.methodKind !== 'server_streaming') return client[method.localName]?.(input, options);
  // Nothing happens in the calendar: a stream that is not refused stays open until it is left.
  const signal = AbortSignal.timeout(1_500);
  const stream = client[method.localName]?.(input, { ...options, signal }) as AsyncIterable<unknown>;
  try {
    for await (const message of stream) return message;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}

// A stale etag keeps those who are let in from changing what others are asked about.
const stale = { 'if-match': '"v99"' };

async function answerTo(scene: RightsScene, { method, caller, input }: Asked): Promise<Answer> {
  const who = caller === 'nobody' ? undefined : scene.people[caller];
  const refusal = await refusalOf(call(method, input, as(who, stale)));
  const isRight = ['UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND'].includes(refusal);
  // An answer that is no refusal of ours is a fault, not a right.
  expect(refusal).toMatch(/^(none|[A-Z_]+)$/);
  expect(refusal).not.toMatch(/^(INTERNAL|VALIDATION_FAILED)$/);
  return isRight ? (refusal as Answer) : 'let in';
}

interface Asked {
  readonly method: DescMethod;
  readonly caller: Caller;
  readonly input: object;
}

async function answersTo(scene: RightsScene, method: DescMethod, { right, input, undo }: RightsCase) {
  const asked: Asked[] = [];
  for (const caller of callers) asked.push({ method, caller, input: await input(scene, bench) });
  const isRefused = ({ caller }: Asked) => expectAnswer(method, right(scene), caller) !== 'let in';
  const answers = new Map<Caller, Answer>();
  const before = await readDigest();
  for (const each of asked.filter(isRefused)) answers.set(each.caller, await answerTo(scene, each));
  expect(await readDigest()).toEqual(before);
  for (const each of asked.filter((it) => !isRefused(it))) answers.set(each.caller, await answerTo(scene, each));
  await undo?.(scene, bench);
  return Object.fromEntries(callers.map((caller) => [caller, answers.get(caller)]));
}

/** What stands in each table. */
async function readDigest(): Promise<unknown> {
  const { database } = bench.ctx;
  const tables = await database.query<{ name: string }>({
    name: 'test.tables',
    text: `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  });
  // Outbox rows are marked when they have been published, whoever calls meanwhile.
  const rowOf = (name: string) => (name === 'outbox' ? 't.id::text' : 't::text');
  const digests = tables.rows.map(
    ({ name }) =>
      `SELECT '${name}', count(*), md5(string_agg(${rowOf(name)}, '' ORDER BY ${rowOf(name)})) FROM ${name} t`,
  );
  return (await database.query({ name: 'test.digest', text: digests.join(' UNION ALL ') })).rows;
}

const cases = methods.flatMap((method) =>
  (rightsTable[nameOf(method)] ?? []).flatMap((each) =>
    ['a published salon', 'a draft'].map((place) => {
      const title = [nameOf(method), each.name, `of ${place}`].filter(Boolean).join(' ');
      return { title, method, each, place };
    }),
  ),
);

describe('rights', () => {
  it('are set for every method that people call, and for no other', () => {
    expect(Object.keys(rightsTable).sort()).toEqual(methods.map(nameOf).sort());
  });

  it.each(cases)('$title: each caller is answered as the rule and the object say', async ({ method, each, place }) => {
    const scene = scenes[place] as RightsScene;
    const right = each.right(scene);
    const expected = Object.fromEntries(callers.map((caller) => [caller, expectAnswer(method, right, caller)]));
    expect(await answersTo(scene, method, each)).toEqual(expected);
  });
});
