import type { BookedItem, Booking } from './booking.ts';
import type { CalendarSalon } from './calendar.ts';
import type { AssignedItem } from './choose-staff.ts';
import { minuteMs } from './local-days.ts';

export interface BookingRequest {
  readonly id: string;
  readonly customerId: string | undefined;
  readonly customerNote: string;
  readonly now: Date;
  /** How long an unpaid booking keeps its time. */
  readonly holdMinutes: number;
}

/** The booking as it is when nobody else takes the time first. Freezes names, prices and policies. */
export function createBookingDraft(
  salon: CalendarSalon,
  items: readonly AssignedItem[],
  request: BookingRequest,
): Booking {
  const booked = items.map(toBookedItem);
  const totalAmount = booked.reduce((sum, { priceAmount }) => sum + priceAmount, 0n);
  const isPaidFirst = salon.paymentPolicy === 'in_advance' && totalAmount > 0n;
  const { id, customerId, customerNote, now } = request;
  return {
    ...{ id, customerId, customerNote, salonId: salon.id, items: booked, totalAmount, amountPaid: 0n, version: 1 },
    ...{ source: 'customer', isOverridden: false, rescheduleCount: 0 },
    state: isPaidFirst ? 'held' : 'confirmed',
    startAt: new Date(Math.min(...items.map(({ span }) => span.from))),
    endAt: new Date(Math.max(...items.map(({ span }) => span.to))),
    amountDue: isPaidFirst ? totalAmount : 0n,
    currency: items[0]?.item.service.currency ?? 'SAR',
    holdExpiresAt: isPaidFirst ? new Date(now.getTime() + request.holdMinutes * minuteMs) : undefined,
    paymentPolicy: salon.paymentPolicy,
    cancellationPolicy: salon.cancellationPolicy,
    salonName: salon.name,
    timeZone: salon.timeZone,
    createdAt: now,
    updatedAt: now,
  };
}

function toBookedItem({ item, staff, span }: AssignedItem): BookedItem {
  return {
    serviceId: item.service.id,
    staffId: staff.id,
    isAnyStaff: item.isAnyStaff,
    serviceName: item.service.name,
    staffName: staff.name,
    startAt: new Date(span.from),
    endAt: new Date(span.to),
    priceAmount: item.service.priceAmount,
    resourceIds: [],
  };
}
