import type { Queryable } from '@mawid/service-kit';
import type { PaymentState } from '../domain/payment-state.ts';
import { leaseMs } from './leases.ts';
import { type PaymentRow, paymentColumns, type RefundRow, refundColumns } from './rows.ts';

export interface NewRefund {
  id: string;
  paymentId: string;
  amount: bigint;
  reason: string;
  sourceKey: string;
  requestedBy: string | undefined;
  traceparent: string | undefined;
  now: Date;
}

/** Writes a refund; false when its fact has one already. A check of the database refuses what exceeds the captured amount. */
export async function insertRefund(on: Queryable, refund: NewRefund): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'refunds.insert',
    text: `WITH refund AS (
             INSERT INTO refunds (id, payment_id, amount, state, reason, source_key, requested_by, next_attempt_at,
                                  traceparent, created_at, updated_at)
             VALUES ($1, $2, $3, 'pending', $4, $5, $6, $7, $8, $7, $7)
             ON CONFLICT (source_key) DO NOTHING
             RETURNING payment_id, amount)
           UPDATE payments SET reserved = reserved + refund.amount, version = version + 1, updated_at = $7
             FROM refund WHERE payments.id = refund.payment_id`,
    values: [
      refund.id,
      refund.paymentId,
      refund.amount,
      refund.reason,
      refund.sourceKey,
      refund.requestedBy,
      refund.now,
      refund.traceparent,
    ],
  });
  return rowCount === 1;
}

export async function listRefunds(on: Queryable, paymentId: string): Promise<RefundRow[]> {
  const { rows } = await on.query<RefundRow>({
    name: 'refunds.list',
    text: `SELECT ${refundColumns} FROM refunds WHERE payment_id = $1 ORDER BY created_at, id`,
    values: [paymentId],
  });
  return rows;
}

/**
 * Leases payments that have a refund to send, each with that one refund. A refund whose call was lost goes before all
 * others of its payment: until it is known what became of it, the provider's sum explains nothing.
 */
export async function leaseDueRefunds(
  on: Queryable,
  { leaseId, now, limit }: { leaseId: string; now: Date; limit: number },
): Promise<string[]> {
  const { rows } = await on.query<{ refundId: string }>({
    name: 'refunds.lease_due',
    text: `WITH due AS (
             SELECT payments.id, refunds.id AS refund_id
               FROM refunds JOIN payments ON payments.id = refunds.payment_id
              WHERE refunds.state = 'pending' AND refunds.next_attempt_at <= $3
                AND (payments.leased_until IS NULL OR payments.leased_until < now())
                AND NOT EXISTS (
                  SELECT FROM refunds AS earlier
                   WHERE earlier.payment_id = refunds.payment_id AND earlier.state = 'pending'
                     AND (earlier.sent_at IS NULL, earlier.created_at, earlier.id)
                         < (refunds.sent_at IS NULL, refunds.created_at, refunds.id))
              ORDER BY refunds.next_attempt_at LIMIT $4
                FOR UPDATE OF payments SKIP LOCKED)
           UPDATE payments SET lease_id = $1, leased_until = now() + $2::float8 * interval '1 millisecond'
             FROM due WHERE payments.id = due.id
           RETURNING due.refund_id AS "refundId"`,
    values: [leaseId, leaseMs, now, limit],
  });
  return rows.map((row) => row.refundId);
}

/** Refund and payment, as they are now, when the lease still holds and the refund is still to be sent. */
export async function findLeasedRefund(
  on: Queryable,
  refundId: string,
  leaseId: string,
): Promise<{ refund: RefundRow; payment: PaymentRow } | undefined> {
  const { rows: refunds } = await on.query<RefundRow>({
    name: 'refunds.find_leased',
    text: `SELECT ${refundColumns} FROM refunds JOIN payments ON payments.id = refunds.payment_id
            WHERE refunds.id = $1 AND refunds.state = 'pending' AND payments.lease_id = $2`,
    values: [refundId, leaseId],
  });
  const [refund] = refunds;
  if (refund === undefined) return undefined;
  const { rows: payments } = await on.query<PaymentRow>({
    name: 'payments.find',
    text: `SELECT ${paymentColumns} FROM payments WHERE id = $1`,
    values: [refund.paymentId],
  });
  return payments[0] && { refund, payment: payments[0] };
}

/** Committed before the provider is called; false when the lease was lost, or ends too soon for a call. */
export async function markRefundSent(
  on: Queryable,
  { refundId, leaseId, now }: { refundId: string; leaseId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'refunds.mark_sent',
    text: `UPDATE refunds SET sent_at = $3, attempts = attempts + 1, updated_at = $3
             FROM payments
            WHERE refunds.id = $1 AND refunds.state = 'pending' AND payments.id = refunds.payment_id
              AND payments.lease_id = $2 AND payments.leased_until > now() + interval '25 seconds'`,
    values: [refundId, leaseId, now],
  });
  return rowCount === 1;
}

export async function moveRefundToSucceeded(
  on: Queryable,
  id: string,
  at: { refundedAt: Date; now: Date },
): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'refunds.succeed',
    text: `UPDATE refunds SET state = 'succeeded', refunded_at = $2, next_attempt_at = NULL, failure_reason = NULL,
                  updated_at = $3
            WHERE id = $1 AND state = 'pending'`,
    values: [id, at.refundedAt, at.now],
  });
  return rowCount === 1;
}

export interface RefundedAmount {
  id: string;
  amount: bigint;
  state: PaymentState;
  now: Date;
}

export async function addRefunded(on: Queryable, { id, amount, state, now }: RefundedAmount): Promise<PaymentRow> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.add_refunded',
    text: `UPDATE payments SET refunded = refunded + $2::bigint, state = $3, lease_id = NULL, leased_until = NULL,
                  version = version + 1, updated_at = $4
            WHERE id = $1
        RETURNING ${paymentColumns}`,
    values: [id, amount, state, now],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`no payment ${id}`);
  return row;
}

export async function moveRefundToFailed(
  on: Queryable,
  { id, reason, now }: { id: string; reason: string; now: Date },
): Promise<void> {
  await on.query({
    name: 'refunds.fail',
    text: `WITH refund AS (
             UPDATE refunds SET state = 'failed', failure_reason = $2, next_attempt_at = NULL, updated_at = $3
              WHERE id = $1 AND state = 'pending'
             RETURNING payment_id, amount)
           UPDATE payments SET reserved = reserved - refund.amount, version = version + 1, updated_at = $3
             FROM refund WHERE payments.id = refund.payment_id`,
    values: [id, reason, now],
  });
}

export interface RefundDelay {
  id: string;
  nextAttemptAt: Date;
  /** Known not to have been acted on: the sending is forgotten. */
  isUnsent: boolean;
  reason: string;
  now: Date;
}

export async function delayRefund(on: Queryable, delay: RefundDelay): Promise<void> {
  await on.query({
    name: 'refunds.delay',
    text: `UPDATE refunds SET next_attempt_at = $2, sent_at = CASE WHEN $3 THEN NULL ELSE sent_at END, failure_reason = $4,
                  updated_at = $5
            WHERE id = $1 AND state = 'pending'`,
    values: [delay.id, delay.nextAttemptAt, delay.isUnsent, delay.reason, delay.now],
  });
}
