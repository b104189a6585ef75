import type { Statement } from '@mawid/service-kit';
import type { Context } from '../../src/context.ts';

/** The statements that the service sends while the work is done, outside of transactions and of the catalogue's client. */
export async function recordStatements(ctx: Context, work: () => Promise<unknown>): Promise<Statement[]> {
  const { database } = ctx;
  const { query } = database;
  const sent: Statement[] = [];
  database.query = (statement) => {
    // The outbox is emptied in the background, whenever that is.
    if (!statement.name.startsWith('outbox.')) sent.push(statement);
    return query(statement);
  };
  try {
    await work();
  } finally {
    database.query = query;
  }
  return sent;
}

/** How many those are. */
export async function countStatements(ctx: Context, work: () => Promise<unknown>): Promise<number> {
  return (await recordStatements(ctx, work)).length;
}
