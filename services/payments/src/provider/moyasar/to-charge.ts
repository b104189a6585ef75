import type { Charge } from '../../domain/judge-charge.ts';
import type { MoyasarPayment } from './schemas.ts';

const statuses: Record<string, Charge['status']> = {
  paid: 'charged',
  captured: 'charged',
  // A partial refund may say so, too: the amounts tell, not the status.
  refunded: 'charged',
  failed: 'declined',
  voided: 'voided',
  // An older spelling.
  void: 'voided',
};

export function toCharge(payment: MoyasarPayment): Charge {
  const captured = payment.captured ?? 0;
  return {
    id: payment.id,
    invoiceId: payment.invoice_id ?? undefined,
    paymentId: toPaymentId(payment.metadata),
    status: statuses[payment.status] ?? 'pending',
    currency: payment.currency,
    charged: BigInt(captured > 0 ? captured : payment.amount),
    refunded: BigInt(payment.refunded ?? 0),
    declineReason: toDeclineReason(payment),
    chargedAt: toDate(payment.captured_at ?? payment.updated_at),
    refundedAt: toDate(payment.refunded_at),
  };
}

/** Our payment's id out of metadata that we gave. */
export function toPaymentId(metadata: Record<string, unknown> | null | undefined): string | undefined {
  const value = metadata?.payment_id;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toDeclineReason({ status, source }: MoyasarPayment): string | undefined {
  if (status !== 'failed') return undefined;
  return source?.message || source?.response_code || 'declined';
}

function toDate(value: string | null | undefined): Date | undefined {
  const date = new Date(value ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
