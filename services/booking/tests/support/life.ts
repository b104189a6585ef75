import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, type Person, person } from './bench.ts';
import type { MadeSalon } from './make-salon.ts';
import { createPaymentFacts } from './payment-facts.ts';

/** When `book` books unless it is told otherwise: two days and 22 hours from the start of the tests, ten in Riyadh. */
export const usualStart = '2026-11-25T07:00:00Z';

export const at = (moment: string | Date) => timestampFromDate(new Date(moment));

export interface Order {
  readonly who?: Person;
  readonly start?: string | Date;
  /** For each service of the salon; anyone when absent. */
  readonly staffIds?: readonly string[];
}

/** All of a salon's services, one after the other. */
export function book(bench: Bench, salon: MadeSalon, order: Order = {}): Promise<Booking> {
  const { who = person('customer'), start = usualStart, staffIds = [] } = order;
  const items = salon.serviceIds.map((serviceId, index) => ({ serviceId, staffId: staffIds[index] ?? '' }));
  return bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(start) }, as(who));
}

/** What a captured payment does; the payment's id comes back. */
export function capture({ ctx }: Bench, bookingId: string, amount = 10_000n): Promise<string> {
  return createPaymentFacts(ctx).captured(bookingId, { amount });
}

/** Runs a statement of a test. */
export async function sql<R extends object>(bench: Bench, text: string, ...values: unknown[]): Promise<R[]> {
  const { rows } = await bench.ctx.database.query({ name: '', text, values });
  return rows as R[];
}

/** The facts about a booking, in order: the last word of each subject. */
export async function facts(bench: Bench, bookingId: string): Promise<string[]> {
  const rows = await sql<{ subject: string }>(
    bench,
    'SELECT subject FROM outbox WHERE aggregate_id = $1 ORDER BY position',
    bookingId,
  );
  return rows.map(({ subject }) => subject.split('.').at(-1) ?? '');
}

/** The last fact about a booking. */
export async function lastFact<D extends DescMessage>(
  bench: Bench,
  bookingId: string,
  schema: D,
): Promise<MessageShape<D>> {
  const [row] = await sql<{ payload: Buffer }>(
    bench,
    'SELECT payload FROM outbox WHERE aggregate_id = $1 ORDER BY position DESC LIMIT 1',
    bookingId,
  );
  return fromBinary(schema, row?.payload ?? Buffer.of());
}

/** Makes a salon want to approve its bookings. */
export async function wantApproval(bench: Bench, { id }: MadeSalon, minutes = 60): Promise<void> {
  const text = `UPDATE salons SET approval_policy = 'by_salon', approval_minutes = $2 WHERE id = $1`;
  await sql(bench, text, id, minutes);
}

/** Resources of which a service of the salon takes one; their ids. */
export async function addResources(bench: Bench, salon: MadeSalon, serviceIndex: number, count: number) {
  const ids = Array.from({ length: count }, () => uuidv7());
  await sql(
    bench,
    `INSERT INTO resources (id, salon_id, kind, name_ar, name_en, created_at, updated_at)
     SELECT id, $2, 'room', 'غرفة', 'Room', now(), now() FROM unnest($1::uuid[]) AS id`,
    ids,
    salon.id,
  );
  await sql(
    bench,
    `INSERT INTO service_resources (service_id, resource_id, need) SELECT $2, id, 0 FROM unnest($1::uuid[]) AS id`,
    ids,
    salon.serviceIds[serviceIndex],
  );
  return ids;
}

/** What breaks the promises about bookings, claims, histories and facts; empty when nothing does. */
export async function findBrokenPromises(bench: Bench): Promise<{ id: string; promise: string }[]> {
  return sql(bench, brokenPromises, bench.clock.now());
}

// What a booking claims is worked out anew from its items and today's buffers, and joined where it meets. Where a deadline has
// passed and nobody has written that down yet, others may have the time.
const brokenPromises = `
  WITH wanted AS (
    SELECT b.id, subject, unnest(range_agg(tstzrange(i.start_at - make_interval(mins => s.buffer_before_minutes),
                                                     i.end_at + make_interval(mins => s.buffer_after_minutes)))) AS during
      FROM bookings b JOIN booking_items i ON i.booking_id = b.id JOIN services s ON s.id = i.service_id
      CROSS JOIN LATERAL unnest(i.staff_id || i.resource_ids) AS subject
     WHERE b.state IN ('held', 'pending_approval', 'confirmed', 'checked_in', 'completed', 'no_show')
     GROUP BY b.id, subject),
  claimed AS (SELECT booking_id AS id, subject, during FROM claims WHERE active AND booking_id IS NOT NULL)
  SELECT id, 'it claims what it takes' AS promise FROM (TABLE wanted EXCEPT TABLE claimed) missing JOIN bookings USING (id)
   WHERE coalesce(hold_expires_at, approval_expires_at, 'infinity') > $1
  UNION SELECT id, 'it claims nothing else' FROM (TABLE claimed EXCEPT TABLE wanted) surplus
  UNION SELECT b.id, 'its claims end when its deadline comes' FROM bookings b JOIN claims c ON c.booking_id = b.id AND c.active
         WHERE coalesce(b.hold_expires_at, b.approval_expires_at) IS DISTINCT FROM c.hold_expires_at
  UNION SELECT b.id, 'one line of history for each version' FROM bookings b
         WHERE ARRAY(SELECT version FROM booking_changes WHERE booking_id = b.id ORDER BY version)
               IS DISTINCT FROM ARRAY(SELECT generate_series(1, b.version))
  UNION SELECT b.id, 'one fact for each version' FROM bookings b
         WHERE ARRAY(SELECT aggregate_version FROM outbox WHERE aggregate_id = b.id::text
                       AND subject NOT LIKE '%payment_unusable' ORDER BY position)
               IS DISTINCT FROM ARRAY(SELECT generate_series(1, b.version))
  UNION SELECT b.id, 'the history ends where the booking is' FROM bookings b
          JOIN booking_changes h ON h.booking_id = b.id AND h.version = b.version
         WHERE (h.state, h.start_at) IS DISTINCT FROM (b.state, b.start_at)
  UNION SELECT b.id, 'it lasts from its first item to its last' FROM bookings b
          JOIN (SELECT booking_id, min(start_at) AS starts, max(end_at) AS ends FROM booking_items GROUP BY 1) i
            ON i.booking_id = b.id
         WHERE (i.starts, i.ends) IS DISTINCT FROM (b.start_at, b.end_at)`;
