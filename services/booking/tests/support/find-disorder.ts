import type { Queryable } from '@mawid/service-kit';

const claiming = `('held', 'pending_approval', 'confirmed', 'checked_in', 'completed', 'no_show')`;

// What is taken of whom, by the items: the claim itself is wider by the buffers.
const takings = `
  SELECT b.id, b.state, coalesce(b.hold_expires_at, b.approval_expires_at) AS deadline, taken.subject, i.start_at, i.end_at
    FROM bookings b JOIN booking_items i ON i.booking_id = b.id
   CROSS JOIN LATERAL unnest(i.staff_id || i.resource_ids) AS taken(subject)`;

const checks: Readonly<Record<string, string>> = {
  'two have one time': `
    SELECT a.subject::text AS what FROM claims a JOIN claims b ON b.subject = a.subject AND b.during && a.during AND b.id > a.id
     WHERE a.active AND b.active`,
  'a booking without items': `
    SELECT id::text AS what FROM bookings b WHERE NOT EXISTS (SELECT FROM booking_items WHERE booking_id = b.id)`,
  // Others may have released what had lapsed before its booking was ended.
  'a booking without its time': `
    SELECT t.id || ' ' || t.state AS what FROM (${takings}) t
     WHERE t.state IN ${claiming} AND (t.deadline IS NULL OR t.deadline > $1)
       AND NOT EXISTS (SELECT FROM claims c WHERE c.booking_id = t.id AND c.active AND c.subject = t.subject
                          AND c.during @> tstzrange(t.start_at, t.end_at) AND c.hold_expires_at IS NOT DISTINCT FROM t.deadline)`,
  'time of a booking that is over': `
    SELECT b.id || ' ' || b.state AS what FROM bookings b JOIN claims c ON c.booking_id = b.id
     WHERE c.active AND b.state NOT IN ${claiming}`,
  'time that no item takes': `
    SELECT c.booking_id::text AS what FROM claims c
     WHERE c.active AND c.booking_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM (${takings}) t WHERE t.id = c.booking_id AND t.subject = c.subject
                          AND c.during && tstzrange(t.start_at, t.end_at))`,
  'a block without its time': `
    SELECT b.id::text AS what FROM time_blocks b
     WHERE NOT EXISTS (SELECT FROM claims c WHERE c.block_id = b.id AND c.active
                          AND c.subject = coalesce(b.staff_id, b.resource_id) AND c.during = tstzrange(b.start_at, b.end_at))`,
  'a history that is not that of its booking': `
    SELECT b.id || ' ' || b.version AS what FROM bookings b
      LEFT JOIN booking_changes h ON h.booking_id = b.id
     GROUP BY b.id HAVING count(h.version) <> b.version OR max(h.version) <> b.version
        OR (array_agg(h.state ORDER BY h.version DESC))[1] <> b.state
        OR (array_agg(h.start_at ORDER BY h.version DESC))[1] <> b.start_at`,
  // A payment that is sent back is told of, and changes no booking.
  'a change that was not told once': `
    SELECT h.booking_id || ' ' || h.version AS what FROM booking_changes h
     WHERE 1 <> (SELECT count(*) FROM outbox o WHERE o.aggregate_id = h.booking_id::text AND o.aggregate_version = h.version
                    AND o.subject <> 'booking.booking.v1.payment_unusable')`,
  'a telling of what has not happened': `
    SELECT o.subject || ' ' || o.aggregate_id AS what FROM outbox o
     WHERE o.subject LIKE 'booking.booking.%' AND o.subject <> 'booking.booking.v1.payment_unusable'
       AND NOT EXISTS (SELECT FROM booking_changes h WHERE h.booking_id::text = o.aggregate_id AND h.version = o.aggregate_version)`,
  'a key without an answer': `SELECT key AS what FROM idempotency_keys WHERE response IS NULL`,
};

/** Everything that must never be seen in booking's database, whatever was killed: nothing, when all is in order. */
export async function findDisorder(on: Queryable, now: Date): Promise<string[]> {
  const parts = Object.entries(checks).map(([kind, text]) => `SELECT '${kind}: ' || what AS line FROM (${text}) found`);
  const text = `${parts.join(' UNION ALL ')} LIMIT 50`;
  const { rows } = await on.query<{ line: string }>({ name: 'test.disorder', text, values: [now] });
  return rows.map(({ line }) => line);
}
