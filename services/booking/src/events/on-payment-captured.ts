import type {
  PaymentCaptured,
  PaymentCapturedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { type EventHandler, insertEvents, type Transaction } from '@mawid/service-kit';
import { saveMove } from '../booking/save-move.ts';
import type { Context } from '../context.ts';
import { keepClaims } from '../db/claims.ts';
import { lockBooking } from '../db/find-booking.ts';
import type { Booking } from '../domain/booking.ts';
import { type CapturedPayment, decidePayment } from '../domain/decide-payment.ts';
import { toUnusableEvent } from '../messages/to-booking-event.ts';

/** A held booking is paid: it stands. Where it cannot stand any more, payments is told to give the money back. */
export function onPaymentCaptured(ctx: Context): EventHandler<typeof PaymentCapturedSchema> {
  return async (tx, { message }) => {
    const payment = toPayment(message);
    const now = ctx.clock.now();
    const before = (await lockBooking(tx, message.bookingId))?.booking;
    const decision = before ? decidePayment(before, payment, now) : 'unusable';
    if (decision === 'known') return void ctx.metrics.payments.inc({ outcome: 'known' });
    if (before && decision !== 'unusable' && (await confirm(ctx, tx, { before, booking: decision.confirm }))) return;
    const booking = before ?? { id: message.bookingId, version: 0 };
    await insertEvents(tx, [toUnusableEvent(booking, payment, now)]);
    ctx.metrics.payments.inc({ outcome: 'unusable' });
  };
}

async function confirm(
  ctx: Context,
  tx: Transaction,
  { before, booking }: { before: Booking; booking: Booking },
): Promise<boolean> {
  if (!(await keepClaims(tx, booking.id, booking.updatedAt))) return false;
  await saveMove(ctx, tx, { before, booking, move: 'pay', actor: { kind: 'system' } });
  ctx.metrics.payments.inc({ outcome: 'confirmed' });
  return true;
}

function toPayment({ paymentId, amount }: PaymentCaptured): CapturedPayment {
  return { id: paymentId, amount: amount?.amount ?? 0n, currency: amount?.currency ?? '' };
}
