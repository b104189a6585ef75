import { isRefundable, type PaymentState } from './payment-state.ts';

/** What the provider says about an attempt of the payer to pay. */
export interface Charge {
  readonly id: string;
  readonly invoiceId: string | undefined;
  /** Our payment's id where the provider carries it. */
  readonly paymentId: string | undefined;
  readonly status: 'pending' | 'declined' | 'charged' | 'voided';
  readonly currency: string;
  /** What was really taken. */
  readonly charged: bigint;
  /** What was given back of it, over all refunds. */
  readonly refunded: bigint;
  readonly declineReason: string | undefined;
  readonly chargedAt: Date | undefined;
  readonly refundedAt: Date | undefined;
}

export interface ChargedPayment {
  readonly state: PaymentState;
  readonly amount: bigint;
  readonly currency: string;
  readonly providerPaymentId: string | null;
}

export type ChargeVerdict =
  | 'capture'
  /** Already known. */
  | 'known'
  /** The payer may try again. */
  | 'declined'
  | 'nothing'
  /** The money that is there is not what we asked for. */
  | 'amount_mismatch'
  /** A second charge of a payment that is paid. */
  | 'charged_twice';

/**
 * What a charge means for a payment. Only money that is exactly what was asked for is captured: none that somebody gave back,
 * past us, before we knew of it.
 */
export function judgeCharge(payment: ChargedPayment, charge: Charge): ChargeVerdict {
  if (charge.status === 'declined') return 'declined';
  if (charge.status !== 'charged') return 'nothing';
  if (payment.providerPaymentId === charge.id) return 'known';
  if (isRefundable(payment.state) || payment.state === 'refunded') return 'charged_twice';
  const isExact = charge.charged === payment.amount && charge.currency === payment.currency;
  return isExact && charge.refunded === 0n ? 'capture' : 'amount_mismatch';
}
