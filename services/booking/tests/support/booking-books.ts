import type { Database } from '@mawid/service-kit';

/** What the outbox says of a booking, in order: the last words of the subjects. */
export async function factsOf(database: Database, bookingId: string): Promise<string[]> {
  return (await payloadsOf(database, bookingId)).map(({ fact }) => fact);
}

/** The same with what was said. */
export async function payloadsOf(database: Database, bookingId: string): Promise<{ fact: string; payload: Buffer }[]> {
  const { rows } = await database.query<{ fact: string; payload: Buffer }>({
    name: 'test.facts',
    text: `SELECT split_part(subject, '.', 4) AS fact, payload FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
    values: [bookingId],
  });
  return rows;
}

/** A booking's history: what happened, the state after it, and why. */
export async function historyOf(database: Database, bookingId: string): Promise<string[]> {
  const { rows } = await database.query<{ line: string }>({
    name: 'test.history',
    text: `SELECT trim(version || ' ' || move || ' ' || state || ' ' || actor || ' ' || reason) AS line
             FROM booking_changes WHERE booking_id = $1 ORDER BY version`,
    values: [bookingId],
  });
  return rows.map(({ line }) => line);
}

/** When the claims of a booking end as holds; `lasting` for those that stand, `released` for those given back. */
export async function claimEndsOf(database: Database, bookingId: string): Promise<string[]> {
  const { rows } = await database.query<{ active: boolean; hold_expires_at: Date | null }>({
    name: 'test.claim_ends',
    text: 'SELECT active, hold_expires_at FROM claims WHERE booking_id = $1 ORDER BY subject, during',
    values: [bookingId],
  });
  return rows.map((row) => (row.active ? (row.hold_expires_at?.toISOString() ?? 'lasting') : 'released'));
}
