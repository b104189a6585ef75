import type { Booking } from './booking.ts';
import type { Calendar } from './calendar.ts';
import { type AssignedItem, type Claim, chooseStaff } from './choose-staff.ts';
import { createBookingDraft } from './create-booking-draft.ts';
import { createSchedule, decideStart, type StartRefusal } from './decide-start.ts';
import type { RequestedBooking } from './is-same-request.ts';
import { planVisit, type VisitRefusal } from './plan-visit.ts';

export interface PlannedBooking {
  readonly booking: Booking;
  readonly items: readonly AssignedItem[];
}

export type BookingPlan = PlannedBooking | { readonly refusal: VisitRefusal | StartRefusal };

/** The booking that a request makes, as far as the calendar knows. */
export function planBooking(
  calendar: Calendar,
  request: RequestedBooking & { readonly id: string },
  { now, holdMinutes }: { readonly now: Date; readonly holdMinutes: number },
): BookingPlan {
  const { salon } = calendar;
  const visit = planVisit(calendar, request.wanted);
  if ('refusal' in visit) return visit;
  if (Number.isNaN(request.startAt)) return { refusal: 'START_OFF_GRID' };
  const schedule = createSchedule(salon, visit.items, { from: request.startAt, to: request.startAt + 1 });
  const decision = decideStart(schedule, request.startAt, now.getTime());
  if ('refusal' in decision) return decision;
  const [day] = schedule.days;
  const items = chooseStaff(decision.items, day ?? { from: request.startAt, to: request.startAt });
  return { items, booking: createBookingDraft(salon, items, { ...request, now, holdMinutes }) };
}

/** The calendar once it is known that somebody else has claimed the time. */
export function withClaim(calendar: Calendar, { subject, from, to }: Claim): Calendar {
  const staff = calendar.staff.map((each) =>
    each.id === subject ? { ...each, busy: [...each.busy, { from, to }].sort((a, b) => a.from - b.from) } : each,
  );
  return { ...calendar, staff };
}
