import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const at = (text: string) => timestampFromDate(new Date(text));
/** Riyadh is three hours ahead: 10:00 there. */
const ten = '2026-11-23T07:00:00Z';

interface Wish {
  items?: { serviceId: string; staffId?: string }[];
  startAt?: string;
  bookingId?: string;
  customerNote?: string;
}

function book(
  salon: MadeSalon,
  wish: Wish = {},
  who: Person = person('customer'),
  headers: Record<string, string> = {},
) {
  const { startAt = ten, items = [{ serviceId: salon.serviceIds[0] ?? '' }], ...rest } = wish;
  return bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt), ...rest }, as(who, headers));
}

async function readOutbox(bookingId: string): Promise<string[]> {
  const { rows } = await bench.ctx.database.query<{ subject: string }>({
    name: 'test.outbox',
    text: 'SELECT subject FROM outbox WHERE aggregate_id = $1 ORDER BY position',
    values: [bookingId],
  });
  return rows.map(({ subject }) => subject);
}

async function count(table: string): Promise<number> {
  const { rows } = await bench.ctx.database.query<{ n: number }>({
    name: `test.count_${table}`,
    text: `SELECT count(*)::int AS n FROM ${table}`,
  });
  return rows[0]?.n ?? 0;
}

describe('CreateBooking', () => {
  it('confirms at once where the salon is paid there, with names, prices and policies as they are', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const booking = await book(salon, { customerNote: 'شكرا' }, who);
    expect(booking).toMatchObject({
      state: BookingState.CONFIRMED,
      customerId: who.userId,
      total: { amount: 10_000n, currency: 'SAR' },
      amountDue: { amount: 0n },
      customerNote: 'شكرا',
      salonName: { en: 'Elegance' },
      timeZone: 'Asia/Riyadh',
      cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50 },
      items: [{ serviceId: salon.serviceIds[0], staffId: salon.staffIds[0], staffName: { en: 'Sara' } }],
    });
    expect(booking.holdExpiresAt).toBeUndefined();
    expect(await bench.bookings.getBooking({ bookingId: booking.id }, as(who))).toEqual(booking);
    expect(await readOutbox(booking.id)).toEqual(['booking.booking.v1.confirmed']);
  });

  it('holds the time for ten minutes where the salon is paid in advance', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const booking = await book(salon);
    expect(booking).toMatchObject({ state: BookingState.HELD, amountDue: { amount: 10_000n } });
    expect(booking.holdExpiresAt && timestampDate(booking.holdExpiresAt)).toEqual(new Date('2026-11-22T09:10:00Z'));
    expect(await readOutbox(booking.id)).toEqual(['booking.booking.v1.held']);
  });

  it('gives one of two parallel requests the time and refuses the other', async () => {
    const salon = await makeSalon(bench);
    const answers = await Promise.all([refusalOf(book(salon)), refusalOf(book(salon))]);
    expect(answers.sort()).toEqual(['SLOT_TAKEN', 'none']);
  });

  it('refuses a time that overlaps by a step and takes one that touches', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 60 }, { minutes: 5 }] });
    await book(salon, { startAt: '2026-11-23T08:00:00Z' });
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T07:15:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T08:45:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T07:00:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T09:00:00Z' }))).toBe('none');
  });

  it('refuses an overlap by a minute in the database itself, whoever inserts, and allows touching', async () => {
    const salon = await makeSalon(bench);
    const booking = await book(salon);
    const insert = (from: string, to: string) =>
      bench.ctx.database.query({
        name: 'test.claim',
        text: 'INSERT INTO claims (subject, during, booking_id) VALUES ($1, tstzrange($2, $3), $4)',
        values: [salon.staffIds[0], from, to, booking.id],
      });
    await expect(insert('2026-11-23T07:59:00Z', '2026-11-23T09:00:00Z')).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('2026-11-23T06:00:00Z', '2026-11-23T07:01:00Z')).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z')).resolves.toMatchObject({ rowCount: 1 });
    await expect(insert('2026-11-23T06:00:00Z', '2026-11-23T07:00:00Z')).resolves.toMatchObject({ rowCount: 1 });
  });

  it('keeps buffers free around a service', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 30, before: 15, after: 30 }] });
    await book(salon, { startAt: '2026-11-23T09:00:00Z' });
    // Taken from 08:45 to 10:00; a booking needs from a quarter before to half an hour after itself.
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T08:00:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T10:00:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T07:45:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T10:15:00Z' }))).toBe('none');
  });

  it('does several services in order, each by who can, all or nothing', async () => {
    const salon = await makeSalon(bench, {
      services: [
        { minutes: 30, after: 10 },
        { minutes: 45, before: 5 },
      ],
      staff: [[0], [1], [0, 1]],
    });
    const [cut, colour] = salon.serviceIds as [string, string];
    const [first, second, third] = salon.staffIds as [string, string, string];
    const items = [
      { serviceId: cut, staffId: third },
      { serviceId: colour, staffId: third },
      { serviceId: cut, staffId: first },
    ];
    const booking = await book(salon, { items });
    expect(
      booking.items.map(({ staffId, startAt }) => [staffId, startAt && timestampDate(startAt).toISOString()]),
    ).toEqual([
      [third, '2026-11-23T07:00:00.000Z'],
      [third, '2026-11-23T07:30:00.000Z'],
      [first, '2026-11-23T08:15:00.000Z'],
    ]);
    expect(booking.total?.amount).toBe(30_000n);
    const before = [await count('claims'), await count('bookings'), await count('booking_items')];
    const taken = [
      { serviceId: colour, staffId: second },
      { serviceId: cut, staffId: third },
    ];
    expect(await refusalOf(book(salon, { items: taken, startAt: '2026-11-23T07:00:00Z' }))).toBe('SLOT_TAKEN');
    expect([await count('claims'), await count('bookings'), await count('booking_items')]).toEqual(before);
  });

  it('leaves nothing of a booking of which only a part was free when it came to the claim', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 30 }, { minutes: 30 }], staff: [[0], [1]] });
    const [cut, colour] = salon.serviceIds as [string, string];
    // Many at once: all of them see all free.
    const both = [{ serviceId: cut }, { serviceId: colour }];
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => refusalOf(book(salon, { items: both, startAt: ten }))),
      ...Array.from({ length: 6 }, () => refusalOf(book(salon, { items: [...both].reverse(), startAt: ten }))),
    ]);
    const won = answers.filter((answer) => answer === 'none').length;
    expect(won).toBeGreaterThan(0);
    const { rows } = await bench.ctx.database.query<{ bookings: number; claims: number; orphans: number }>({
      name: 'test.parts',
      text: `SELECT (SELECT count(*)::int FROM bookings WHERE salon_id = $1) AS bookings,
                    (SELECT count(*)::int FROM claims WHERE subject = ANY($2::uuid[])) AS claims,
                    (SELECT count(*)::int FROM claims c WHERE NOT EXISTS (SELECT FROM bookings WHERE id = c.booking_id)) AS orphans`,
      values: [salon.id, salon.staffIds],
    });
    expect(rows[0]).toEqual({ bookings: won, claims: 2 * won, orphans: 0 });
  });

  it('gives "any staff" to whoever is free, least booked first, and to the next on conflict', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined, undefined] });
    const answers = await Promise.all(Array.from({ length: 4 }, () => refusalOf(book(salon))));
    expect(answers.sort()).toEqual(['SLOT_TAKEN', 'none', 'none', 'none']);
    const [first, second, third] = salon.staffIds as [string, string, string];
    const serviceId = salon.serviceIds[0] ?? '';
    const later = '2026-11-23T10:00:00Z';
    await book(salon, { items: [{ serviceId, staffId: first }], startAt: later });
    await book(salon, { items: [{ serviceId, staffId: second }], startAt: later });
    const booking = await book(salon, { startAt: '2026-11-23T12:00:00Z' });
    expect(booking.items[0]?.staffId).toBe(third);
  });

  it('releases a hold that has lapsed for whoever wants its time, before the job has seen it', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    await book(salon);
    bench.clock.advance(9 * 60_000);
    expect(await refusalOf(book(salon))).toBe('SLOT_TAKEN');
    bench.clock.advance(60_000);
    expect(await refusalOf(book(salon))).toBe('none');
    expect(await refusalOf(book(salon))).toBe('SLOT_TAKEN');
  });

  it('honours the id of the client', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const bookingId = uuidv7();
    const booking = await book(salon, { bookingId }, who);
    expect(booking.id).toBe(bookingId);
    expect(await book(salon, { bookingId: bookingId.toUpperCase() }, who)).toEqual(booking);
    expect(await refusalOf(book(salon, { bookingId, startAt: '2026-11-23T09:00:00Z' }, who))).toBe('BOOKING_ID_USED');
    expect(await refusalOf(book(salon, { bookingId, customerNote: 'other' }, who))).toBe('BOOKING_ID_USED');
    expect(await refusalOf(book(salon, { bookingId }))).toBe('BOOKING_ID_USED');
    const parallel = uuidv7();
    const twice = { bookingId: parallel, startAt: '2026-11-23T11:00:00Z' };
    const answers = await Promise.all([book(salon, twice, who), book(salon, twice, who), book(salon, twice, who)]);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([parallel]));
  });

  it('answers the same Idempotency-Key with the same booking, and another body with a refusal', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const key = { 'idempotency-key': uuidv7() };
    const booking = await book(salon, {}, who, key);
    expect(await book(salon, {}, who, key)).toEqual(booking);
    expect(await refusalOf(book(salon, { customerNote: 'x' }, who, key))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await readOutbox(booking.id)).toHaveLength(1);
    const refused = { 'idempotency-key': uuidv7() };
    expect(await refusalOf(book(salon, {}, who, refused))).toBe('SLOT_TAKEN');
    await bench.bookings.cancelBooking({ bookingId: booking.id }, as(who));
    expect(await refusalOf(book(salon, {}, who, refused))).toBe('none');
  });

  it('names why it cannot be, and writes nothing', async () => {
    const salon = await makeSalon(bench, {
      minNoticeMinutes: 60,
      staff: [[0], [1]],
      services: [{ minutes: 60 }, { minutes: 30 }],
    });
    const foreign = await makeSalon(bench);
    const draft = await makeSalon(bench, { isDraft: true });
    const [serviceId = '', other = ''] = salon.serviceIds;
    const before = await count('bookings');
    const cases: [string, Promise<unknown>][] = [
      ['START_OFF_GRID', book(salon, { startAt: '2026-11-23T07:05:00Z' })],
      ['START_OFF_GRID', book(salon, { startAt: '2026-11-23T07:00:01Z' })],
      ['TOO_SHORT_NOTICE', book(salon, { startAt: '2026-11-22T09:45:00Z' })],
      ['TOO_SHORT_NOTICE', book(salon, { startAt: '2026-11-21T09:00:00Z' })],
      ['TOO_FAR_AHEAD', book(salon, { startAt: '2027-03-01T09:00:00Z' })],
      ['OUTSIDE_WORKING_HOURS', book(salon, { startAt: '2026-11-23T06:45:00Z' })],
      ['OUTSIDE_WORKING_HOURS', book(salon, { startAt: '2026-11-23T14:15:00Z' })],
      ['SERVICE_NOT_OFFERED', book(salon, { items: [{ serviceId: foreign.serviceIds[0] ?? '' }] })],
      ['SERVICE_NOT_OFFERED', book(salon, { items: [{ serviceId: uuidv7() }] })],
      ['STAFF_NOT_AVAILABLE', book(salon, { items: [{ serviceId, staffId: foreign.staffIds[0] ?? '' }] })],
      ['STAFF_NOT_AVAILABLE', book(salon, { items: [{ serviceId: other, staffId: salon.staffIds[0] ?? '' }] })],
      ['SALON_NOT_BOOKABLE', book(draft)],
      ['NOT_FOUND', book({ ...salon, id: uuidv7() })],
      ['VALIDATION_FAILED', book(salon, { items: [] })],
      ['VALIDATION_FAILED', book(salon, { items: Array.from({ length: 50 }, () => ({ serviceId })) })],
      [
        'START_OFF_GRID',
        bench.bookings.createBooking(
          { salonId: salon.id, items: [{ serviceId }], startAt: { seconds: 2n ** 62n, nanos: 0 } },
          as(person('customer')),
        ),
      ],
    ];
    const answers = await Promise.all(cases.map(([, call]) => refusalOf(call)));
    expect(answers).toEqual(cases.map(([reason]) => reason));
    expect(await count('bookings')).toBe(before);
  });

  it('does not book an inactive service or staff member', async () => {
    const salon = await makeSalon(bench);
    await bench.ctx.prisma.staffMember.update({ where: { id: salon.staffIds[0] ?? '' }, data: { active: false } });
    expect(await refusalOf(book(salon))).toBe('STAFF_NOT_AVAILABLE');
    await bench.ctx.prisma.service.update({ where: { id: salon.serviceIds[0] ?? '' }, data: { active: false } });
    expect(await refusalOf(book(salon))).toBe('SERVICE_NOT_OFFERED');
  });

  it('keeps to the wall clock where it jumps', async () => {
    bench.clock.set('2027-03-20T12:00:00Z');
    const salon = await makeSalon(bench, { timeZone: 'Europe/London', opens: '00:30', closes: '04:00' });
    // On the 28th 01:00 becomes 02:00: 00:30 plus an hour ends at 02:30 of the wall clock.
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T00:30:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T02:00:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T02:15:00Z' }))).toBe('OUTSIDE_WORKING_HOURS');
  });
});
