import { type IdempotencyKey, refuse } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { findBooking } from '../db/find-booking.ts';
import { findCalendarVersion } from '../db/find-calendar-version.ts';
import { type InsertOutcome, insertBooking, type NewBooking } from '../db/insert-booking.ts';
import type { Actor, Booking } from '../domain/booking.ts';
import type { Audience, Calendar } from '../domain/calendar.ts';
import { assignItems, type BookingRequest, createBookingDraft } from '../domain/create-booking-draft.ts';
import { isTooLateToEnter, toStartRules } from '../domain/decide-entry.ts';
import { isSameRequest, type RequestedBooking } from '../domain/is-same-request.ts';
import { type BookingPlan, planBooking } from '../domain/plan-booking.ts';
import { errors } from '../errors.ts';

/** What somebody wants to book. */
export interface BookingOrder extends RequestedBooking, BookingRequest {
  /** Whether the client made the id: then the booking may exist already. */
  readonly isOwnId: boolean;
  readonly audience: Audience | undefined;
  readonly actor: Actor;
  /** Why rules are set aside. */
  readonly reason: string;
  readonly key: IdempotencyKey | undefined;
}

/** `key_known`: an earlier call with the key has been answered. `refused`, and whether it is known that no earlier one was. */
export type BookingResult =
  | { readonly outcome: 'booked'; readonly booking: Booking }
  | { readonly outcome: 'key_known' }
  | { readonly outcome: 'refused'; readonly refusal: Error; readonly isKeyNew: boolean };

/** Books the wished time. A retry with the client's own id finds the booking that it made. */
export async function bookTime(ctx: Context, order: BookingOrder): Promise<BookingResult> {
  const result = await bookAsItStands(ctx, order);
  if (result.outcome !== 'refused' || !order.isOwnId || !mayExist(result)) return result;
  const existing = await findBooking(ctx.database, order.id);
  if (!existing) return result;
  if (isSameRequest(existing.booking, order)) return { outcome: 'booked', booking: existing.booking };
  return { ...result, refusal: errors.bookingIdUsed() };
}

// The database has looked for the id before it refuses.
function mayExist({ isKeyNew, isIdUsed }: Refused): boolean {
  return !isKeyNew || isIdUsed === true;
}

type Refused = BookingResult & { outcome: 'refused'; isIdUsed?: boolean };
type Result = Exclude<BookingResult, { outcome: 'refused' }> | Refused;

/** How often a catalogue may change while one booking is decided by it. */
const maxReloads = 10;

async function bookAsItStands(ctx: Context, order: BookingOrder): Promise<Result> {
  const now = ctx.clock.now();
  let calendar = await ctx.calendars.get(ctx.database, order.salonId);
  for (let reloads = 0; calendar && reloads <= maxReloads; reloads++) {
    const result = await tryToBook(ctx, order, { calendar, now });
    if (result !== 'stale') return result;
    calendar = await ctx.calendars.reload(ctx.database, order.salonId);
  }
  throw calendar ? refuse('UNAVAILABLE', { retryAfterSeconds: 1 }) : errors.notFound();
}

interface Moment {
  readonly calendar: Calendar;
  readonly now: Date;
}

async function tryToBook(ctx: Context, order: BookingOrder, { calendar, now }: Moment): Promise<Result | 'stale'> {
  const { salon } = calendar;
  const plan = planOrder(calendar, order, now.getTime());
  if ('refusal' in plan) {
    // Nobody is turned away by what was true before.
    if ((await findCalendarVersion(ctx.database, salon.id)) !== salon.calendarVersion) return 'stale';
    return { outcome: 'refused', refusal: errors.notBookable(plan.refusal, salon), isKeyNew: false };
  }
  const draft = createBookingDraft(salon, plan.items, { ...order, now, holdMinutes: ctx.config.holdMinutes });
  const { isOwnId, actor, reason, key } = order;
  const isLimited = order.source === 'customer';
  const calendarVersion = salon.calendarVersion;
  const booking: NewBooking = { ...plan, draft, calendarVersion, isLimited, isOwnId, actor, reason, key };
  return toResult(ctx, { booking, calendar, written: await insertBooking(ctx.database, booking) });
}

function planOrder(calendar: Calendar, order: BookingOrder, now: number): BookingPlan {
  const plan = planBooking(calendar, { ...order, rules: toStartRules(order) }, now);
  return 'items' in plan && isTooLateToEnter(order, now) ? { refusal: 'TOO_SHORT_NOTICE' } : plan;
}

interface Written {
  readonly booking: NewBooking;
  readonly calendar: Calendar;
  readonly written: InsertOutcome;
}

function toResult(ctx: Context, { booking: { draft }, calendar, written }: Written): Result | 'stale' {
  const refused = (refusal: Error) => ({ outcome: 'refused', refusal, isKeyNew: true }) as const;
  switch (written.outcome) {
    case 'created':
      ctx.metrics.transitions.inc({ state: draft.state });
      return { outcome: 'booked', booking: assignItems(draft, written.chosen) };
    case 'taken':
    case 'resource_busy':
      ctx.metrics.conflicts.inc();
      return refused(written.outcome === 'taken' ? errors.slotTaken() : errors.resourceBusy());
    case 'too_many_open':
      return refused(errors.tooManyOpenBookings(calendar.salon));
    case 'id_used':
      return { ...refused(errors.bookingIdUsed()), isIdUsed: true };
    default:
      return written.outcome === 'stale' ? 'stale' : { outcome: 'key_known' };
  }
}
