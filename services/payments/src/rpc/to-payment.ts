import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type Payment,
  PaymentMethod,
  PaymentSchema,
  PaymentState,
  type Refund,
  RefundSchema,
  RefundState,
} from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import type { PaymentRow, RefundRow } from '../db/rows.ts';

type PaymentView = Omit<PaymentRow, 'state'> & { state: string };
type RefundView = Pick<RefundRow, 'id' | 'paymentId' | 'amount' | 'reason' | 'createdAt'> & { state: string };

const paymentStates: Record<string, PaymentState> = {
  created: PaymentState.CREATED,
  unknown: PaymentState.UNKNOWN,
  awaiting_payer: PaymentState.AWAITING_PAYER,
  captured: PaymentState.CAPTURED,
  partially_refunded: PaymentState.PARTIALLY_REFUNDED,
  refunded: PaymentState.REFUNDED,
  failed: PaymentState.FAILED,
  expired: PaymentState.EXPIRED,
};

const refundStates: Record<string, RefundState> = {
  pending: RefundState.PENDING,
  succeeded: RefundState.SUCCEEDED,
  failed: RefundState.FAILED,
};

const waiting = new Set(['created', 'unknown', 'awaiting_payer']);

export function toPayment(payment: PaymentView, refunds: readonly RefundView[]): Payment {
  const { currency } = payment;
  return create(PaymentSchema, {
    id: payment.id,
    bookingId: payment.bookingId,
    customerId: payment.customerId,
    salonId: payment.salonId,
    method: PaymentMethod.HOSTED_INVOICE,
    state: paymentStates[payment.state] ?? PaymentState.UNSPECIFIED,
    amount: { amount: payment.amount, currency },
    captured: { amount: payment.captured, currency },
    refunded: { amount: payment.refunded, currency },
    paymentUrl: payment.paymentUrl ?? '',
    failureReason: payment.failureReason ?? '',
    ...(waiting.has(payment.state) ? { expiresAt: timestampFromDate(payment.expiresAt) } : {}),
    refunds: refunds.map((refund) => toRefund(refund, currency)),
    etag: String(payment.version),
    createdAt: timestampFromDate(payment.createdAt),
    updatedAt: timestampFromDate(payment.updatedAt),
  });
}

function toRefund({ id, paymentId, amount, state, reason, createdAt }: RefundView, currency: string): Refund {
  return create(RefundSchema, {
    id,
    paymentId,
    amount: { amount, currency },
    state: refundStates[state] ?? RefundState.UNSPECIFIED,
    reason,
    createdAt: timestampFromDate(createdAt),
  });
}
