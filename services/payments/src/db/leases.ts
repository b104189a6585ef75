import type { Queryable } from '@mawid/service-kit';
import { type PaymentRow, paymentColumns } from './rows.ts';

/** Longer than any two calls to the provider together. Leases are measured by the database's clock, on all replicas the same. */
export const leaseMs = 60_000;

const isFree = '(payments.leased_until IS NULL OR payments.leased_until < now())';

/** Leases a payment to one holder; undefined while another has it. */
export async function takeLease(on: Queryable, id: string, leaseId: string): Promise<PaymentRow | undefined> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.lease',
    text: `UPDATE payments SET lease_id = $2, leased_until = now() + $3::float8 * interval '1 millisecond'
            WHERE id = $1 AND ${isFree}
        RETURNING ${paymentColumns}`,
    values: [id, leaseId, leaseMs],
  });
  return rows[0];
}

/** Leases payments whose check is due, the longest waiting first. */
export async function leaseDueChecks(
  on: Queryable,
  { leaseId, now, limit }: { leaseId: string; now: Date; limit: number },
): Promise<PaymentRow[]> {
  const { rows } = await on.query<PaymentRow>({
    name: 'payments.lease_due',
    text: `UPDATE payments SET lease_id = $1, leased_until = now() + $2::float8 * interval '1 millisecond'
            WHERE id IN (SELECT id FROM payments WHERE next_check_at <= $3 AND ${isFree}
                          ORDER BY next_check_at LIMIT $4 FOR UPDATE SKIP LOCKED)
        RETURNING ${paymentColumns}`,
    values: [leaseId, leaseMs, now, limit],
  });
  return rows;
}

/** Gives the payment back, with the time of its next check; undefined means none. Does nothing for a lost lease. */
export async function releaseCheck(
  on: Queryable,
  { id, leaseId, nextCheckAt }: { id: string; leaseId: string; nextCheckAt: Date | undefined },
): Promise<void> {
  await on.query({
    name: 'payments.release_check',
    text: `UPDATE payments SET next_check_at = $3, checks = checks + 1, lease_id = NULL, leased_until = NULL
            WHERE id = $1 AND lease_id = $2`,
    values: [id, leaseId, nextCheckAt],
  });
}

/** Gives the payment back and leaves its schedule alone. */
export async function releaseLease(on: Queryable, id: string, leaseId: string): Promise<void> {
  await on.query({
    name: 'payments.release',
    text: 'UPDATE payments SET lease_id = NULL, leased_until = NULL WHERE id = $1 AND lease_id = $2',
    values: [id, leaseId],
  });
}

// Whoever knows a page's address can send its invoice's callback: that must not become questions without end.
const mostHastened = 30;

/** Lets the next run of the job look at the payment; false when it waits for nothing, or was looked at too often. */
export async function hastenCheck(on: Queryable, invoiceId: string, now: Date): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'payments.hasten_check',
    text: `UPDATE payments SET next_check_at = least(next_check_at, $2)
            WHERE provider_invoice_id = $1 AND next_check_at IS NOT NULL AND checks < ${mostHastened}`,
    values: [invoiceId, now],
  });
  return rowCount === 1;
}
