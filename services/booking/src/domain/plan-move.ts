import { advanceBooking, type MoveDecision } from './advance-booking.ts';
import type { BookedItem, Booking } from './booking.ts';
import type { Calendar, CalendarResource, CalendarStaff, Gender } from './calendar.ts';
import { type FreeItem, overrideRules, type StartRefusal } from './decide-start.ts';
import type { Interval } from './interval.ts';
import { type PlannedVisit, planBooking } from './plan-booking.ts';
import type { VisitRefusal, WantedItem } from './plan-visit.ts';
import type { AssignedItem } from './to-claims.ts';

/** Where a booking is to go. */
export interface MoveWish {
  /** NaN for a moment that cannot be counted with. */
  readonly startAt: number;
  /** Who is to do each service, undefined for anyone; nothing is said of them when absent. */
  readonly staffIds?: readonly (string | undefined)[] | undefined;
  /** Whether its salon moves it: that may, though it takes no new bookings. */
  readonly isBySalon: boolean;
  /** Whether the salon's hours, notice, advance and grid are set aside. */
  readonly isOverride: boolean;
}

export type MovePlan = { readonly items: readonly AssignedItem[] } | { readonly refusal: VisitRefusal | StartRefusal };

/** What a move is decided by, beside the calendar and the booking. */
export interface MoveContext {
  readonly wish: MoveWish;
  readonly now: Date;
  /** Those of the booking's staff, be they in the calendar or gone. */
  readonly genders: ReadonlyMap<string, Gender>;
}

/** Who does what at the new time, as far as the calendar knows. */
export function planMove(calendar: Calendar, booking: Booking, { wish, now, genders }: MoveContext): MovePlan {
  const { startAt, isOverride, staffIds } = wish;
  // No rule of the salon's that could be set aside: who is moved into the past would be one who did not come, and pay for it.
  if (isOverride && startAt < now.getTime()) return { refusal: 'TOO_SHORT_NOTICE' };
  const rules = isOverride ? overrideRules : undefined;
  const wanted = booking.items.map((item, index) => toWanted(item, { staffIds, index, genders }));
  const known = withBooked(calendar, booking, wish);
  const plan = planBooking(known, { wanted, startAt, isMove: true, rules }, now.getTime());
  return 'refusal' in plan ? plan : { items: assign(plan, booking) };
}

/** The booking at its new time. Price, policies and the services' names stay. */
export function decideMove(
  booking: Booking,
  items: readonly AssignedItem[],
  { wish, now }: { wish: MoveWish; now: Date },
): MoveDecision {
  const booked = items.map((assigned, index) => toMovedItem(booking.items[index] as BookedItem, assigned));
  const startAt = new Date(Math.min(...items.map(({ span }) => span.from)));
  return advanceBooking(booking, 'reschedule', {
    ...{ now, startAt, items: booked },
    endAt: new Date(Math.max(...items.map(({ span }) => span.to))),
    // The salon's answer is of no use once the visit has begun.
    approvalExpiresAt: booking.approvalExpiresAt && earlierOf(booking.approvalExpiresAt, startAt),
    isOverridden: wish.isOverride,
    rescheduleCount: booking.rescheduleCount + 1,
  });
}

// Whether "anyone" meant anyone of a gender is not written down. Nobody gets somebody of the other one unasked.
function toWanted(
  { serviceId, staffId, isAnyStaff }: BookedItem,
  { staffIds, index, genders }: Pick<MoveWish, 'staffIds'> & Pick<MoveContext, 'genders'> & { index: number },
): WantedItem {
  if (staffIds) return { serviceId, staffId: staffIds[index] };
  if (!isAnyStaff) return { serviceId, staffId };
  return { serviceId, staffGender: genders.get(staffId) };
}

// Who has a booking may keep it, whatever they were to do from then on.
function withBooked(calendar: Calendar, { items }: Booking, { isBySalon }: MoveWish): Calendar {
  const staff = calendar.staff.map((each) => {
    const own = items.filter(({ staffId }) => staffId === each.id).map(({ serviceId }) => serviceId);
    return own.length === 0 ? each : { ...each, serviceIds: [...each.serviceIds, ...own] };
  });
  return { ...calendar, staff, salon: { ...calendar.salon, isPublished: calendar.salon.isPublished || isBySalon } };
}

// As little changes as can be: who and what it has stays with it where that is free.
function assign({ items, day }: PlannedVisit, booking: Booking): AssignedItem[] {
  return items.map((each, index) => {
    const { staffId, resourceIds } = booking.items[index] as BookedItem;
    const staff = each.free.find(({ id }) => id === staffId) ?? findLeastBusy(each, day);
    const resources = each.freeResources.map(
      (list) => list.find(({ id }) => resourceIds.includes(id)) ?? (list[0] as CalendarResource),
    );
    return { ...each, staff, resources };
  });
}

function findLeastBusy({ free }: FreeItem, { from, to }: Interval): CalendarStaff {
  const countOf = ({ busy }: CalendarStaff) => busy.filter((each) => from <= each.from && each.from < to).length;
  return free.reduce((best, next) => (countOf(next) < countOf(best) ? next : best));
}

function toMovedItem(item: BookedItem, { item: visit, staff, span, resources }: AssignedItem): BookedItem {
  return {
    ...item,
    staffId: staff.id,
    isAnyStaff: visit.isAnyStaff,
    staffName: staff.name,
    startAt: new Date(span.from),
    endAt: new Date(span.to),
    resourceIds: resources.map(({ id }) => id),
  };
}

function earlierOf(a: Date, b: Date): Date {
  return a < b ? a : b;
}
