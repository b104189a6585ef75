import { randomUUID } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import {
  type Closable,
  type EventHandler,
  eventHeader,
  insertEvents,
  listDeadLetters,
  type OutgoingEvent,
  on,
  replayDeadLetter,
  startConsumer,
  startRelay,
} from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { confirmed, insertEffect, type Kit, openKit, readEffects } from './support/kit.ts';

jest.setTimeout(60_000);

const retry = { maxDeliveries: 3, delaysMs: [50, 100] };
const subject = 'booking.booking.v1.confirmed';

describe('outbox → stream → inbox', () => {
  let infrastructure: TestInfrastructure;
  let kit: Kit;
  const opened: Closable[] = [];

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
  });
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
    await kit.close();
  });
  afterAll(() => infrastructure.close());

  async function start(handler: EventHandler<typeof BookingConfirmedSchema>) {
    kit = await openKit({ databaseUrl: await infrastructure.databaseUrl(), natsUrl: infrastructure.natsUrl });
    const relay = startRelay({ ...kit, service: 'booking' });
    const subscriptions = [on(BookingConfirmedSchema, handler)];
    const consumer = await startConsumer({ ...kit, service: 'notify', subscriptions, retry });
    opened.push(relay, consumer);
    const settled = async () => (await relay.settled()) && (await consumer.settled());
    return {
      subscriptions,
      settle: () => waitFor('outbox and consumer', settled, { timeoutMs: 15_000 }),
      async publish(...events: OutgoingEvent[]) {
        await kit.database.transaction((tx) => insertEvents(tx, events));
        relay.wake();
      },
    };
  }

  it('delivers an event with everything that was written', async () => {
    const seen: unknown[] = [];
    const { publish, settle } = await start(async (_, event) => void seen.push(event));
    const event = { ...confirmed('b1', 7), id: randomUUID() };
    await publish(event);
    await settle();
    expect(seen).toMatchObject([
      { id: event.id, subject, aggregateId: 'b1', aggregateVersion: 7, deliveryCount: 1, message: { version: 7n } },
    ]);
  });

  it('publishes nothing of a transaction that is rolled back', async () => {
    const { settle } = await start((tx, event) => insertEffect(tx, event).then());
    const failing = kit.database.transaction(async (tx) => {
      await insertEvents(tx, [confirmed('b1', 1)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await settle();
    expect(await readEffects(kit.database)).toEqual([]);
  });

  it('has one effect though the handler dies after its writes, twice', async () => {
    let deaths = 2;
    const { publish, settle } = await start(async (tx, event) => {
      await insertEffect(tx, event);
      if (deaths-- > 0) throw new Error('killed');
    });
    await publish(confirmed('b1', 1));
    await settle();
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
    expect(deaths).toBe(-1);
  });

  it('has one effect though the connection dies in the middle', async () => {
    let isFirst = true;
    const { publish, settle } = await start(async (tx, event) => {
      await insertEffect(tx, event);
      if (!isFirst) return;
      isFirst = false;
      await tx.query({ name: 'suicide', text: 'SELECT pg_terminate_backend(pg_backend_pid())' });
    });
    await publish(confirmed('b1', 1));
    await settle();
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
  });

  it('loses no event whose handler goes on after a failed statement', async () => {
    let isFirst = true;
    const { publish, settle } = await start(async (tx, event) => {
      await insertEffect(tx, event);
      if (!isFirst) return;
      isFirst = false;
      await tx.query({ name: 'fails', text: 'SELECT 1 / 0' }).catch(() => undefined);
    });
    await publish(confirmed('b1', 1));
    await settle();
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
  });

  it('has one effect of an event that is in the stream twice', async () => {
    const { publish, settle } = await start((tx, event) => insertEffect(tx, event).then());
    const event = { ...confirmed('b1', 1), id: randomUUID() };
    await publish(event);
    await settle();
    const copy = headers();
    copy.set(eventHeader.id, event.id);
    await jetstream(kit.nats).publish(subject, toBinary(BookingConfirmedSchema, event.message), { headers: copy });
    await settle();
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
  });

  it('parks an event that keeps failing, and replays it once', async () => {
    let isBroken = true;
    const { publish, settle, subscriptions } = await start(async (tx, event) => {
      if (isBroken) throw new Error('template is missing');
      await insertEffect(tx, event);
    });
    await publish(confirmed('b1', 1), confirmed('b2', 1));
    await settle();
    const letters = await listDeadLetters(kit.database);
    expect(letters.map((each) => [each.deliveries, each.error])).toEqual([
      [3, 'Error: template is missing'],
      [3, 'Error: template is missing'],
    ]);
    const id = letters.find((each) => each.aggregate_id === 'b1')?.id ?? '';
    await expect(replayDeadLetter(kit.database, id, subscriptions)).rejects.toThrow('template is missing');
    isBroken = false;
    expect(await replayDeadLetter(kit.database, id, subscriptions)).toBe('done');
    expect(await replayDeadLetter(kit.database, id, subscriptions)).toBe('not_found');
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
    expect(await listDeadLetters(kit.database)).toHaveLength(1);
    expect(await kit.telemetry.metrics.metrics()).toMatch(/mawid_dead_letters_waiting 1/);
  });

  it('parks at once what it cannot read', async () => {
    const { settle } = await start((tx, event) => insertEffect(tx, event).then());
    const junk = headers();
    junk.set(eventHeader.id, randomUUID());
    await jetstream(kit.nats).publish(subject, Buffer.from('not protobuf'), { headers: junk });
    await jetstream(kit.nats).publish(subject, Buffer.from(''));
    await settle();
    const letters = await listDeadLetters(kit.database);
    expect(letters.map((each) => each.deliveries)).toEqual([1, 1]);
    expect(letters.map((each) => each.error).join()).toMatch(
      /is no mawid.booking.events.v1.BookingConfirmed.*no event id/,
    );
  });

  it('handles events of one aggregate one at a time, in order', async () => {
    let running = 0;
    const { publish, settle } = await start(async (tx, event) => {
      if (event.aggregateId === 'b1') expect(++running).toBe(1);
      await insertEffect(tx, event);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (event.aggregateId === 'b1') running--;
    });
    await publish(...Array.from({ length: 20 }, (_, index) => confirmed(index % 2 ? 'b1' : 'b2', index)));
    await settle();
    const versions = (await readEffects(kit.database)).filter((each) => each.startsWith('b1@'));
    expect(versions).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map((version) => `b1@${version}`));
  });

  it('finishes what is in flight before it closes', async () => {
    const { publish } = await start(async (tx, event) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await insertEffect(tx, event);
    });
    await publish(confirmed('b1', 1));
    const inFlight = 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NOT NULL';
    await waitFor(
      'the publish',
      async () => (await kit.database.query({ name: 'n', text: inFlight })).rows[0]?.n === 1,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await opened[1]?.close();
    expect(await readEffects(kit.database)).toEqual(['b1@1']);
  });
});
