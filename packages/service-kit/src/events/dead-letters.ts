import { fromBinary } from '@bufbuild/protobuf';
import type { Database, Queryable, Transaction } from '../database/types.ts';
import type { EventEnvelope } from './headers.ts';
import { insertInbox } from './inbox.ts';
import type { Subscription } from './subscription.ts';

/** An event that could not be handled. */
export interface DeadLetter {
  id: string;
  event_id: string;
  subject: string;
  payload: Buffer;
  aggregate_id: string;
  aggregate_version: bigint;
  traceparent: string | null;
  tracestate: string | null;
  occurred_at: Date;
  deliveries: number;
  error: string;
  created_at: Date;
  replayed_at: Date | null;
}

export interface ParkedEvent {
  envelope: EventEnvelope;
  payload: Uint8Array;
  deliveries: number;
  error: string;
}

/** Parks an event with its error; a second time for the same event renews the row. */
export async function insertDeadLetter(
  on: Queryable,
  { envelope, payload, deliveries, error }: ParkedEvent,
): Promise<void> {
  await on.query({
    name: 'dead_letters.insert',
    text: `INSERT INTO dead_letters (event_id, subject, payload, aggregate_id, aggregate_version, traceparent, tracestate,
                                     occurred_at, deliveries, error)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (event_id) DO UPDATE SET deliveries = excluded.deliveries, error = excluded.error, replayed_at = NULL`,
    values: [
      ...[envelope.id, envelope.subject, Buffer.from(payload), envelope.aggregateId, envelope.aggregateVersion],
      ...[envelope.traceparent, envelope.tracestate, envelope.time, deliveries, error.slice(0, 4_000)],
    ],
  });
}

/** The dead letters that nobody has replayed yet, oldest first. */
export async function listDeadLetters(on: Queryable, limit = 100): Promise<DeadLetter[]> {
  const { rows } = await on.query<DeadLetter>({
    name: 'dead_letters.list',
    text: 'SELECT * FROM dead_letters WHERE replayed_at IS NULL ORDER BY created_at LIMIT $1',
    values: [limit],
  });
  return rows;
}

/**
 * Handles a dead letter again, with its inbox row and its effects in one transaction. `done` when it had its effect now,
 * `duplicate` when it had had it before, `not_found` for an unknown or replayed id. Throws what the handler throws; the letter stays.
 */
export function replayDeadLetter(
  database: Database,
  id: string,
  subscriptions: readonly Subscription[],
): Promise<'done' | 'duplicate' | 'not_found'> {
  return database.transaction(async (tx) => {
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return 'not_found';
    const subscription = subscriptions.find((each) => each.eventType.subject === letter.subject);
    if (!subscription) throw new Error(`nothing subscribes to ${letter.subject}`);
    const isNew = await insertInbox(tx, { id: letter.event_id, subject: letter.subject });
    if (isNew) await subscription.handle(tx, toEvent(letter, subscription));
    await tx.query({
      name: 'dead_letters.mark_replayed',
      text: 'UPDATE dead_letters SET replayed_at = now() WHERE id = $1',
      values: [id],
    });
    return isNew ? 'done' : 'duplicate';
  });
}

async function lockDeadLetter(tx: Transaction, id: string): Promise<DeadLetter | undefined> {
  const { rows } = await tx.query<DeadLetter>({
    name: 'dead_letters.lock',
    text: 'SELECT * FROM dead_letters WHERE id = $1 AND replayed_at IS NULL FOR UPDATE',
    values: [id],
  });
  return rows[0];
}

function toEvent(letter: DeadLetter, { eventType }: Subscription) {
  return {
    id: letter.event_id,
    subject: letter.subject,
    time: letter.occurred_at,
    aggregateId: letter.aggregate_id,
    aggregateVersion: Number(letter.aggregate_version),
    traceparent: letter.traceparent ?? undefined,
    tracestate: letter.tracestate ?? undefined,
    message: fromBinary(eventType.schema, letter.payload),
    deliveryCount: letter.deliveries + 1,
  };
}
