import type { Client } from 'pg';
import type { BenchSalon } from './make-salons.ts';

/** Bookings of a staff member on a full day; the second half of each hour stays free. */
const perDay = 8;
/** The days from tomorrow on that are full; what there is more lies in the past. */
const fullDays = 7;
/** Rounds over all staff in one transaction. */
const atOnce = 40;

/**
 * Makes about `total` bookings: each member of staff has eight a day in the coming week and, going back from today, on as many days
 * as it takes. So what is asked about in the coming week is alike, however large the tables are. Resolves with their number.
 */
export async function fillBookings(client: Client, salons: readonly BenchSalon[], total: number): Promise<number> {
  const staff = salons.reduce((sum, { staffIds }) => sum + staffIds.length, 0);
  const ids = salons.map(({ id }) => id);
  const rounds = Math.floor(total / staff);
  for (let first = 0; first < rounds; first += atOnce) {
    const last = Math.min(first + atOnce, rounds) - 1;
    await client.query({ name: 'bench.fill', text: fillText, values: [ids, first, last, perDay, fullDays] });
  }
  await client.query('VACUUM (ANALYZE) bookings, booking_items, claims, outbox');
  const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM bookings');
  return Number(rows[0]?.count);
}

// Day and hour of the n-th booking of somebody: eight hours of fourteen, which ones differs from person to person.
const fillText = `
WITH workers AS (
  SELECT st.id AS staff_id, st.salon_id, st.name_ar, st.name_en, sv.id AS service_id, row_number() OVER (ORDER BY st.id) AS place
    FROM staff_members st JOIN LATERAL (
      SELECT id FROM services WHERE salon_id = st.salon_id ORDER BY id LIMIT 1) sv ON true
   WHERE st.salon_id = ANY($1::uuid[])),
new AS MATERIALIZED (
  SELECT uuidv7() AS id, w.*, md5((w.place * 7 + n) % 20011 || 'customer')::uuid AS customer_id, (
           date_trunc('day', now(), 'Asia/Riyadh')
           + make_interval(days => ($5::int - n / $4::int)::int,
                           hours => (9 + (n % $4::int) * 14 / $4::int + w.place % 2)::int)) AS start_at
    FROM workers w, generate_series($2::int, $3::int) n),
made AS (
  INSERT INTO bookings (id, salon_id, customer_id, state, start_at, end_at, total_amount, amount_due, amount_paid, currency,
    payment_policy, free_until_hours, late_fee_percent, customer_note, salon_name_ar, salon_name_en, time_zone, version,
    created_at, updated_at, completed_at)
  SELECT id, salon_id, customer_id, CASE WHEN start_at < now() THEN 'completed' ELSE 'confirmed' END, start_at,
    start_at + interval '30 minutes', 11500, 0, 0, 'SAR', 'at_salon', 24, 50, '', 'صالون الأناقة', 'Elegance', 'Asia/Riyadh', 1,
    start_at - interval '5 days', start_at - interval '5 days', CASE WHEN start_at < now() THEN start_at END
    FROM new),
items AS (
  INSERT INTO booking_items (booking_id, position, service_id, staff_id, any_staff, service_name_ar, service_name_en,
    staff_name_ar, staff_name_en, start_at, end_at, price_amount)
  SELECT id, 0, service_id, staff_id, true, 'قص شعر', 'Haircut', name_ar, name_en, start_at,
    start_at + interval '30 minutes', 11500
    FROM new)
INSERT INTO claims (subject, during, booking_id)
SELECT staff_id, tstzrange(start_at, start_at + interval '30 minutes'), id FROM new`;
