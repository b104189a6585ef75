import { create } from '@bufbuild/protobuf';
import {
  type Booking,
  type BookingItem,
  BookingItemSchema,
  BookingSchema,
  type Cancellation,
  CancellationSchema,
  type Decline,
  DeclineSchema,
  GuestSchema,
  type NoShow,
  NoShowSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { type CancellationPolicy, CancellationPolicySchema } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type * as domain from '../domain/booking.ts';
import type * as calendar from '../domain/calendar.ts';
import { toEtag } from '../domain/etag.ts';
import { bookingSource, bookingState, cancelledBy, paymentPolicy } from './enums.ts';
import { toMoney, toText, toTimestamp } from './values.ts';

export function toBookingMessage(booking: domain.Booking): Booking {
  const { currency, holdExpiresAt, approvalExpiresAt, cancellation, decline, checkedInAt, completedAt, noShow } =
    booking;
  return create(BookingSchema, {
    id: booking.id,
    salonId: booking.salonId,
    customerId: booking.customerId ?? '',
    ...(booking.guest && { guest: create(GuestSchema, booking.guest) }),
    source: bookingSource.toEnum(booking.source),
    overridden: booking.isOverridden,
    state: bookingState.toEnum(booking.state),
    startAt: toTimestamp(booking.startAt),
    endAt: toTimestamp(booking.endAt),
    items: booking.items.map((item) => toItemMessage(item, currency)),
    total: toMoney(booking.totalAmount, currency),
    amountDue: toMoney(booking.amountDue, currency),
    amountPaid: toMoney(booking.amountPaid, currency),
    ...(holdExpiresAt && { holdExpiresAt: toTimestamp(holdExpiresAt) }),
    ...(approvalExpiresAt && { approvalExpiresAt: toTimestamp(approvalExpiresAt) }),
    paymentPolicy: paymentPolicy.toEnum(booking.paymentPolicy),
    cancellationPolicy: toPolicyMessage(booking.cancellationPolicy),
    ...(cancellation && { cancellation: toCancellationMessage(cancellation, currency) }),
    ...(decline && { decline: toDeclineMessage(decline) }),
    ...(checkedInAt && { checkedInAt: toTimestamp(checkedInAt) }),
    ...(completedAt && { completedAt: toTimestamp(completedAt) }),
    ...(noShow && { noShow: toNoShowMessage(noShow, currency) }),
    rescheduleCount: booking.rescheduleCount,
    customerNote: booking.customerNote,
    salonName: toText(booking.salonName),
    timeZone: booking.timeZone,
    etag: toEtag(booking.version),
    createdAt: toTimestamp(booking.createdAt),
    updatedAt: toTimestamp(booking.updatedAt),
  });
}

export function toPolicyMessage(policy: calendar.CancellationPolicy): CancellationPolicy {
  const { freeUntilHours, lateFeePercent, noShowFeePercent } = policy;
  return create(CancellationPolicySchema, { freeUntilHours, lateFeePercent, noShowFeePercent });
}

function toDeclineMessage({ reason, isByDeadline, declinedAt }: domain.Decline): Decline {
  return create(DeclineSchema, { reason, byDeadline: isByDeadline, declinedAt: toTimestamp(declinedAt) });
}

function toNoShowMessage(noShow: domain.NoShow, currency: string): NoShow {
  return create(NoShowSchema, {
    fee: toMoney(noShow.feeAmount, currency),
    refund: toMoney(noShow.refundAmount, currency),
    markedAt: toTimestamp(noShow.markedAt),
    undoUntil: toTimestamp(noShow.undoUntil),
  });
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
    resourceIds: [...item.resourceIds],
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
