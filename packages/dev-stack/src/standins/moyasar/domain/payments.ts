import { randomInt, randomUUID } from 'node:crypto';
import type { CardCompany, CardSource, Metadata, Payment, PendingCharge } from '../types.ts';
import { estimateFee, toAmountFormat } from './money.ts';

export interface NewPayment {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly callbackUrl: string | null;
  readonly invoiceId: string | null;
  readonly metadata: Metadata | null;
  readonly ip: string | null;
  readonly cardName: string;
  readonly maskedNumber: string;
  readonly company: CardCompany;
  readonly transactionUrl: string | null;
}

/** A payment that waits for its payer or its bank. */
export function toInitiatedPayment(input: NewPayment, now: Date): Payment {
  const { amount, currency } = input;
  const fee = estimateFee(amount, currency, input.company);
  return {
    id: input.id,
    status: 'initiated',
    amount,
    fee,
    currency,
    refunded: 0,
    refunded_at: null,
    captured: 0,
    captured_at: null,
    voided_at: null,
    description: input.description,
    amount_format: toAmountFormat(amount, currency),
    fee_format: toAmountFormat(fee, currency),
    refunded_format: toAmountFormat(0, currency),
    captured_format: toAmountFormat(0, currency),
    invoice_id: input.invoiceId,
    ip: input.ip,
    callback_url: input.callbackUrl,
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    metadata: input.metadata,
    source: toSource(input),
  };
}

function toSource(input: NewPayment): CardSource {
  return {
    type: 'creditcard',
    company: input.company,
    name: input.cardName,
    number: input.maskedNumber,
    gateway_id: `moyasar_cc_${randomUUID().replaceAll('-', '').slice(0, 22)}`,
    reference_number: null,
    token: null,
    message: null,
    transaction_url: input.transactionUrl,
    response_code: null,
    authorization_code: null,
    issuer_name: 'STAND-IN BANK',
    issuer_country: 'SA',
    issuer_card_type: input.company === 'mada' ? 'debit' : 'credit',
    issuer_card_category: 'CLASSIC',
  };
}

/** The bank has spoken: paid, authorized (a manual charge) or failed. */
export function settlePayment(payment: Payment, charge: PendingCharge, now: Date): Payment {
  const { outcome, manual } = charge;
  const isApproved = outcome.status === 'paid';
  return {
    ...payment,
    status: isApproved && manual ? 'authorized' : outcome.status,
    updated_at: now.toISOString(),
    source: {
      ...payment.source,
      message: outcome.message,
      response_code: outcome.responseCode,
      reference_number: String(randomInt(10 ** 11, 10 ** 12)),
      authorization_code: isApproved ? String(randomInt(100_000, 1_000_000)) : null,
      token: isApproved ? charge.cardToken : null,
    },
  };
}

export function capturePayment(payment: Payment, amount: number, now: Date): Payment {
  return {
    ...payment,
    status: 'captured',
    captured: amount,
    captured_format: toAmountFormat(amount, payment.currency),
    captured_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

export function voidPayment(payment: Payment, now: Date): Payment {
  return { ...payment, status: 'voided', voided_at: now.toISOString(), updated_at: now.toISOString() };
}

/** `refunded` is cumulative; the provider does not say what a partial refund does to the status, so the caller does. */
export function refundPayment(
  payment: Payment,
  amount: number,
  partialStatus: 'paid' | 'refunded',
  now: Date,
): Payment {
  const refunded = payment.refunded + amount;
  const isWhole = refunded === chargedAmountOf(payment);
  return {
    ...payment,
    status: isWhole || partialStatus === 'refunded' ? 'refunded' : payment.status,
    refunded,
    refunded_format: toAmountFormat(refunded, payment.currency),
    refunded_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

/** What was really taken from the card: the captured part of a hold, or the whole amount. */
export function chargedAmountOf(payment: Payment): number {
  return payment.captured > 0 ? payment.captured : payment.amount;
}

export function isRefundable(payment: Payment): boolean {
  return ['paid', 'captured', 'refunded'].includes(payment.status) && payment.refunded < chargedAmountOf(payment);
}
