import type { Queryable } from '../database/types.ts';

/** A claimed outbox row. */
export interface PendingEvent {
  id: string;
  subject: string;
  payload: Buffer;
  aggregate_id: string;
  aggregate_version: bigint;
  traceparent: string | null;
  tracestate: string | null;
  created_at: Date;
}

/** First key of the advisory locks of lanes; the second is the lane. */
const lockClass = 1_836_412_772;

/** The lanes that have something to publish, in random order so that relays do not queue behind each other. */
export async function listPendingLanes(on: Queryable): Promise<number[]> {
  const { rows } = await on.query<{ lane: number }>({
    name: 'outbox.pending_lanes',
    text: 'SELECT lane FROM (SELECT DISTINCT lane FROM outbox WHERE published_at IS NULL) AS pending ORDER BY random()',
  });
  return rows.map((row) => row.lane);
}

/** Takes a lane until the transaction ends; false when another relay works on it. */
export async function lockLane(tx: Queryable, lane: number): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>({
    name: 'outbox.lock_lane',
    text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS locked',
    values: [lockClass, lane],
  });
  return rows[0]?.locked === true;
}

/**
 * The oldest unpublished rows of a locked lane. This statement comes after the lock: its snapshot sees what the
 * lane's last holder marked. No SKIP LOCKED here: skipping a row would send its aggregate's next event first.
 */
export async function claimRows(tx: Queryable, lane: number, limit: number): Promise<PendingEvent[]> {
  const { rows } = await tx.query<PendingEvent>({
    name: 'outbox.claim',
    text: `SELECT id, subject, payload, aggregate_id, aggregate_version, traceparent, tracestate, created_at
             FROM outbox WHERE published_at IS NULL AND lane = $1
            ORDER BY position LIMIT $2 FOR UPDATE`,
    values: [lane, limit],
  });
  return rows;
}

export async function markPublished(tx: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query({
    name: 'outbox.mark_published',
    text: 'UPDATE outbox SET published_at = now(), last_error = NULL WHERE id = ANY($1::uuid[])',
    values: [ids],
  });
}

export async function markFailed(tx: Queryable, id: string, error: string): Promise<void> {
  await tx.query({
    name: 'outbox.mark_failed',
    text: 'UPDATE outbox SET attempts = attempts + 1, last_error = $2 WHERE id = $1',
    values: [id, error],
  });
}

/** How many rows wait, and for how many seconds the oldest has. */
export async function readBacklog(on: Queryable): Promise<{ pending: number; oldestSeconds: number }> {
  const { rows } = await on.query<{ pending: bigint; oldest: number }>({
    name: 'outbox.backlog',
    text: `SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
             FROM outbox WHERE published_at IS NULL`,
  });
  return { pending: Number(rows[0]?.pending ?? 0), oldestSeconds: rows[0]?.oldest ?? 0 };
}

/** True when nothing waits to be published. */
export async function isOutboxEmpty(on: Queryable): Promise<boolean> {
  const { rows } = await on.query<{ empty: boolean }>({
    name: 'outbox.is_empty',
    text: 'SELECT NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL) AS empty',
  });
  return rows[0]?.empty === true;
}
