import type { Queryable } from '@mawid/service-kit';
import type { Actor, BookingChange } from '../domain/booking.ts';
import type { BookingState } from '../domain/booking-state.ts';

/** Writes a line of a booking's history, in the transaction that changes the booking. */
export async function insertBookingChange(tx: Queryable, bookingId: string, change: BookingChange): Promise<void> {
  const { version, move, state, startAt, actor, reason, isOverridden, at } = change;
  await tx.query({
    name: 'booking_changes.insert',
    text: `INSERT INTO booking_changes (booking_id, version, move, state, start_at, actor_id, actor, reason, overridden, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [bookingId, version, move, state, startAt, actor.userId, actor.kind, reason, isOverridden, at],
  });
}

interface ChangeRow {
  version: bigint;
  move: string;
  state: string;
  start_at: Date;
  actor_id: string | null;
  actor: string;
  reason: string;
  overridden: boolean;
  at: Date;
}

/** The history of a booking, oldest line first. */
export async function listBookingChanges(on: Queryable, bookingId: string): Promise<BookingChange[]> {
  const { rows } = await on.query<ChangeRow>({
    name: 'booking_changes.list',
    text: 'SELECT * FROM booking_changes WHERE booking_id = $1 ORDER BY version',
    values: [bookingId],
  });
  return rows.map(toChange);
}

function toChange(row: ChangeRow): BookingChange {
  return {
    version: Number(row.version),
    move: row.move as BookingChange['move'],
    state: row.state as BookingState,
    startAt: row.start_at,
    actor: { userId: row.actor_id ?? undefined, kind: row.actor as Actor['kind'] },
    reason: row.reason,
    isOverridden: row.overridden,
    at: row.at,
  };
}
