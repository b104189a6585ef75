import type { Transaction } from '@mawid/service-kit';

/**
 * Takes away what banks and operators said about a customer's payments, for good: see the trigger on payments. Amounts, times and
 * the provider's numbers stay, for they are the books. Safe to repeat.
 */
export async function eraseCustomer(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.query({
    name: 'customers.erase',
    text: 'INSERT INTO erased_customers (user_id, erased_at) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING',
    values: [userId, now],
  });
  // All of them, whatever they say now: one that is being declined has words that cannot be seen yet.
  await tx.query({
    name: 'payments.forget_customer',
    text: 'UPDATE payments SET failure_reason = NULL WHERE customer_id = $1',
    values: [userId],
  });
  // The others' reasons are our own words for facts.
  await tx.query({
    name: 'refunds.forget_customer',
    text: `UPDATE refunds SET reason = '' FROM payments
            WHERE payments.id = payment_id AND customer_id = $1 AND requested_by IS NOT NULL`,
    values: [userId],
  });
  await tx.query({
    name: 'idempotency.forget_user',
    text: 'DELETE FROM idempotency_keys WHERE user_id = $1',
    values: [userId],
  });
}
