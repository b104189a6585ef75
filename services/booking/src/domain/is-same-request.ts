import type { Booking, BookingSource, Guest } from './booking.ts';
import type { WantedItem } from './plan-visit.ts';

export interface RequestedBooking {
  readonly customerId: string | undefined;
  readonly guest?: Guest | undefined;
  readonly source: BookingSource;
  readonly salonId: string;
  readonly startAt: number;
  readonly customerNote: string;
  readonly isOverridden: boolean;
  readonly wanted: readonly WantedItem[];
}

/** Whether the booking is what this request asked for, whatever became of it: then the request is a retry, not a new wish. */
export function isSameRequest(booking: Booking, request: RequestedBooking): boolean {
  const { wanted } = request;
  return (
    booking.customerId === request.customerId &&
    booking.guest?.name === request.guest?.name &&
    (booking.guest?.phoneNumber ?? '') === (request.guest?.phoneNumber ?? '') &&
    booking.source === request.source &&
    booking.salonId === request.salonId &&
    booking.customerNote === request.customerNote &&
    booking.items.length === wanted.length &&
    booking.items.every(({ serviceId }, index) => wanted[index]?.serviceId === serviceId) &&
    (booking.rescheduleCount > 0 || isAtSameTime(booking, request))
  );
}

// A booking that was moved has another time, and perhaps other staff and a rule set aside, than it was asked for.
function isAtSameTime(booking: Booking, { startAt, isOverridden, wanted }: RequestedBooking): boolean {
  return (
    // A clock may tell more than the milliseconds that are kept.
    booking.startAt.getTime() === Math.trunc(startAt) &&
    booking.isOverridden === isOverridden &&
    booking.items.every(
      ({ staffId, isAnyStaff }, index) => wanted[index]?.staffId === (isAnyStaff ? undefined : staffId),
    )
  );
}
