import type { MethodImpl } from '@connectrpc/connect';
import { BookingService, type CancelBookingRequest } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireQuote } from '../booking/cancellation-quote.ts';
import { type MovableBooking, moveBooking, owning } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import type { MoveDecision } from '../domain/advance-booking.ts';
import type { CancelledBy } from '../domain/booking.ts';
import type { Relation } from '../domain/booking-rights.ts';
import { decideCancellation } from '../domain/decide-cancellation.ts';

export function cancelBooking(ctx: Context): MethodImpl<typeof BookingService.method.cancelBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.cancelBooking,
      ...{ request, allowed: owning },
      decide: (seen) => cancel(ctx, seen, request),
    });
}

function cancel(
  ctx: Context,
  { booking, by, now }: MovableBooking,
  { reason, previewId }: CancelBookingRequest,
): MoveDecision {
  const cancelledBy = toCancelledBy(by);
  const decision = decideCancellation(booking, { cancelledBy, reason, now });
  // To whoever asks again, having had no answer, the quote is of a booking that has changed: that is not what to tell them.
  if ('refusal' in decision) return decision;
  const quote = requireQuote({ key: ctx.config.pageTokenKey, booking, cancelledBy }, previewId, now);
  return quote ? decideCancellation(booking, { cancelledBy, reason, now, quote }) : decision;
}

/** In whose name somebody cancels. */
export function toCancelledBy(by: Relation): CancelledBy {
  return ({ customer: 'customer', staff: 'salon', manager: 'salon', admin: 'operator' } as const)[by];
}
