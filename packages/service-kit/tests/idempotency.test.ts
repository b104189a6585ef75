import { create } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Booking, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import {
  BookingService,
  CancelBookingRequestSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { reasonOf, refuse, runIdempotent, type Transaction } from '@mawid/service-kit';
import { createTestContext } from '@mawid/service-kit/testing';
import { insertEffect, type Kit, openKit, readEffects } from './support/kit.ts';

const method = BookingService.method.cancelBooking;
let infrastructure: TestInfrastructure;
let kit: Kit;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  kit = await openKit({ databaseUrl: await infrastructure.databaseUrl(), natsUrl: infrastructure.natsUrl });
});
afterAll(async () => {
  await kit.close();
  await infrastructure.close();
});
beforeEach(async () => {
  await kit.database.query({ name: 'clear', text: 'TRUNCATE effects' });
});

type Effect = (tx: Transaction) => Promise<Booking>;

const effect: Effect = async (tx) => {
  await insertEffect(tx, { id: 'e', aggregateId: 'b', aggregateVersion: 1 });
  return create(BookingSchema, { id: 'b', customerId: 'c' });
};

function cancel(context: HandlerContext, bookingId = 'b', run: Effect = effect): Promise<Booking> {
  const request = create(CancelBookingRequestSchema, { bookingId });
  return runIdempotent(kit.database, context, { method, request, response: BookingSchema }, run);
}

function contextOf(idempotencyKey?: string, userId = 'u1'): HandlerContext {
  return createTestContext(method, { userId, idempotencyKey });
}

const effects = async () => (await readEffects(kit.database)).length;
const replayed = (context: HandlerContext) => context.responseHeader.get('idempotency-replayed');

describe('runIdempotent', () => {
  it('runs every time without a key', async () => {
    await cancel(contextOf());
    await cancel(contextOf());
    expect(await effects()).toBe(2);
  });

  it('gives the same answer again for the same key and request', async () => {
    const [first, second] = [contextOf('k1'), contextOf('k1')];
    const answer = await cancel(first);
    expect(await cancel(second)).toEqual(answer);
    expect([replayed(first), replayed(second), await effects()]).toEqual([null, 'true', 1]);
  });

  it.each([undefined, 'k9'])('runs again after a deadlock as often as the call wants, with key %s', async (key) => {
    let runs = 0;
    const locked: Effect = async (tx) => {
      const answer = await effect(tx);
      runs += 1;
      if (runs < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return answer;
    };
    const request = create(CancelBookingRequestSchema, { bookingId: 'b' });
    const run = (retries: number) =>
      runIdempotent(kit.database, contextOf(key), { method, request, response: BookingSchema, retries }, locked);
    await expect(run(0)).rejects.toMatchObject({ code: '40P01' });
    expect(await run(1)).toMatchObject({ id: 'b' });
    expect([runs, await effects()]).toEqual([3, 1]);
  });

  it('refuses the key with another request', async () => {
    await cancel(contextOf('k2'));
    expect(reasonOf(await cancel(contextOf('k2'), 'other').catch((error) => error))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('knows keys per user', async () => {
    await cancel(contextOf('k3'));
    await cancel(contextOf('k3', 'u2'), 'other');
    expect(await effects()).toBe(2);
  });

  it('knows keys of callers without a token per address, whichever service passes them on', async () => {
    const anonymous = (address: string) =>
      createTestContext(method, { kind: 'anonymous', peer: 'gateway', address, idempotencyKey: 'k7' });
    await cancel(anonymous('192.0.2.1'));
    const other = anonymous('192.0.2.2');
    await cancel(other);
    expect([replayed(other), await effects()]).toEqual([null, 2]);
  });

  it('knows keys per calling service', async () => {
    const service = (peer: string) => createTestContext(method, { kind: 'service', peer, idempotencyKey: 'k8' });
    const again = service('booking');
    await cancel(service('booking'));
    await cancel(again);
    await cancel(service('payments'));
    expect([replayed(again), await effects()]).toEqual(['true', 2]);
  });

  it('keeps no key of a refusal', async () => {
    const refused = cancel(contextOf('k4'), 'b', async (tx) => {
      await effect(tx);
      throw refuse('NOT_FOUND');
    });
    expect(reasonOf(await refused.catch((error) => error))).toBe('NOT_FOUND');
    expect(await effects()).toBe(0);
    await cancel(contextOf('k4'), 'other');
    expect(await effects()).toBe(1);
  });

  it('has one effect of many attempts at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(contextOf('k5'))));
    expect(new Set(answers.map((answer) => answer.customerId))).toEqual(new Set(['c']));
    expect(await effects()).toBe(1);
  });

  it('tells a second attempt that waits too long to come again', async () => {
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const first = cancel(contextOf('k6'), 'b', async (tx) => {
      start();
      await release;
      return effect(tx);
    });
    await started;
    expect(reasonOf(await cancel(contextOf('k6')).catch((error) => error))).toBe('IDEMPOTENCY_IN_PROGRESS');
    resolve();
    await first;
    expect(await effects()).toBe(1);
  });
});
