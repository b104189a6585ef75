import type { Booking } from './booking.ts';
import type { WantedItem } from './plan-visit.ts';

export interface RequestedBooking {
  readonly customerId: string | undefined;
  readonly salonId: string;
  readonly startAt: number;
  readonly customerNote: string;
  readonly wanted: readonly WantedItem[];
}

/** Whether the booking is what this request asked for: then the request is a retry, not a new wish. */
export function isSameRequest(booking: Booking, request: RequestedBooking): boolean {
  const { wanted } = request;
  return (
    booking.customerId === request.customerId &&
    booking.salonId === request.salonId &&
    booking.startAt.getTime() === request.startAt &&
    booking.customerNote === request.customerNote &&
    booking.items.length === wanted.length &&
    booking.items.every(({ serviceId, staffId, isAnyStaff }, index) => {
      const item = wanted[index];
      return item?.serviceId === serviceId && item.staffId === (isAnyStaff ? undefined : staffId);
    })
  );
}
