import type { PaymentFailedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import type { EventHandler } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { lockBooking } from '../db/find-booking.ts';
import { decideHoldExtensionEnd } from '../domain/decide-hold-extension.ts';
import { moveHold } from './move-hold.ts';

/** The payer for whom the hold was lengthened has left: it ends when it would have. */
export function onPaymentFailed(ctx: Context): EventHandler<typeof PaymentFailedSchema> {
  return async (tx, { message: { bookingId, paymentId } }) => {
    const found = await lockBooking(tx, bookingId);
    const booking = found && decideHoldExtensionEnd(found.booking, paymentId, ctx.clock.now());
    const moved = booking && { before: found.booking, booking, outcome: 'ended' as const, reason: 'payment_failed' };
    if (moved) await moveHold(ctx, tx, moved);
  };
}
