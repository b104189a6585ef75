import { createClient } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Statement } from '@mawid/service-kit';
import { createTestTransport, headersOf, testToken } from '@mawid/service-kit/testing';
import { loadConfig } from '../../../services/booking/src/config.ts';
import { type Context, closeContext, createContext } from '../../../services/booking/src/context.ts';
import { createRoutes } from '../../../services/booking/src/rpc/index.ts';
import { repeat } from '../repeat.ts';
import type { BookingStand } from './booking-stand.ts';
import type { Wish } from './free-times.ts';

/** The statements with which the service writes bookings, as it sends them. */
export interface RecordedCalls {
  readonly text: string;
  readonly values: readonly unknown[][];
}

/**
 * Makes bookings by the service's own handlers in this process, writes down the statement of each, and takes the bookings
 * away again: the statements can be sent a second time.
 */
export async function recordCalls(
  stand: BookingStand,
  { take, count, customerIds }: { take: () => Wish; count: number; customerIds: readonly string[] },
): Promise<RecordedCalls> {
  const env = { BOOKING_DATABASE_URL: stand.databaseUrl, NATS_URL: stand.natsUrl, LOG_LEVEL: 'silent' };
  const ctx = await createContext(loadConfig(env));
  const recorded: Statement[] = [];
  const client = createClient(BookingService, createTestTransport(createRoutes(listening(ctx, recorded))));
  const ids: string[] = [];
  try {
    await repeat({ requests: count, concurrency: 4 }, async () => {
      const userId = customerIds[ids.length % customerIds.length] ?? '';
      const headers = headersOf({ token: testToken({ userId, role: 'customer' }) });
      ids.push((await client.createBooking(take(), { headers })).id);
    });
  } finally {
    await closeContext(ctx);
    await ctx.telemetry.shutdown();
  }
  await takeAway(stand, ids);
  // A statement that was sent twice, because somebody else was faster, did nothing the first time.
  const made = recorded.filter(({ text }) => /\bcreate_booking\s*\(/.test(text));
  if (made.length < count) throw new Error(`of ${count} bookings, only ${made.length} statements were seen`);
  return { text: made[0]?.text ?? '', values: made.slice(0, count).map(({ values = [] }) => values) };
}

function listening(ctx: Context, recorded: Statement[]): Context {
  const { database } = ctx;
  const query: typeof database.query = (statement) => {
    recorded.push(statement);
    return database.query(statement);
  };
  return { ...ctx, database: { ...database, query } };
}

const traces = [
  ['outbox', 'aggregate_id = ANY($1::text[])'],
  ['booking_changes', 'booking_id = ANY($1::uuid[])'],
  ['booking_items', 'booking_id = ANY($1::uuid[])'],
  ['claims', 'booking_id = ANY($1::uuid[])'],
  ['bookings', 'id = ANY($1::uuid[])'],
] as const;

async function takeAway({ client }: BookingStand, ids: readonly string[]): Promise<void> {
  for (const [table, condition] of traces) await client.query(`DELETE FROM ${table} WHERE ${condition}`, [ids]);
  await client.query(`VACUUM ${traces.map(([table]) => table).join(', ')}`);
}
