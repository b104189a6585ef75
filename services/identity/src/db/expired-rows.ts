import type { Queryable } from '@mawid/service-kit';
import { deleteCheckCounts } from './check-counts.ts';

/** Deletes what nothing can depend on any more: dead codes, spent windows, sessions that are over with their tokens. */
export async function deleteExpiredRows(on: Queryable, before: Date): Promise<void> {
  await on.query({
    name: 'code_requests.delete_expired',
    text: 'DELETE FROM code_requests WHERE expires_at < $1',
    values: [before],
  });
  await on.query({
    name: 'send_budgets.delete_expired',
    text: 'DELETE FROM send_budgets WHERE sent_at[cardinality(sent_at)] < $1',
    values: [before],
  });
  await on.query({
    name: 'sessions.delete_expired',
    text: 'DELETE FROM sessions WHERE expires_at < $1',
    values: [before],
  });
  await on.query({
    name: 'budgets.delete_expired',
    text: 'DELETE FROM budgets WHERE expires_at < $1',
    values: [before],
  });
  await on.query({
    name: 'used_challenges.delete_expired',
    text: 'DELETE FROM used_challenges WHERE expires_at < $1',
    values: [before],
  });
  await deleteCheckCounts(on, before);
}
