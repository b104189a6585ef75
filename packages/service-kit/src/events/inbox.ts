import type { Transaction } from '../database/types.ts';

/** Remembers an event; false when it was remembered before. A second transaction waits here for the first to end. */
export async function insertInbox(tx: Transaction, event: { id: string; subject: string }): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'inbox.insert',
    text: 'INSERT INTO inbox (event_id, subject) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING',
    values: [event.id, event.subject],
  });
  return rowCount === 1;
}
