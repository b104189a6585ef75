import { fromBinary } from '@bufbuild/protobuf';
import { eventTypeOf } from '@mawid/contracts';
import { type SessionEnded, SessionEndedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { NatsConnection } from '@nats-io/transport-node';
import { type OrderedReading, openOrderedReading } from '../events/ordered-reading.ts';

/** Starts to read the events about ended sessions from `backMs` back. Rejects where there is no stream or no server. */
export function openSessionStream(
  nats: NatsConnection,
  { backMs, onHeartbeat }: { backMs: number; onHeartbeat(): void },
): Promise<OrderedReading> {
  const { stream, subject } = eventTypeOf(SessionEndedSchema);
  return openOrderedReading(nats, { stream, subject, start: { time: new Date(Date.now() - backMs) }, onHeartbeat });
}

/** The event in a message; undefined when it is none. */
export function readSessionEnded(bytes: Uint8Array): SessionEnded | undefined {
  try {
    return fromBinary(SessionEndedSchema, bytes);
  } catch {
    return undefined;
  }
}
