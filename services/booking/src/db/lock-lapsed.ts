import type { Queryable } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import { findBookings } from './find-booking.ts';

/** The states that end by themselves. */
export type LapsingState = 'held' | 'pending_approval';

const deadlines = { held: 'hold_expires_at', pending_approval: 'approval_expires_at' } as const;

/** Some bookings whose time in the state has run out, locked; those that another process works on are left out. */
export async function lockLapsed(
  tx: Queryable,
  state: LapsingState,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<Booking[]> {
  const deadline = deadlines[state];
  const { rows } = await tx.query<{ id: string }>({
    name: `booking.lock_lapsed_${state}`,
    text: `SELECT id FROM bookings WHERE state = '${state}' AND ${deadline} <= $1
            ORDER BY ${deadline} LIMIT $2 FOR UPDATE SKIP LOCKED`,
    values: [now, limit],
  });
  if (rows.length === 0) return [];
  const found = await findBookings(
    tx,
    rows.map(({ id }) => id),
  );
  return found.map(({ booking }) => booking);
}
