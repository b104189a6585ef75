import type { BookedItem, Booking } from './booking.ts';

const hour = 3_600_000;

/** When the booking of the tests starts. */
export const start = new Date('2026-11-23T12:00:00Z');

/** So many hours (and milliseconds later) before the start. */
export function before(hours: number, ms = 0): Date {
  return new Date(start.getTime() - hours * hour + ms);
}

export function itemOf(changes: Partial<BookedItem> = {}): BookedItem {
  return {
    serviceId: 'cut',
    staffId: 'sara',
    isAnyStaff: false,
    serviceName: { ar: 'قص', en: 'Cut' },
    staffName: { ar: 'سارة', en: 'Sara' },
    startAt: start,
    endAt: new Date(start.getTime() + hour),
    priceAmount: 10_001n,
    resourceIds: [],
    ...changes,
  };
}

/** A confirmed booking, paid in advance. */
export function bookingOf(changes: Partial<Booking> = {}): Booking {
  return {
    id: 'b',
    salonId: 's',
    customerId: 'c',
    source: 'customer',
    isOverridden: false,
    state: 'confirmed',
    startAt: start,
    endAt: new Date(start.getTime() + hour),
    items: [itemOf()],
    totalAmount: 10_001n,
    amountDue: 10_001n,
    amountPaid: 10_001n,
    currency: 'SAR',
    paymentPolicy: 'in_advance',
    cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 30 },
    rescheduleCount: 0,
    paymentId: 'p',
    customerNote: '',
    salonName: { ar: 'ص', en: 's' },
    timeZone: 'Asia/Riyadh',
    version: 3,
    createdAt: before(100),
    updatedAt: before(100),
    ...changes,
  };
}
