import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { findBooking } from '../db/find-booking.ts';
import { insertBooking } from '../db/insert-booking.ts';
import { loadCalendar } from '../db/load-calendar.ts';
import type { Booking } from '../domain/booking.ts';
import type { Calendar } from '../domain/calendar.ts';
import { type Claim, toClaims } from '../domain/choose-staff.ts';
import { isSameRequest, type RequestedBooking } from '../domain/is-same-request.ts';
import { minuteMs } from '../domain/local-days.ts';
import { type PlannedBooking, planBooking, withClaim } from '../domain/plan-booking.ts';
import { errors } from '../errors.ts';
import { toBookingEvent } from '../messages/to-booking-event.ts';

/** What a customer wants to book. */
export interface BookingWish extends RequestedBooking {
  readonly id: string;
  /** Whether the client made the id: then the booking may exist already. */
  readonly isOwnId: boolean;
}

/** Books the wished time, or throws why not. A retry with the client's own id finds the booking that it made. */
export async function bookTime(ctx: Context, on: Queryable, wish: BookingWish): Promise<Booking> {
  const now = ctx.clock.now();
  const calendar = await requireCalendar(on, wish, now);
  const result = await claimFreeTime(ctx, on, { calendar, wish, now });
  if ('booking' in result) return result.booking;
  if (!wish.isOwnId) throw result.refusal;
  const existing = await findBooking(on, wish.id);
  if (!existing) throw result.refusal;
  if (!isSameRequest(existing.booking, wish)) throw errors.bookingIdUsed();
  return existing.booking;
}

// The claims of the whole local day are read too: "any staff" goes to those who have least to do.
const dayMarginMs = 26 * 60 * minuteMs;

async function requireCalendar(on: Queryable, { salonId, wanted, startAt }: BookingWish, now: Date): Promise<Calendar> {
  const at = Number.isNaN(startAt) ? now.getTime() : startAt;
  const calendar = await loadCalendar(on, {
    salonId,
    serviceIds: wanted.map(({ serviceId }) => serviceId),
    span: { from: at - dayMarginMs, to: at + dayMarginMs },
    now,
  });
  if (!calendar) throw errors.notFound();
  return calendar;
}

interface Attempt {
  readonly calendar: Calendar;
  readonly wish: BookingWish;
  readonly now: Date;
}

type Result = { readonly booking: Booking } | { readonly refusal: Error };

async function claimFreeTime(ctx: Context, on: Queryable, { calendar, wish, now }: Attempt): Promise<Result> {
  const planned = planBooking(calendar, wish, { now, holdMinutes: ctx.config.holdMinutes });
  if ('refusal' in planned) return { refusal: errors.notBookable(planned.refusal, calendar.salon) };
  const claims = toClaims(planned.items);
  const { outcome, taken } = await insertBooking(on, { ...toNewBooking(planned), claims });
  if (outcome === 'created') {
    ctx.metrics.transitions.inc({ state: planned.booking.state });
    return { booking: planned.booking };
  }
  if (outcome === 'id_used') return { refusal: errors.bookingIdUsed() };
  ctx.metrics.conflicts.inc();
  const lost = claims.filter(({ subject }) => taken === undefined || subject === taken);
  // Somebody else may be free: the plan is made anew with what has just been learned, so this ends after a few rounds.
  return claimFreeTime(ctx, on, { calendar: withClaims(calendar, lost), wish, now });
}

function toNewBooking({ booking }: PlannedBooking) {
  return { booking, event: toBookingEvent(booking) };
}

function withClaims(calendar: Calendar, claims: readonly Claim[]): Calendar {
  return claims.reduce(withClaim, calendar);
}
