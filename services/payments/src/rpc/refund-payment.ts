import type { ServiceImpl } from '@connectrpc/connect';
import { PaymentSchema } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import {
  PaymentService,
  type RefundPaymentRequest,
} from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { requireUser, runIdempotent } from '@mawid/service-kit';
import { requestRefund } from '../actions/request-refund.ts';
import type { Context } from '../context.ts';
import { lockPayment, requirePayment } from '../db/payments.ts';
import { listRefunds } from '../db/refunds.ts';
import type { PaymentRow } from '../db/rows.ts';
import { isRefundable } from '../domain/payment-state.ts';
import { refundableRest } from '../domain/refunds.ts';
import { errors } from '../errors.ts';
import { toPayment } from './to-payment.ts';

export function refundPayment(ctx: Context): ServiceImpl<typeof PaymentService>['refundPayment'] {
  return async (request, context) => {
    const { userId } = requireUser(context);
    const call = { method: PaymentService.method.refundPayment, request, response: PaymentSchema };
    const answer = await runIdempotent(ctx.database, context, call, async (tx) => {
      const payment = await lockPayment(tx, request.paymentId);
      if (payment === undefined) throw errors.notFound();
      if (!isRefundable(payment.state)) throw errors.paymentNotRefundable();
      const amount = requireAmount(payment, request);
      const { id: paymentId } = payment;
      await requestRefund(ctx, tx, {
        paymentId,
        amount,
        reason: request.reason,
        source: undefined,
        requestedBy: userId,
      });
      return toPayment(await requirePayment(tx, paymentId), await listRefunds(tx, paymentId));
    });
    ctx.wakes.wake('send-refunds');
    return answer;
  };
}

function requireAmount(payment: PaymentRow, request: RefundPaymentRequest): bigint {
  const { currency } = payment;
  const rest = refundableRest(payment);
  const amount = request.amount?.amount ?? rest;
  if (request.amount && request.amount.currency !== currency) {
    throw errors.invalid({ field: 'amount.currency', reason: 'string.const', description: `must be ${currency}` });
  }
  if (request.amount && amount <= 0n) {
    throw errors.invalid({ field: 'amount.amount', reason: 'int64.gt', description: 'must be greater than 0' });
  }
  if (amount > rest || rest === 0n) throw errors.refundExceedsCaptured();
  return amount;
}
