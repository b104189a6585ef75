import type { BookedItem, Booking, BookingSource, Guest } from './booking.ts';
import type { CalendarResource, CalendarSalon, CalendarStaff } from './calendar.ts';
import type { FreeItem } from './decide-start.ts';
import { minuteMs } from './local-days.ts';

/** Who wants the booking, and how. */
export interface BookingRequest {
  readonly id: string;
  readonly customerId: string | undefined;
  readonly guest?: Guest | undefined;
  readonly source: BookingSource;
  readonly createdBy?: string | undefined;
  readonly isOverridden: boolean;
  readonly customerNote: string;
}

export interface DraftTimes {
  readonly now: Date;
  /** How long an unpaid booking keeps its time. */
  readonly holdMinutes: number;
}

/** An item of which it is open who does it. */
export type DraftItem = Omit<BookedItem, 'staffId' | 'staffName' | 'resourceIds'>;

/** A booking of which it is open who does it. */
export interface BookingDraft extends Omit<Booking, 'items'> {
  readonly items: readonly DraftItem[];
}

/** Who was chosen for an item. */
export interface Chosen {
  readonly staff: CalendarStaff;
  readonly resources: readonly CalendarResource[];
}

/** The booking as it is when somebody is free for each of its items. Freezes names, prices and policies. */
export function createBookingDraft(
  salon: CalendarSalon,
  items: readonly FreeItem[],
  { now, holdMinutes, ...request }: BookingRequest & DraftTimes,
): BookingDraft {
  const { id, customerId, guest, source, createdBy, isOverridden, customerNote } = request;
  const booked = items.map(toDraftItem);
  const totalAmount = booked.reduce((sum, { priceAmount }) => sum + priceAmount, 0n);
  const startAt = new Date(Math.min(...items.map(({ span }) => span.from)));
  return {
    ...{ id, customerId, guest, source, createdBy, isOverridden, customerNote },
    ...toBeginning(salon, { source, totalAmount, startAt, now, holdMinutes }),
    ...{ salonId: salon.id, items: booked, totalAmount, amountPaid: 0n, rescheduleCount: 0, version: 1 },
    startAt,
    endAt: new Date(Math.max(...items.map(({ span }) => span.to))),
    currency: items[0]?.item.service.currency ?? 'SAR',
    cancellationPolicy: salon.cancellationPolicy,
    salonName: salon.name,
    timeZone: salon.timeZone,
    createdAt: now,
    updatedAt: now,
  };
}

type Beginning = Pick<Booking, 'state' | 'amountDue' | 'paymentPolicy' | 'holdExpiresAt' | 'approvalExpiresAt'>;

interface BeginningFacts extends DraftTimes, Pick<Booking, 'source' | 'totalAmount' | 'startAt'> {}

// What a salon enters stands at once and is paid there: it has agreed with the customer on both.
function toBeginning(salon: CalendarSalon, facts: BeginningFacts): Beginning {
  const { source, totalAmount, startAt, now, holdMinutes } = facts;
  if (source !== 'customer') return { state: 'confirmed', amountDue: 0n, paymentPolicy: 'at_salon' };
  const { paymentPolicy, approvalPolicy, approvalMinutes } = salon;
  const isPaidFirst = paymentPolicy === 'in_advance' && totalAmount > 0n;
  const amountDue = isPaidFirst ? totalAmount : 0n;
  if (approvalPolicy === 'by_salon') {
    const approvalExpiresAt = new Date(Math.min(now.getTime() + approvalMinutes * minuteMs, startAt.getTime()));
    return { state: 'pending_approval', amountDue, paymentPolicy, approvalExpiresAt };
  }
  if (!isPaidFirst) return { state: 'confirmed', amountDue, paymentPolicy };
  return { state: 'held', amountDue, paymentPolicy, holdExpiresAt: new Date(now.getTime() + holdMinutes * minuteMs) };
}

function toDraftItem({ item, span }: FreeItem): DraftItem {
  return {
    serviceId: item.service.id,
    isAnyStaff: item.isAnyStaff,
    serviceName: item.service.name,
    startAt: new Date(span.from),
    endAt: new Date(span.to),
    priceAmount: item.service.priceAmount,
  };
}

/** The booking once it is known who does each of its items. */
export function assignItems(draft: BookingDraft, chosen: readonly Chosen[]): Booking {
  const items = draft.items.map((item, index) => {
    const one = chosen[index];
    if (!one) throw new Error(`nobody does item ${index} of booking ${draft.id}`);
    const { staff, resources } = one;
    return { ...item, staffId: staff.id, staffName: staff.name, resourceIds: resources.map(({ id }) => id) };
  });
  return { ...draft, items };
}
