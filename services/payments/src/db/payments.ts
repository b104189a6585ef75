import type { Queryable } from '@mawid/service-kit';
import { type PaymentRow, paymentColumns } from './rows.ts';

export interface NewPayment {
  id: string;
  bookingId: string;
  customerId: string;
  salonId: string;
  amount: bigint;
  currency: string;
  description: string;
  expiresAt: Date;
  nextCheckAt: Date;
  leaseId: string;
  leaseMs: number;
  traceparent: string | undefined;
  now: Date;
}

/** Writes a payment, leased to its writer; undefined when the booking has a live one already. */
export async function insertPayment(on: Queryable, payment: NewPayment): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.insert',
    text: `INSERT INTO payments (id, booking_id, customer_id, salon_id, method, state, amount, currency, description,
                                 expires_at, next_check_at, lease_id, leased_until, traceparent, created_at, updated_at)
           SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid, 'hosted_invoice', 'created', $5::bigint, $6::text, $7::text,
                  $8::timestamptz, $9::timestamptz, $10::uuid, now() + $11::float8 * interval '1 millisecond', $12::text,
                  $13::timestamptz, $13::timestamptz
            WHERE NOT EXISTS (SELECT FROM payments WHERE booking_id = $2 AND state IN ('captured', 'partially_refunded'))
           ON CONFLICT DO NOTHING
           RETURNING ${paymentColumns}`,
    values: [
      payment.id,
      payment.bookingId,
      payment.customerId,
      payment.salonId,
      payment.amount,
      payment.currency,
      payment.description,
      payment.expiresAt,
      payment.nextCheckAt,
      payment.leaseId,
      payment.leaseMs,
      payment.traceparent,
      payment.now,
    ],
  });
  return rows[0];
}

/** The booking's live payment; one that is paid goes before one that waits. */
export async function findLivePayment(on: Queryable, bookingId: string): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.find_live',
    text: `SELECT ${paymentColumns} FROM payments
            WHERE booking_id = $1
              AND state IN ('created', 'unknown', 'awaiting_payer', 'captured', 'partially_refunded')
            ORDER BY captured DESC, id LIMIT 1`,
    values: [bookingId],
  });
  return rows[0];
}

export async function findPayment(on: Queryable, id: string): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.find',
    text: `SELECT ${paymentColumns} FROM payments WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}

export async function requirePayment(on: Queryable, id: string): Promise<PaymentRow> {
  const payment = await findPayment(on, id);
  if (payment === undefined) throw new Error(`no payment ${id}`);
  return payment;
}

export async function findPaymentByInvoice(on: Queryable, invoiceId: string): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.find_by_invoice',
    text: `SELECT ${paymentColumns} FROM payments WHERE provider_invoice_id = $1`,
    values: [invoiceId],
  });
  return rows[0];
}

/** The payment, locked until the transaction ends: refunds of one payment are decided one after the other. */
export async function lockPayment(on: Queryable, id: string): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.lock',
    text: `SELECT ${paymentColumns} FROM payments WHERE id = $1 FOR UPDATE`,
    values: [id],
  });
  return rows[0];
}
