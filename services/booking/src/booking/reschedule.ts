import { readCalendar } from '../calendar/read-calendar.ts';
import type { Context } from '../context.ts';
import { listGenders } from '../db/list-genders.ts';
import { type ClaimMoveOutcome, moveClaims } from '../db/move-claims.ts';
import { updateItems } from '../db/update-booking.ts';
import type { MoveDecision } from '../domain/advance-booking.ts';
import type { Booking } from '../domain/booking.ts';
import type { Calendar } from '../domain/calendar.ts';
import { decideMove, type MoveWish, planMove } from '../domain/plan-move.ts';
import { type AssignedItem, toClaims } from '../domain/to-claims.ts';
import { errors } from '../errors.ts';
import type { MovableBooking } from './move-booking.ts';

/** Each attempt knows what the one before was lost to. */
const attempts = 5;

/** Takes the new time for a booking, with its items, or throws why that cannot be had: then it keeps its old one. */
export async function reschedule(ctx: Context, seen: MovableBooking, wish: MoveWish): Promise<MoveDecision> {
  const { tx, booking, now } = seen;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { calendar, items } = await planNewTime(ctx, seen, wish);
    const decision = decideMove(booking, items, { wish, now });
    if ('refusal' in decision) return decision;
    const claims = toClaims(items);
    const { calendarVersion } = calendar.salon;
    const outcome = await moveClaims(tx, { booking: decision.booking, claims, calendarVersion });
    if (outcome === 'moved') {
      await updateItems(tx, decision.booking);
      return decision;
    }
    countConflict(ctx, outcome);
  }
  throw errors.slotTaken();
}

async function planNewTime(
  ctx: Context,
  { tx, booking, now }: MovableBooking,
  wish: MoveWish,
): Promise<{ calendar: Calendar; items: readonly AssignedItem[] }> {
  const calendar = await requireCalendar(ctx, tx, { booking, now, startAt: wish.startAt });
  const genders = await listGenders(
    tx,
    booking.items.map(({ staffId }) => staffId),
  );
  const plan = planMove(calendar, booking, { wish, now, genders });
  if ('refusal' in plan) throw errors.notBookable(plan.refusal, calendar.salon);
  return { calendar, items: plan.items };
}

// Of all services: who has the booking may have none of these any more. That reaches farther than the local day, in which
// "any" goes to those who have least to do.
async function requireCalendar(
  ctx: Context,
  tx: MovableBooking['tx'],
  { booking, now, startAt }: { booking: Booking; now: Date; startAt: number },
): Promise<Calendar> {
  const from = Number.isNaN(startAt) ? now.getTime() : startAt;
  const calendar = await readCalendar(ctx, tx, {
    ...{ salonId: booking.salonId, span: { from, to: from + 1 }, now },
    movingBookingId: booking.id,
  });
  if (!calendar) throw errors.notFound();
  return calendar;
}

function countConflict(ctx: Context, outcome: ClaimMoveOutcome): void {
  if (outcome !== 'stale') ctx.metrics.conflicts.inc();
}
