import { create, toBinary } from '@bufbuild/protobuf';
import { BookingItemSchema, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { CalendarStaff } from '../domain/calendar.ts';
import type { BookingDraft, DraftItem } from '../domain/create-booking-draft.ts';
import { toBookingMessage } from './to-booking-message.ts';
import { toMoney, toText, toTimestamp } from './values.ts';

// Who does an item is chosen in the database, which puts these parts together: a message that comes twice is merged.

/** A Booking less its items. */
export function toDraftBytes(draft: BookingDraft): Uint8Array {
  return toBinary(BookingSchema, toBookingMessage({ ...draft, items: [] }));
}

/** A BookingItem less who does it. */
export function toItemBytes(item: DraftItem, currency: string): Uint8Array {
  const message = create(BookingItemSchema, {
    serviceId: item.serviceId,
    serviceName: toText(item.serviceName),
    startAt: toTimestamp(item.startAt),
    endAt: toTimestamp(item.endAt),
    price: toMoney(item.priceAmount, currency),
  });
  return toBinary(BookingItemSchema, message);
}

/** What a BookingItem says of who does it. */
export function toStaffBytes({ id, name }: CalendarStaff): Uint8Array {
  return toBinary(BookingItemSchema, create(BookingItemSchema, { staffId: id, staffName: toText(name) }));
}
