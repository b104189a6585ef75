import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { Logger } from '../logger/create-logger.ts';
import { createSleeper, jitter } from '../sleeper.ts';
import { type EventEnvelope, parseHeaders } from './headers.ts';
import { type OrderedReading, openOrderedReading } from './ordered-reading.ts';
import { isNotFound } from './streams.ts';

/** A place in a stream. */
export interface StreamPlace {
  /** When the stream was made, epoch seconds: another stream of the same name has other sequence numbers. */
  readonly createdAt: number;
  /** Of a message; 0 is before the first. */
  readonly sequence: number;
}

/** A message of the stream. */
export interface TailMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Undefined for what no relay has published. */
  readonly envelope: EventEnvelope | undefined;
}

export interface StreamTailOptions {
  nats: NatsConnection;
  stream: string;
  /** How far back the reading begins, milliseconds. */
  backMs: number;
  /**
   * The reading begins after this place. Told again where the place it had come to is not in the stream any more: what
   * happened in between is not known then, and some messages may come a second time.
   */
  onBegin(place: StreamPlace): void;
  onMessage(message: TailMessage): void;
  /** Everything that was there has been read; told again and again. */
  onCaughtUp(): void;
  /** Nothing is read for now: no server, or no stream. */
  onLost?(): void;
  logger: Logger;
}

/** The message that was read last; before the first one, only its place is known. */
interface Anchor extends StreamPlace {
  readonly id: string | undefined;
}

const pauseMs = 500;

/**
 * Reads a stream from `backMs` back to its end and goes on reading, by a consumer of this process alone. After an outage it
 * goes on where it was: it reads the last message again, and only when that is the same one is nothing missing. Never throws;
 * a stream that does not exist yet is waited for.
 */
export function startStreamTail(options: StreamTailOptions): Closable {
  const { nats, stream, logger } = options;
  const sleeper = createSleeper();
  let reading: OrderedReading | undefined;
  let anchor: Anchor | undefined;
  let isClosing = false;

  async function watchConnection(): Promise<void> {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect' || type === 'staleConnection') await reading?.messages.close();
    }
  }

  function begin(place: StreamPlace): void {
    anchor = { ...place, id: undefined };
    options.onBegin(place);
  }

  async function read(): Promise<void> {
    const found = await findStream(nats, stream);
    const { createdAt } = found;
    anchor = anchor && isStillThere(anchor, found) ? anchor : undefined;
    let expected = anchor?.id === undefined ? undefined : anchor;
    reading = await openOrderedReading(nats, { stream, start: startOf(anchor, options.backMs) });
    if (isClosing) return;
    if (anchor === undefined && reading.isDrained) begin({ createdAt, sequence: found.last });
    if (reading.isDrained) options.onCaughtUp();
    for await (const message of reading.messages) {
      const envelope = parseHeaders(message.subject, message.headers);
      const place = { createdAt, sequence: message.seq, id: envelope?.id };
      if (expected === undefined) {
        if (anchor === undefined) begin({ createdAt, sequence: message.seq - 1 });
        anchor = place;
        const { subject, data } = message;
        options.onMessage({ sequence: message.seq, subject, data, envelope });
      } else if (place.sequence !== expected.sequence || place.id !== expected.id) {
        anchor = undefined;
        throw new Error(`message ${expected.sequence} of the stream ${stream} is not what it was`);
      }
      expected = undefined;
      if (message.info.pending === 0) options.onCaughtUp();
    }
  }

  async function run(): Promise<void> {
    while (!isClosing) {
      const failure = await read().catch((error: unknown) => error);
      await reading?.messages.close();
      if (isClosing) return;
      options.onLost?.();
      if (failure !== undefined && !isNotFound(failure)) logger.warn({ err: failure, stream }, 'a stream is not heard');
      await sleeper.sleep(jitter(pauseMs));
    }
  }

  void watchConnection();
  void run();
  return {
    async close() {
      isClosing = true;
      sleeper.wake();
      // A request to a server that is away may still wait; whoever owns the connection ends it.
      await reading?.messages.close();
    },
  };
}

interface FoundStream {
  readonly createdAt: number;
  readonly first: number;
  readonly last: number;
}

async function findStream(nats: NatsConnection, stream: string): Promise<FoundStream> {
  const jsm = await jetstreamManager(nats, { checkAPI: false, timeout: 3_000 });
  const { created, state } = await jsm.streams.info(stream);
  return { createdAt: Math.floor(Date.parse(String(created)) / 1_000), first: state.first_seq, last: state.last_seq };
}

// A stream that lost its last messages in a crash gives their numbers to others.
function isStillThere({ createdAt, sequence, id }: Anchor, found: FoundStream): boolean {
  const firstWanted = id === undefined ? sequence + 1 : sequence;
  return createdAt === found.createdAt && sequence <= found.last && firstWanted >= found.first;
}

function startOf(anchor: Anchor | undefined, backMs: number) {
  if (anchor === undefined) return { time: new Date(Date.now() - backMs) };
  return { sequence: anchor.id === undefined ? anchor.sequence + 1 : anchor.sequence };
}
