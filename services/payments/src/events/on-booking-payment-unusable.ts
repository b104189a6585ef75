import { BookingPaymentUnusableSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { refundBooking } from './refund-booking.ts';

/** Money came for a booking that cannot stand any more: all of it goes back. */
export function onBookingPaymentUnusable(ctx: Context): Subscription {
  return on(BookingPaymentUnusableSchema, async (tx, { message: { bookingId, paymentId } }) => {
    const source = `payment-unusable:${paymentId}`;
    await refundBooking(ctx, tx, { bookingId, paymentId, due: undefined, reason: 'payment_unusable', source });
  });
}
