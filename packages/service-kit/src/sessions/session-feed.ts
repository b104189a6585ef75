import type { SessionEnded } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { OrderedReading } from '../events/ordered-reading.ts';
import { isNotFound } from '../events/streams.ts';
import type { Logger } from '../logger/create-logger.ts';
import { createSleeper, jitter } from '../sleeper.ts';
import { createHearing } from './hearing.ts';
import { openSessionStream, readSessionEnded } from './session-stream.ts';

export interface SessionFeedOptions {
  /** A connection, at once or later; asked again after each failure. */
  connect(): Promise<NatsConnection>;
  /** How far back each reading begins, milliseconds. */
  backMs: number;
  /** Takes an event. Some come more than once. */
  onEnded(ended: SessionEnded): void;
  logger: Logger;
  /** After it has read to the end, what it hears counts only from then on, milliseconds; 10,000. */
  settleMs?: number | undefined;
}

/** The ended sessions of the whole system, as the event stream tells them. */
export interface SessionFeed extends Closable {
  /**
   * How old the last sign of life of the stream is, milliseconds; undefined while events may be missing: not connected, not read
   * to the end, silent for too long, or so lately connected that identity may not have published what it kept for us.
   */
  heardAgo(): number | undefined;
}

/** Identity's relay comes back from an outage within this time, and then publishes what it could not. */
const defaultSettleMs = 10_000;
const pauseMs = 1_000;

/**
 * Reads all ended sessions of the last `backMs` and goes on reading. After any trouble it begins anew: what is read twice does
 * no harm. Never throws; a stream that does not exist yet is waited for.
 */
export function startSessionFeed(options: SessionFeedOptions): SessionFeed {
  const { backMs, logger, settleMs = defaultSettleMs } = options;
  const hearing = createHearing({ settleMs, logger });
  const sleeper = createSleeper();
  const watched = new WeakSet<NatsConnection>();
  let stream: OrderedReading | undefined;
  let isClosing = false;

  async function watchConnection(nats: NatsConnection): Promise<void> {
    if (watched.has(nats)) return;
    watched.add(nats);
    for await (const { type } of nats.status()) {
      if (type === 'disconnect' || type === 'staleConnection') await stream?.messages.close();
    }
  }

  async function hear(): Promise<void> {
    const nats = await options.connect();
    void watchConnection(nats);
    stream = await openSessionStream(nats, { backMs, onHeartbeat: () => hearing.contact(true) });
    if (isClosing) return;
    hearing.contact(stream.isDrained);
    for await (const message of stream.messages) {
      const ended = readSessionEnded(message.data);
      if (ended) options.onEnded(ended);
      else logger.error({ sequence: message.seq }, 'an event about an ended session cannot be read');
      hearing.contact(message.info.pending === 0);
    }
  }

  async function run(): Promise<void> {
    while (!isClosing) {
      const failure = await hear().catch((error: unknown) => error);
      await stream?.messages.close();
      // A system that starts for the first time has no stream yet, which is nobody's fault.
      if (!isClosing && !(hearing.wasNeverThere && isNotFound(failure))) hearing.lose(failure);
      if (!isClosing) await sleeper.sleep(jitter(pauseMs));
    }
  }

  void run();
  return {
    heardAgo: hearing.heardAgo,
    async close() {
      isClosing = true;
      sleeper.wake();
      // A request to a server that is away may still wait; whoever owns the connection ends it.
      await stream?.messages.close();
    },
  };
}
