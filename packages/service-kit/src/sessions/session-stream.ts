import { fromBinary } from '@bufbuild/protobuf';
import { eventTypeOf } from '@mawid/contracts';
import { type SessionEnded, SessionEndedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { type ConsumerMessages, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** The server says this often that there is nothing new; after two that are missing the reading ends. */
const heartbeatMs = 3_000;
/** A process that was killed leaves its consumer behind for this long. */
const forgottenAfterMs = 30_000;

const trouble = new Set(['heartbeats_missed', 'stream_not_found', 'consumer_not_found', 'consumer_deleted', 'reset']);

/** A reading of the events about ended sessions, by a consumer of this process alone. */
export interface SessionStream {
  /** Ends when it is closed, and after any trouble. */
  readonly messages: ConsumerMessages;
  /** True when there was nothing to read. */
  readonly isDrained: boolean;
}

/** Starts to read from `backMs` back. Rejects where there is no stream or no server. */
export async function openSessionStream(
  nats: NatsConnection,
  { backMs, onHeartbeat }: { backMs: number; onHeartbeat(): void },
): Promise<SessionStream> {
  const { stream, subject } = eventTypeOf(SessionEndedSchema);
  const consumer = await jetstream(nats, { timeout: 5_000 }).consumers.get(stream, {
    filter_subjects: subject,
    opt_start_time: new Date(Date.now() - backMs).toISOString(),
    inactive_threshold: forgottenAfterMs,
  });
  const { num_pending: waiting } = await consumer.info(true);
  const messages = await consumer.consume({ max_messages: 500, idle_heartbeat: heartbeatMs, expires: 30_000 });
  void watch(messages, onHeartbeat);
  return { messages, isDrained: waiting === 0 };
}

/** The event in a message; undefined when it is none. */
export function readSessionEnded(bytes: Uint8Array): SessionEnded | undefined {
  try {
    return fromBinary(SessionEndedSchema, bytes);
  } catch {
    return undefined;
  }
}

// The library would go on by itself, from the message after the last one; whether it missed any, nobody would know.
async function watch(messages: ConsumerMessages, onHeartbeat: () => void): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'heartbeat') onHeartbeat();
    if (trouble.has(type)) await messages.close();
  }
}
