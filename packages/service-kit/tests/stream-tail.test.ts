import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestNats, type TestNats } from '@mawid/dev-stack';
import {
  type Closable,
  connectNats,
  eventHeader,
  type NatsConnection,
  type StreamPlace,
  startStreamTail,
} from '@mawid/service-kit';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import { ensureStream } from '../src/events/streams.ts';

const stream = 'BOOKING';

let server: TestNats;
let nats: NatsConnection;
let jsm: JetStreamManager;
let tail: Closable | undefined;
/** What the tail has told: sequence numbers, and places where it began. */
let begun: StreamPlace[];
let read: number[];
let isCaughtUp: boolean;

beforeAll(async () => {
  server = await createTestNats();
  await server.start();
  nats = await connectNats({ url: server.url, name: 'test' });
  jsm = await jetstreamManager(nats);
});

afterAll(async () => {
  await nats?.close();
  await server?.close();
});

beforeEach(async () => {
  [begun, read, isCaughtUp] = [[], [], false];
  await makeStream();
});

afterEach(async () => {
  await tail?.close();
  await jsm.streams.delete(stream).catch(() => undefined);
});

function makeStream(): Promise<void> {
  return ensureStream(jsm, { stream });
}

async function publish(count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const found = headers();
    found.set(eventHeader.id, uuidv7());
    await jetstream(nats).publish('booking.booking.v1.confirmed', new Uint8Array([round]), { headers: found });
  }
}

function start(backMs = 600_000): void {
  tail = startStreamTail({
    ...{ nats, stream, backMs, logger: silentLogger() },
    onBegin: (place) => begun.push(place),
    onMessage: ({ sequence }) => read.push(sequence),
    onCaughtUp: () => {
      isCaughtUp = true;
    },
  });
}

const caughtUp = () => waitFor('the end of the stream', () => isCaughtUp);
const hasRead = (sequence: number) =>
  waitFor(`message ${sequence}`, () => read.at(-1) === sequence, { timeoutMs: 30_000 });

describe('startStreamTail', () => {
  it('reads what was there and goes on, in order and each once', async () => {
    await publish(3);
    start();
    await caughtUp();
    await publish(2);
    await hasRead(5);
    expect(read).toEqual([1, 2, 3, 4, 5]);
    expect(begun.map(({ sequence }) => sequence)).toEqual([0]);
  });

  it('begins after the last message where nothing is young enough', async () => {
    await publish(3);
    start(0);
    await caughtUp();
    expect(begun.map(({ sequence }) => sequence)).toEqual([3]);
    await publish(1);
    await hasRead(4);
    expect(read).toEqual([4]);
  });

  it('waits for a stream that does not exist yet', async () => {
    await jsm.streams.delete(stream);
    start();
    await makeStream();
    await publish(1);
    await hasRead(1);
  });

  it('goes on where it was when the server was away, and misses nothing', async () => {
    await publish(2);
    start();
    await hasRead(2);
    await server.stop();
    await server.start();
    await waitFor(
      'the connection',
      async () =>
        publish(1).then(
          () => true,
          () => false,
        ),
      { timeoutMs: 30_000 },
    );
    await waitFor('what came', () => (read.at(-1) ?? 0) > 2, { timeoutMs: 30_000 });
    expect(read).toEqual(Array.from({ length: read.length }, (_, index) => index + 1));
    expect(begun).toHaveLength(1);
  });

  it('goes on where it was when its consumer is gone', async () => {
    await publish(2);
    start();
    await hasRead(2);
    for await (const { name } of jsm.consumers.list(stream)) await jsm.consumers.delete(stream, name);
    await publish(2);
    await hasRead(4);
    expect([read, begun.length]).toEqual([[1, 2, 3, 4], 1]);
  });

  it('begins anew in another stream of the same name, though its numbers go on', async () => {
    await publish(2);
    start();
    await hasRead(2);
    await jsm.streams.delete(stream);
    // The stream's name for its numbers is the second in which it was made.
    await waitFor('the next second', () => Date.now() / 1_000 > (begun[0]?.createdAt ?? 0) + 1.05);
    await makeStream();
    await publish(3);
    await waitFor('a new beginning', () => begun.length === 2, { timeoutMs: 30_000 });
    await hasRead(3);
    expect(read).toEqual([1, 2, 1, 2, 3]);
    expect(begun[1]?.createdAt).not.toBe(begun[0]?.createdAt);
  });

  it('begins anew where the message it had come to is not there any more, as after a crash that lost some', async () => {
    await publish(2);
    start();
    await hasRead(2);
    await jsm.streams.deleteMessage(stream, 2);
    for await (const { name } of jsm.consumers.list(stream)) await jsm.consumers.delete(stream, name);
    await publish(1);
    await waitFor('a new beginning', () => begun.length === 2, { timeoutMs: 30_000 });
    await hasRead(3);
    expect(read).toEqual([1, 2, 1, 3]);
  });
});
