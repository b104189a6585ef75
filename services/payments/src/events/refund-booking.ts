import type { Money } from '@mawid/contracts/gen/mawid/type/v1/money_pb.js';
import type { Transaction } from '@mawid/service-kit';
import { requestRefund } from '../actions/request-refund.ts';
import type { Context } from '../context.ts';
import { lockPayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { atMostRest } from '../domain/refunds.ts';

export interface BookingRefund {
  readonly bookingId: string;
  readonly paymentId: string;
  /** All of it when absent. */
  readonly due: Money | undefined;
  readonly reason: string;
  readonly source: string;
}

/** Refunds what booking decided. What contradicts our own books is no refund but an error, which parks the event. */
export async function refundBooking(ctx: Context, tx: Transaction, refund: BookingRefund): Promise<void> {
  const payment = await requireMatching(tx, refund);
  const { id: paymentId, captured } = payment;
  const due = refund.due?.amount ?? captured;
  const amount = atMostRest(payment, due);
  if (amount < due) {
    ctx.metrics.refunds.inc({ outcome: 'clamped' });
    ctx.logger.warn({ payment_id: paymentId, due, left: amount, source: refund.source }, 'less is left than is due');
  }
  const { reason, source } = refund;
  if (amount > 0n) await requestRefund(ctx, tx, { paymentId, amount, reason, source });
}

async function requireMatching(tx: Transaction, { bookingId, paymentId, due }: BookingRefund): Promise<PaymentRow> {
  const payment = await lockPayment(tx, paymentId);
  if (payment === undefined) throw new Error(`a refund is due of the payment ${paymentId}, which does not exist`);
  if (payment.bookingId !== bookingId) throw new Error(`payment ${paymentId} is not of booking ${bookingId}`);
  if (payment.captured === 0n) throw new Error(`a refund is due of payment ${paymentId}, which is not captured`);
  if (due && due.currency !== payment.currency) throw new Error(`payment ${paymentId} is not in ${due.currency}`);
  return payment;
}
