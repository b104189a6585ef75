import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import {
  type Closable,
  connectNats,
  createDatabase,
  insertEvents,
  on,
  startConsumer,
  startRelay,
} from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { confirmed, insertEffect, type Kit, openKit, readEffects } from './support/kit.ts';
import { startTcpProxy } from './support/tcp-proxy.ts';

jest.setTimeout(60_000);

describe('startRelay', () => {
  let infrastructure: TestInfrastructure;
  let kit: Kit;
  let databaseUrl: string;
  const opened: Closable[] = [];

  beforeEach(async () => {
    infrastructure = await startTestInfrastructure();
    databaseUrl = await infrastructure.databaseUrl();
    kit = await openKit({ databaseUrl, natsUrl: infrastructure.natsUrl });
  });
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
    await kit.close();
    await infrastructure.close();
  });

  function insert(aggregateId: string, version: number): Promise<void> {
    return kit.database.transaction((tx) => insertEvents(tx, [confirmed(aggregateId, version)]));
  }

  /** What the stream holds, in its order: `aggregate@version`. */
  async function readStream(): Promise<string[]> {
    const jsm = await jetstreamManager(kit.nats);
    const { state } = await jsm.streams.info('BOOKING');
    const consumer = await jetstream(kit.nats).consumers.get('BOOKING');
    const found: string[] = [];
    if (state.messages === 0) return found;
    for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 2_000 })) {
      found.push(`${message.headers?.get('aggregate-id')}@${message.headers?.get('aggregate-version')}`);
    }
    return found;
  }

  it('keeps the order of each aggregate with two relays at work, and publishes nothing twice', async () => {
    const second = createDatabase({ url: databaseUrl, name: 'second', telemetry: kit.telemetry });
    const nats = await connectNats({ url: infrastructure.natsUrl, name: 'second' });
    const relays = [
      startRelay({ ...kit, service: 'booking', batchSize: 7, pollMs: 20 }),
      startRelay({ ...kit, database: second, nats, service: 'booking', batchSize: 5, pollMs: 20 }),
    ];
    opened.push(second, nats as unknown as Closable, ...relays);
    const aggregates = Array.from({ length: 12 }, (_, index) => `a${index}`);
    await Promise.all(
      aggregates.map(async (id) => {
        for (let version = 1; version <= 25; version++) {
          await insert(id, version);
          relays[version % 2]?.wake();
        }
      }),
    );
    await waitFor('the outbox', () => relays[0]?.settled());
    const published = await readStream();
    expect(published).toHaveLength(12 * 25);
    for (const id of aggregates) {
      const versions = published.filter((each) => each.startsWith(`${id}@`));
      expect(versions).toEqual(Array.from({ length: 25 }, (_, index) => `${id}@${index + 1}`));
    }
  });

  it('survives a broken way to NATS: nothing is lost, no order changes, consumers go on', async () => {
    const proxy = await startTcpProxy(infrastructure.natsUrl);
    const nats = await connectNats({ url: proxy.url, name: 'through-proxy' });
    const shared = { ...kit, nats };
    const relay = startRelay({ ...shared, service: 'booking', publishTimeoutMs: 500, pollMs: 100 });
    const subscriptions = [on(BookingConfirmedSchema, (tx, event) => insertEffect(tx, event).then())];
    const consumer = await startConsumer({ ...shared, service: 'notify', subscriptions });
    opened.push({ close: () => proxy.close() }, { close: () => nats.close() }, relay, consumer);
    await insert('b1', 1);
    relay.wake();
    await waitFor('the first', async () => (await readEffects(kit.database)).length === 1);
    proxy.cut();
    for (let version = 2; version <= 6; version++) await insert('b1', version);
    relay.wake();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await relay.settled()).toBe(false);
    proxy.mend();
    await waitFor('all of them', async () => (await readEffects(kit.database)).length === 6, { timeoutMs: 30_000 });
    expect(await readEffects(kit.database)).toEqual([1, 2, 3, 4, 5, 6].map((version) => `b1@${version}`));
    expect(await readStream()).toHaveLength(6);
  });

  it('survives a broken way to PostgreSQL', async () => {
    const proxy = await startTcpProxy(databaseUrl);
    const database = createDatabase({ url: proxy.url, name: 'through-proxy', telemetry: kit.telemetry });
    const relay = startRelay({ ...kit, database, service: 'booking', pollMs: 50 });
    opened.push({ close: () => proxy.close() }, database, relay);
    await insert('b1', 1);
    await waitFor('the first', () => relay.settled());
    proxy.cut();
    await insert('b1', 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.mend();
    await waitFor('the second', () => relay.settled().catch(() => false));
    expect(await readStream()).toEqual(['b1@1', 'b1@2']);
  });

  it('makes its stream again when NATS has lost it, and the consumer finds it', async () => {
    const relay = startRelay({ ...kit, service: 'booking', publishTimeoutMs: 500 });
    const subscriptions = [on(BookingConfirmedSchema, (tx, event) => insertEffect(tx, event).then())];
    const consumer = await startConsumer({ ...kit, service: 'notify', subscriptions });
    opened.push(relay, consumer);
    await insert('b1', 1);
    relay.wake();
    await waitFor('the first', async () => (await readEffects(kit.database)).length === 1);
    await (await jetstreamManager(kit.nats)).streams.delete('BOOKING');
    await insert('b1', 2);
    relay.wake();
    await waitFor('the second', async () => (await readEffects(kit.database)).length === 2, { timeoutMs: 40_000 });
    expect(await readStream()).toEqual(['b1@2']);
  });
});
