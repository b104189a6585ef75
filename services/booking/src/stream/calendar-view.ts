import { create } from '@bufbuild/protobuf';
import { type Booking, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { CalendarViewer } from '../db/find-calendar-viewer.ts';
import { canManage, type User } from '../domain/booking-rights.ts';
import type { CalendarFact } from './calendar-fact.ts';

/** How much of a salon's calendar somebody sees: all of it, or what is theirs as one of its staff. */
export type CalendarView =
  | { readonly kind: 'salon' }
  | { readonly kind: 'staff'; readonly staffIds: readonly string[] };

/** Undefined where it is none of their business. */
export function toCalendarView(user: User, viewer: CalendarViewer): CalendarView | undefined {
  if (canManage(user, viewer)) return { kind: 'salon' };
  const works = (user.role === 'staff' || user.role === 'manager') && viewer.staffIds.length > 0;
  return works ? { kind: 'staff', staffIds: viewer.staffIds } : undefined;
}

export function isSameView(one: CalendarView, other: CalendarView): boolean {
  if (one.kind === 'salon' || other.kind === 'salon') return one.kind === other.kind;
  return one.staffIds.join() === other.staffIds.join();
}

/** The fact as it is shown; undefined where it is not. */
export function showFact(view: CalendarView, fact: CalendarFact): CalendarFact | undefined {
  if (view.kind === 'salon') return fact;
  const { change } = fact;
  const isOwn = (staffId: string) => view.staffIds.includes(staffId);
  if (change.kind !== 'booking') return isOwn(change.timeBlock.staffId) ? fact : undefined;
  if (change.booking.items.some(({ staffId }) => isOwn(staffId))) return fact;
  if (!change.previousStaffIds.some(isOwn)) return undefined;
  return { ...fact, change: { ...change, booking: withoutPeople(change.booking) } };
}

/** Enough to take it out of a calendar in which it was. */
function withoutPeople(booking: Booking): Booking {
  const { customerId: _, customerNote: __, guest: ___, items: ____, $typeName, ...rest } = booking;
  return create(BookingSchema, rest);
}
