import type { PaymentStartedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import type { EventHandler } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { lockBooking } from '../db/find-booking.ts';
import { decideHoldExtension } from '../domain/decide-hold-extension.ts';
import { moveHold } from './move-hold.ts';

/** The payer is on the bank's page: the time is kept a little longer, once. A hold that has lapsed stays so. */
export function onPaymentStarted(ctx: Context): EventHandler<typeof PaymentStartedSchema> {
  return async (tx, { message: { bookingId, paymentId } }) => {
    const extension = { now: ctx.clock.now(), minutes: ctx.config.holdExtensionMinutes };
    const found = await lockBooking(tx, bookingId);
    const booking = found && decideHoldExtension(found.booking, paymentId, extension);
    if (booking) await moveHold(ctx, tx, { before: found.booking, booking, outcome: 'extended' });
  };
}
