import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { withClient } from '../src/infrastructure/databases.ts';
import { waitUntilSettled } from '../src/stack/settled.ts';
import { startTestInfrastructure, type TestInfrastructure } from '../src/testing/test-infrastructure.ts';

describe('waitUntilSettled', () => {
  let infrastructure: TestInfrastructure;
  let databaseUrl: string;
  let nats: NatsConnection;

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
    databaseUrl = await infrastructure.databaseUrl();
    await run('create table outbox (published_at timestamptz)');
    nats = await connect({ servers: infrastructure.natsUrl });
    const manager = await jetstreamManager(nats);
    await manager.streams.add({ name: 'THINGS', subjects: ['things.>'] });
    await manager.consumers.add('THINGS', { durable_name: 'reader', ack_policy: 'explicit' });
  });
  afterAll(async () => {
    await nats.close();
    await infrastructure.close();
  });

  function run(sql: string): Promise<unknown> {
    return withClient(databaseUrl, (client) => client.query(sql));
  }

  function settled(timeoutMs: number): Promise<void> {
    return waitUntilSettled({ databaseUrls: [databaseUrl], natsUrl: infrastructure.natsUrl, timeoutMs });
  }

  it('resolves when nothing is on its way', async () => {
    await expect(settled(5_000)).resolves.toBeUndefined();
  });

  it('says that an outbox holds an unpublished event', async () => {
    await run('insert into outbox values (null)');
    await expect(settled(100)).rejects.toThrow('"unpublished":1');
    await run('update outbox set published_at = now()');
  });

  it('waits for a consumer to handle and acknowledge', async () => {
    await jetstream(nats).publish('things.v1.made');
    await expect(settled(100)).rejects.toThrow('"unhandled":1');
    const consumer = await jetstream(nats).consumers.get('THINGS', 'reader');
    const message = await consumer.next();
    await expect(settled(100)).rejects.toThrow('"unhandled":1');
    await message?.ackAck();
    await expect(settled(5_000)).resolves.toBeUndefined();
  });

  it('waits for nobody who was only watching and is dead', async () => {
    const manager = await jetstreamManager(nats);
    await manager.consumers.add('THINGS', { ack_policy: 'none', inactive_threshold: 60_000_000_000 });
    await jetstream(nats).publish('things.v1.made');
    const reader = await jetstream(nats).consumers.get('THINGS', 'reader');
    await (await reader.next())?.ackAck();
    await expect(settled(5_000)).resolves.toBeUndefined();
  });
});
