import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, type Person, person } from './bench.ts';
import type { MadeSalon } from './make-salon.ts';

export const at = (text: string) => timestampFromDate(new Date(text));
/** Riyadh is three hours ahead: 10:00 there. */
export const ten = '2026-11-23T07:00:00Z';

export interface Wish {
  items?: { serviceId: string; staffId?: string; staffGender?: number }[];
  startAt?: string;
  bookingId?: string;
  customerNote?: string;
  audience?: number;
  source?: number;
  customerId?: string;
  guest?: { name: string; phoneNumber?: string };
  override?: boolean;
  overrideReason?: string;
}

/** Books as a client would; the salon's first service at ten when nothing else is said. */
export function createBooker(bench: Bench) {
  return (
    salon: MadeSalon,
    wish: Wish = {},
    who: Person = person('customer'),
    headers: Record<string, string> = {},
  ) => {
    const { startAt = ten, items = [{ serviceId: salon.serviceIds[0] ?? '' }], ...rest } = wish;
    const options = as(who, headers);
    return bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt), ...rest }, options);
  };
}

const tables = ['bookings', 'booking_items', 'claims', 'booking_changes', 'outbox', 'idempotency_keys'];

/** How many rows there are of everything that a booking writes. */
export async function countRows({ ctx }: Bench): Promise<Record<string, number>> {
  const counts = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const { rows } = await ctx.database.query({ name: 'test.count_rows', text: `SELECT ${counts.join(', ')}` });
  return rows[0] as Record<string, number>;
}

/** Makes resources of which a service needs one; returns their ids. */
export async function addNeed(
  { ctx: { prisma } }: Bench,
  salon: MadeSalon,
  { serviceIds, count = 1, need = 0 }: { serviceIds: string[]; count?: number; need?: number },
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const now = new Date();
  const common = { salonId: salon.id, kind: 'room', nameAr: 'غرفة', nameEn: 'Room', createdAt: now, updatedAt: now };
  await prisma.resource.createMany({ data: ids.map((id) => ({ id, ...common })) });
  const needs = serviceIds.flatMap((serviceId) => ids.map((resourceId) => ({ serviceId, resourceId, need })));
  await prisma.serviceResource.createMany({ data: needs });
  return ids;
}

/** The event and the stored answers of a booking, as they are in the database. */
export async function readWritten({ ctx }: Bench, booking: Pick<Booking, 'id'>, key = '') {
  const { rows } = await ctx.database.query<{ subject: string; payload: Buffer; response: Buffer | null }>({
    name: 'test.written',
    text: `SELECT subject, payload, (SELECT response FROM idempotency_keys WHERE key = $2) AS response
             FROM outbox WHERE aggregate_id = $1`,
    values: [booking.id, key],
  });
  return rows;
}

/** The subjects of the events of a booking. */
export async function readOutbox({ ctx }: Bench, bookingId: string): Promise<string[]> {
  const { rows } = await ctx.database.query<{ subject: string }>({
    name: 'test.outbox',
    text: 'SELECT subject FROM outbox WHERE aggregate_id = $1 ORDER BY position',
    values: [bookingId],
  });
  return rows.map(({ subject }) => subject);
}

/** Whether a statement waits for a lock that another transaction has. */
export async function isSomebodyWaiting({ ctx }: Bench): Promise<boolean> {
  const { rows } = await ctx.database.query<{ found: boolean }>({
    name: 'test.waiting',
    text: `SELECT EXISTS (SELECT FROM pg_stat_activity
                           WHERE wait_event_type = 'Lock' AND datname = current_database()) AS found`,
  });
  return rows[0]?.found === true;
}

/** Deadlocks that PostgreSQL has found in this database. */
export async function countDeadlocks({ ctx }: Bench): Promise<bigint> {
  const { rows } = await ctx.database.query<{ deadlocks: bigint }>({
    name: 'test.deadlocks',
    text: `SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()`,
  });
  return rows[0]?.deadlocks ?? -1n;
}

/** What must hold whatever happened: everybody's claims are apart, and every booking has all of its parts and no others. */
export async function findFlaws({ ctx }: Bench): Promise<Record<string, number>> {
  const { rows } = await ctx.database.query({
    name: 'test.flaws',
    text: `SELECT
      (SELECT count(*)::int FROM claims a JOIN claims b ON a.subject = b.subject AND a.id < b.id AND a.active AND b.active
                                                       AND a.during && b.during) AS overlaps,
      (SELECT count(*)::int FROM bookings b WHERE NOT EXISTS (SELECT FROM booking_items WHERE booking_id = b.id)) AS itemless,
      (SELECT count(*)::int FROM booking_items i JOIN bookings b ON b.id = i.booking_id
        WHERE b.state IN ('confirmed', 'pending_approval')
          AND EXISTS (SELECT FROM unnest(i.staff_id || i.resource_ids) AS subject
                       WHERE NOT EXISTS (SELECT FROM claims c WHERE c.booking_id = b.id AND c.active AND c.subject = subject.subject
                                                                AND c.during @> tstzrange(i.start_at, i.end_at)))) AS unclaimed,
      (SELECT count(*)::int FROM bookings b
        WHERE NOT EXISTS (SELECT FROM outbox WHERE aggregate_id = b.id::text AND aggregate_version = b.version)) AS untold,
      (SELECT count(*)::int FROM bookings b
        WHERE NOT EXISTS (SELECT FROM booking_changes WHERE booking_id = b.id AND version = b.version)) AS unwritten`,
  });
  return rows[0] as Record<string, number>;
}

export const noFlaws = { overlaps: 0, itemless: 0, unclaimed: 0, untold: 0, unwritten: 0 };
