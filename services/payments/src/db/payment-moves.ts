import type { Queryable } from '@mawid/service-kit';
import { statesBefore } from '../domain/payment-state.ts';
import { type PaymentRow, paymentColumns } from './rows.ts';

// Every change of a payment's state: a compare-and-set that answers undefined when the payment was elsewhere already.

export interface InvoiceFound {
  id: string;
  invoiceId: string;
  url: string;
  nextCheckAt: Date;
  now: Date;
}

export async function moveToAwaitingPayer(on: Queryable, move: InvoiceFound): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.await_payer',
    text: `UPDATE payments
              SET state = 'awaiting_payer', provider_invoice_id = $3, payment_url = $4, next_check_at = $5, checks = 0,
                  invoice_called_at = NULL, failure_reason = NULL, lease_id = NULL, leased_until = NULL,
                  version = version + 1, updated_at = $6
            WHERE id = $1 AND state = ANY($2)
        RETURNING ${paymentColumns}`,
    values: [move.id, statesBefore('awaiting_payer'), move.invoiceId, move.url, move.nextCheckAt, move.now],
  });
  return rows[0];
}

/** Before the call that makes the invoice: whatever happens from here on, the provider is asked before the next one. */
export async function markInvoiceCalled(on: Queryable, id: string, now: Date): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.mark_invoice_called',
    text: `UPDATE payments
              SET state = 'unknown', invoice_calls = invoice_calls + 1, invoice_called_at = $2, updated_at = $2,
                  version = version + 1
            WHERE id = $1 AND state IN ('created', 'unknown')
        RETURNING ${paymentColumns}`,
    values: [id, now],
  });
  return rows[0];
}

/** The call has certainly not been acted on. */
export async function moveToCreated(on: Queryable, id: string, now: Date): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.back_to_created',
    text: `UPDATE payments SET state = 'created', invoice_called_at = NULL, updated_at = $2, version = version + 1
            WHERE id = $1 AND state = 'unknown'
        RETURNING ${paymentColumns}`,
    values: [id, now],
  });
  return rows[0];
}

export interface CaptureMove {
  id: string;
  invoiceId: string | undefined;
  chargeId: string;
  capturedAt: Date;
  now: Date;
}

export async function moveToCaptured(on: Queryable, move: CaptureMove): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.capture',
    text: `UPDATE payments
              SET state = 'captured', captured = amount, provider_payment_id = $3,
                  provider_invoice_id = coalesce(provider_invoice_id, $4), captured_at = $5, payment_url = NULL,
                  failure_reason = NULL, next_check_at = NULL, paid_late = state IN ('expired', 'failed'),
                  version = version + 1, updated_at = $6
            WHERE id = $1 AND state = ANY($2)
        RETURNING ${paymentColumns}`,
    values: [move.id, statesBefore('captured'), move.chargeId, move.invoiceId, move.capturedAt, move.now],
  });
  return rows[0];
}

export interface EndMove {
  id: string;
  reason: string;
  nextCheckAt: Date | undefined;
  now: Date;
}

export async function moveToExpired(on: Queryable, move: EndMove): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.expire',
    text: `UPDATE payments
              SET state = 'expired', failure_reason = coalesce(failure_reason, $3), payment_url = NULL, next_check_at = $4,
                  checks = 0, lease_id = NULL, leased_until = NULL, version = version + 1, updated_at = $5
            WHERE id = $1 AND state = ANY($2) AND attention IS NULL AND expires_at <= $5
        RETURNING ${paymentColumns}`,
    values: [move.id, statesBefore('expired'), move.reason, move.nextCheckAt, move.now],
  });
  return rows[0];
}

export async function moveToFailed(on: Queryable, move: Omit<EndMove, 'nextCheckAt'>): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.fail',
    text: `UPDATE payments
              SET state = 'failed', failure_reason = $3, payment_url = NULL, next_check_at = NULL, lease_id = NULL,
                  leased_until = NULL, version = version + 1, updated_at = $4
            WHERE id = $1 AND state = ANY($2)
        RETURNING ${paymentColumns}`,
    values: [move.id, statesBefore('failed'), move.reason, move.now],
  });
  return rows[0];
}

/** The payer was declined and may try again: the state stays. */
export async function noteDecline(on: Queryable, decline: { id: string; reason: string; now: Date }): Promise<void> {
  await on.query({
    name: 'payments.note_decline',
    text: `UPDATE payments SET failure_reason = $2, version = version + 1, updated_at = $3
            WHERE id = $1 AND state = 'awaiting_payer' AND failure_reason IS DISTINCT FROM $2`,
    values: [decline.id, decline.reason, decline.now],
  });
}

/** Stops everything that would happen to the payment by itself; false when it was flagged before. */
export async function flagPayment(on: Queryable, flag: { id: string; reason: string; now: Date }): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'payments.flag',
    text: `UPDATE payments SET attention = $2, next_check_at = NULL, version = version + 1, updated_at = $3
            WHERE id = $1 AND attention IS DISTINCT FROM $2`,
    values: [flag.id, flag.reason, flag.now],
  });
  return rowCount === 1;
}
