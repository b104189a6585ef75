import type {
  PaymentCaptured,
  PaymentCapturedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { type EventHandler, insertEvents, type Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { keepClaims } from '../db/claims.ts';
import { lockBooking } from '../db/find-booking.ts';
import { updateBooking } from '../db/update-booking.ts';
import type { Booking } from '../domain/booking.ts';
import { type CapturedPayment, decidePayment } from '../domain/decide-payment.ts';
import { toBookingEvent, toUnusableEvent } from '../messages/to-booking-event.ts';

/** A held booking is paid: it stands. Where it cannot stand any more, payments is told to give the money back. */
export function onPaymentCaptured(ctx: Context): EventHandler<typeof PaymentCapturedSchema> {
  return async (tx, { message }) => {
    const payment = toPayment(message);
    const now = ctx.clock.now();
    const found = await lockBooking(tx, message.bookingId);
    const decision = found ? decidePayment(found.booking, payment, now) : 'unusable';
    if (decision === 'known') return void ctx.metrics.payments.inc({ outcome: 'known' });
    if (decision !== 'unusable' && (await confirm(ctx, tx, decision.confirm))) return;
    const booking = found?.booking ?? { id: message.bookingId, version: 0 };
    await insertEvents(tx, [toUnusableEvent(booking, payment, now)]);
    ctx.metrics.payments.inc({ outcome: 'unusable' });
  };
}

async function confirm(ctx: Context, tx: Transaction, booking: Booking): Promise<boolean> {
  if (!(await keepClaims(tx, booking.id, booking.updatedAt))) return false;
  await updateBooking(tx, booking);
  await insertEvents(tx, [toBookingEvent(booking)]);
  ctx.metrics.payments.inc({ outcome: 'confirmed' });
  ctx.metrics.transitions.inc({ state: booking.state });
  return true;
}

function toPayment({ paymentId, amount }: PaymentCaptured): CapturedPayment {
  return { id: paymentId, amount: amount?.amount ?? 0n, currency: amount?.currency ?? '' };
}
