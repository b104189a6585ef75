import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import {
  BookingCancelledSchema,
  BookingCheckedInSchema,
  BookingCompletedSchema,
  BookingConfirmedSchema,
  BookingDeclinedSchema,
  BookingExpiredSchema,
  BookingHeldSchema,
  BookingNoShowSchema,
  BookingPaymentUnusableSchema,
  BookingPendingApprovalSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import type { CapturedPayment } from '../domain/decide-payment.ts';
import { toBookingMessage } from './to-booking-message.ts';
import { toMoney, toTimestamp } from './values.ts';

/** The event of the state that the booking has just come into. */
export function toBookingEvent(booking: Booking): OutgoingEvent {
  const common = { booking: toBookingMessage(booking), version: BigInt(booking.version) };
  const paymentId = booking.paymentId ?? '';
  switch (booking.state) {
    case 'held':
      return toEvent(booking, BookingHeldSchema, common);
    case 'pending_approval':
      return toEvent(booking, BookingPendingApprovalSchema, common);
    case 'confirmed':
      return toEvent(booking, BookingConfirmedSchema, { ...common, paymentId });
    case 'checked_in':
      return toEvent(booking, BookingCheckedInSchema, common);
    case 'completed':
      return toEvent(booking, BookingCompletedSchema, { ...common, paymentId });
    case 'no_show': {
      const refundDue = toMoney(booking.noShow?.refundAmount ?? 0n, booking.currency);
      const undoUntil = toTimestamp(booking.noShow?.undoUntil ?? booking.updatedAt);
      return toEvent(booking, BookingNoShowSchema, { ...common, paymentId, refundDue, undoUntil });
    }
    case 'cancelled': {
      const refundDue = toMoney(booking.cancellation?.refundAmount ?? 0n, booking.currency);
      return toEvent(booking, BookingCancelledSchema, { ...common, paymentId, refundDue });
    }
    case 'expired':
      return toEvent(booking, BookingExpiredSchema, common);
    case 'declined':
      return toEvent(booking, BookingDeclinedSchema, common);
  }
}

/** An event of the booking as it is now. */
export function toEvent<D extends DescMessage>(
  { id, version }: Pick<Booking, 'id' | 'version'>,
  schema: D,
  init: MessageInitShape<D>,
): OutgoingEvent {
  return { schema, message: create(schema, init), aggregateId: id, aggregateVersion: version };
}

/** The event that tells payments to give a payment back. */
export function toUnusableEvent(
  booking: Pick<Booking, 'id' | 'version'>,
  payment: CapturedPayment,
  now: Date,
): OutgoingEvent {
  const message = create(BookingPaymentUnusableSchema, {
    bookingId: booking.id,
    version: BigInt(booking.version),
    paymentId: payment.id,
    amount: toMoney(payment.amount, payment.currency),
    decidedAt: toTimestamp(now),
  });
  return {
    schema: BookingPaymentUnusableSchema,
    message,
    aggregateId: booking.id,
    aggregateVersion: booking.version,
  };
}
