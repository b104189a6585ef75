import { create } from '@bufbuild/protobuf';
import {
  BookingCancelledSchema,
  BookingConfirmedSchema,
  BookingExpiredSchema,
  BookingHeldSchema,
  BookingPaymentUnusableSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import type { CapturedPayment } from '../domain/decide-payment.ts';
import { toBookingMessage } from './to-booking-message.ts';
import { toMoney, toTimestamp } from './values.ts';

/** The event of the state that the booking has just come into. */
export function toBookingEvent(booking: Booking): OutgoingEvent {
  const common = { booking: toBookingMessage(booking), version: BigInt(booking.version) };
  const aggregate = { aggregateId: booking.id, aggregateVersion: booking.version };
  const paymentId = booking.paymentId ?? '';
  switch (booking.state) {
    case 'held':
      return { ...aggregate, schema: BookingHeldSchema, message: create(BookingHeldSchema, common) };
    case 'confirmed':
      return {
        ...aggregate,
        schema: BookingConfirmedSchema,
        message: create(BookingConfirmedSchema, { ...common, paymentId }),
      };
    case 'cancelled': {
      const refundDue = toMoney(booking.cancellation?.refundAmount ?? 0n, booking.currency);
      const message = create(BookingCancelledSchema, { ...common, paymentId, refundDue });
      return { ...aggregate, schema: BookingCancelledSchema, message };
    }
    case 'expired':
      return { ...aggregate, schema: BookingExpiredSchema, message: create(BookingExpiredSchema, common) };
  }
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
