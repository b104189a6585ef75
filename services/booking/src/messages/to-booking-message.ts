import { create } from '@bufbuild/protobuf';
import {
  type Booking,
  type BookingItem,
  BookingItemSchema,
  BookingSchema,
  type Cancellation,
  CancellationSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { type CancellationPolicy, CancellationPolicySchema } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type * as domain from '../domain/booking.ts';
import type * as calendar from '../domain/calendar.ts';
import { toEtag } from '../domain/etag.ts';
import { bookingState, cancelledBy, paymentPolicy } from './enums.ts';
import { toMoney, toText, toTimestamp } from './values.ts';

export function toBookingMessage(booking: domain.Booking): Booking {
  const { currency, holdExpiresAt, cancellation } = booking;
  return create(BookingSchema, {
    id: booking.id,
    salonId: booking.salonId,
    customerId: booking.customerId,
    state: bookingState.toEnum(booking.state),
    startAt: toTimestamp(booking.startAt),
    endAt: toTimestamp(booking.endAt),
    items: booking.items.map((item) => toItemMessage(item, currency)),
    total: toMoney(booking.totalAmount, currency),
    amountDue: toMoney(booking.amountDue, currency),
    amountPaid: toMoney(booking.amountPaid, currency),
    ...(holdExpiresAt && { holdExpiresAt: toTimestamp(holdExpiresAt) }),
    paymentPolicy: paymentPolicy.toEnum(booking.paymentPolicy),
    cancellationPolicy: toPolicyMessage(booking.cancellationPolicy),
    ...(cancellation && { cancellation: toCancellationMessage(cancellation, currency) }),
    customerNote: booking.customerNote,
    salonName: toText(booking.salonName),
    timeZone: booking.timeZone,
    etag: toEtag(booking.version),
    createdAt: toTimestamp(booking.createdAt),
    updatedAt: toTimestamp(booking.updatedAt),
  });
}

export function toPolicyMessage({ freeUntilHours, lateFeePercent }: calendar.CancellationPolicy): CancellationPolicy {
  return create(CancellationPolicySchema, { freeUntilHours, lateFeePercent });
}

function toItemMessage(item: domain.BookedItem, currency: string): BookingItem {
  return create(BookingItemSchema, {
    serviceId: item.serviceId,
    staffId: item.staffId,
    serviceName: toText(item.serviceName),
    staffName: toText(item.staffName),
    startAt: toTimestamp(item.startAt),
    endAt: toTimestamp(item.endAt),
    price: toMoney(item.priceAmount, currency),
  });
}

function toCancellationMessage(cancellation: domain.Cancellation, currency: string): Cancellation {
  return create(CancellationSchema, {
    cancelledBy: cancelledBy.toEnum(cancellation.cancelledBy),
    reason: cancellation.reason,
    fee: toMoney(cancellation.feeAmount, currency),
    refund: toMoney(cancellation.refundAmount, currency),
    cancelledAt: toTimestamp(cancellation.cancelledAt),
  });
}
