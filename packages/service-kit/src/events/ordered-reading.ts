import { type ConsumerMessages, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** The server says this often that there is nothing new; after two that are missing the reading ends. */
const heartbeatMs = 3_000;
/** A process that was killed leaves its consumer behind for this long. */
const forgottenAfterMs = 30_000;

const trouble = new Set(['heartbeats_missed', 'stream_not_found', 'consumer_not_found', 'consumer_deleted', 'reset']);

/** Where a reading begins: at a time, or with the message of a sequence number. */
export type ReadingStart = { readonly time: Date } | { readonly sequence: number };

export interface ReadingOptions {
  stream: string;
  /** All subjects of the stream when absent. */
  subject?: string;
  start: ReadingStart;
  onHeartbeat?(): void;
}

/** A reading of a stream by a consumer of this process alone, in the stream's order. */
export interface OrderedReading {
  /** Ends when it is closed, and after any trouble. */
  readonly messages: ConsumerMessages;
  /** True when there was nothing to read. */
  readonly isDrained: boolean;
}

/** Starts to read. Rejects where there is no stream or no server. */
export async function openOrderedReading(nats: NatsConnection, options: ReadingOptions): Promise<OrderedReading> {
  const { stream, subject, start } = options;
  const consumer = await jetstream(nats, { timeout: 5_000 }).consumers.get(stream, {
    ...(subject === undefined ? {} : { filter_subjects: subject }),
    ...('time' in start ? { opt_start_time: start.time.toISOString() } : { opt_start_seq: start.sequence }),
    inactive_threshold: forgottenAfterMs,
  });
  const { num_pending: waiting } = await consumer.info(true);
  const messages = await consumer.consume({ max_messages: 500, idle_heartbeat: heartbeatMs, expires: 30_000 });
  void watch(messages, options);
  return { messages, isDrained: waiting === 0 };
}

// The library would go on by itself, from the message after the last one; whether it missed any, nobody would know.
async function watch(messages: ConsumerMessages, { onHeartbeat }: ReadingOptions): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'heartbeat') onHeartbeat?.();
    if (trouble.has(type)) await messages.close();
  }
}
