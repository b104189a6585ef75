import { create } from '@bufbuild/protobuf';
import { PaymentFailedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { insertEvents, type Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { moveToExpired, moveToFailed } from '../db/payment-moves.ts';
import { requirePayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { after, expiredDelayMs } from '../domain/check-delays.ts';

/** Nobody paid in time. It is still looked at for a while: a payer at the bank's page may have been slow. */
export function expirePayment(ctx: Context, { id }: PaymentRow): Promise<PaymentRow> {
  const now = ctx.clock.now();
  const move = { id, reason: 'expired', nextCheckAt: after(now, expiredDelayMs(0) ?? 0), now };
  return endPayment(ctx, id, (tx) => moveToExpired(tx, move));
}

/** The provider refused to make a page. */
export function failPayment(ctx: Context, { id }: PaymentRow, reason: string): Promise<PaymentRow> {
  ctx.logger.error({ payment_id: id, reason }, 'the provider refused to make an invoice');
  return endPayment(ctx, id, (tx) => moveToFailed(tx, { id, reason, now: ctx.clock.now() }));
}

async function endPayment(
  ctx: Context,
  id: string,
  move: (tx: Queryable) => Promise<PaymentRow | undefined>,
): Promise<PaymentRow> {
  const ended = await ctx.database.transaction(async (tx) => {
    const moved = await move(tx);
    if (moved) await insertEvents(tx, [toEvent(moved)]);
    return moved;
  });
  if (ended === undefined) return requirePayment(ctx.database, id);
  ctx.relay.wake();
  ctx.metrics.transitions.inc({ state: ended.state });
  return ended;
}

function toEvent({ id, bookingId, customerId, failureReason, version }: PaymentRow) {
  return {
    schema: PaymentFailedSchema,
    message: create(PaymentFailedSchema, { paymentId: id, bookingId, customerId, reason: failureReason ?? '' }),
    aggregateId: id,
    aggregateVersion: Number(version),
  };
}
