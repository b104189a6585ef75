import { BookingCancelledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { refundBooking } from './refund-booking.ts';

/**
 * Gives back what the booking's policy says. A booking that was cancelled before its payment came has no payment here;
 * if the money still comes, booking says that it is unusable.
 */
export function onBookingCancelled(ctx: Context): Subscription {
  return on(BookingCancelledSchema, async (tx, { message: { booking, paymentId, refundDue } }) => {
    if (!booking || !refundDue || refundDue.amount <= 0n || paymentId === '') return;
    const source = `booking-cancelled:${booking.id}`;
    const refund = { bookingId: booking.id, paymentId, due: refundDue, reason: 'booking_cancelled', source };
    await refundBooking(ctx, tx, refund);
  });
}
