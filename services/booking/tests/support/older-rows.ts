const id = (n: number) => `019aa000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Ids of what an older version of the service wrote. */
export const olderSalon = {
  salonId: id(1),
  serviceId: id(2),
  staffId: id(3),
  customerId: id(4),
  confirmed: id(11),
  cancelled: id(12),
  held: id(13),
  expired: id(14),
} as const;

const { salonId, serviceId, staffId, customerId, confirmed, cancelled, held, expired } = olderSalon;

interface OlderBooking {
  readonly bookingId: string;
  readonly state: string;
  /** Of an hour of 23 November 2026, UTC. */
  readonly hour: number;
  readonly paid: number;
  readonly isActive: boolean;
}

function bookingRows({ bookingId, state, hour, paid, isActive }: OlderBooking): string[] {
  const [start, end] = [hour, hour + 1].map((each) => `'2026-11-23T${String(each).padStart(2, '0')}:00Z'`);
  const hold = state === 'held' ? `'2026-11-22T09:05Z'` : 'NULL';
  const gone = state === 'cancelled' ? `'customer', 'ill', 0, ${paid}, now()` : 'NULL, NULL, NULL, NULL, NULL';
  return [
    `INSERT INTO bookings (id, salon_id, customer_id, state, start_at, end_at, total_amount, amount_due, amount_paid, currency,
       hold_expires_at, payment_policy, free_until_hours, late_fee_percent, cancelled_by, cancel_reason, cancel_fee,
       cancel_refund, cancelled_at, customer_note, salon_name_ar, salon_name_en, time_zone, version, created_at, updated_at)
     VALUES ('${bookingId}', '${salonId}', '${customerId}', '${state}', ${start}, ${end}, 9000, 9000, ${paid}, 'SAR',
       ${hold}, 'in_advance', 12, 40, ${gone}, 'short, please', 'ا', 'a', 'Asia/Riyadh', 1, now(), now())`,
    `INSERT INTO booking_items VALUES ('${bookingId}', 0, '${serviceId}', '${staffId}', true, 'ا', 'a', 'ا', 'a', ${start}, ${end}, 9000)`,
    `INSERT INTO claims (subject, during, booking_id, active, hold_expires_at)
     VALUES ('${staffId}', tstzrange(${start}, ${end}), '${bookingId}', ${isActive}, ${hold})`,
  ];
}

/** Rows for every table of the first three migrations, as that version of the service wrote them. */
export const olderRows: readonly string[] = [
  `INSERT INTO salons VALUES ('${salonId}', '${salonId}', 'published', 'صالون الأناقة', 'Elegance', '', '', 'جدة', 'Jeddah',
     'not folded', '{}', 21.5, 39.2, 'ladies', 'Asia/Riyadh', '', 'in_advance', 12, 40, 30, 0, 60, 1, now(), now())`,
  `INSERT INTO services VALUES ('${serviceId}', '${salonId}', 'قص', 'Haircut', '', '', '', 60, 0, 0, 9000, 'SAR', 'ladies', true, 1, now(), now())`,
  `INSERT INTO staff_members VALUES ('${staffId}', '${salonId}', NULL, 'سارة', 'Sara', NULL, true, 1, now(), now())`,
  `INSERT INTO staff_services VALUES ('${staffId}', '${serviceId}')`,
  `INSERT INTO salon_windows VALUES ('${salonId}', 1, 600, 840)`,
  `INSERT INTO staff_windows VALUES ('${staffId}', 1, 540, 1200)`,
  ...bookingRows({ bookingId: confirmed, state: 'confirmed', hour: 7, paid: 9000, isActive: true }),
  ...bookingRows({ bookingId: cancelled, state: 'cancelled', hour: 8, paid: 9000, isActive: false }),
  ...bookingRows({ bookingId: held, state: 'held', hour: 10, paid: 0, isActive: true }),
  ...bookingRows({ bookingId: expired, state: 'expired', hour: 11, paid: 0, isActive: false }),
  `INSERT INTO outbox (subject, payload, aggregate_id, aggregate_version, lane) VALUES ('booking.booking.v1.held', '\\x', '${held}', 1, 0)`,
  `INSERT INTO inbox (event_id, subject) VALUES ('${id(21)}', 'payments.payment.v1.captured')`,
  `INSERT INTO dead_letters (event_id, subject, payload, deliveries, error) VALUES ('${id(22)}', 'payments.payment.v1.captured', '\\x', 5, 'x')`,
  `INSERT INTO idempotency_keys (user_id, method, key, request_hash, response) VALUES ('${customerId}', 'm', 'k', '\\x', '\\x')`,
  `INSERT INTO erased_customers VALUES ('${id(23)}', now())`,
];
