import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { eventTypeOf } from '@mawid/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../database/types.ts';
import { currentTraceHeaders } from '../telemetry/trace-context.ts';
import { laneOf } from './lane.ts';

/** A fact to publish once the transaction commits. */
export interface OutgoingEvent<D extends DescMessage = DescMessage> {
  schema: D;
  message: MessageShape<D>;
  aggregateId: string;
  /** Grows by one or more with each change of the aggregate. */
  aggregateVersion: number;
  /** A UUIDv7; made when absent. */
  id?: string | undefined;
}

/** The values of one `outbox` row, for writers that insert it in a statement of their own. */
export interface OutboxRow {
  id: string;
  subject: string;
  payload: Uint8Array;
  aggregate_id: string;
  aggregate_version: number;
  lane: number;
  traceparent: string | undefined;
  tracestate: string | undefined;
}

/** The outbox rows of events, carrying the active trace. */
export function toOutboxRows(events: readonly OutgoingEvent[]): OutboxRow[] {
  const { traceparent, tracestate } = currentTraceHeaders();
  return events.map((event) => ({
    id: event.id ?? uuidv7(),
    subject: eventTypeOf(event.schema).subject,
    payload: toBinary(event.schema, event.message),
    aggregate_id: event.aggregateId,
    aggregate_version: event.aggregateVersion,
    lane: laneOf(event.aggregateId),
    traceparent,
    tracestate,
  }));
}

/**
 * Writes events into the outbox, inside the transaction that makes them true. They are published in this order.
 * Call `relay.wake()` after the commit.
 */
export async function insertEvents(tx: Queryable, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = toOutboxRows(events);
  await tx.query({
    name: 'outbox.insert',
    text: `INSERT INTO outbox (id, subject, payload, aggregate_id, aggregate_version, lane, traceparent, tracestate)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::bigint[], $6::smallint[],
                                $7::text[], $8::text[])`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.subject),
      rows.map((row) => Buffer.from(row.payload)),
      rows.map((row) => row.aggregate_id),
      rows.map((row) => row.aggregate_version),
      rows.map((row) => row.lane),
      rows.map((row) => row.traceparent),
      rows.map((row) => row.tracestate),
    ],
  });
}
