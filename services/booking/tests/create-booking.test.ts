import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { countRows, createBooker, readOutbox, ten } from './support/booker.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

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
    expect(await readOutbox(bench, booking.id)).toEqual(['booking.booking.v1.confirmed']);
  });

  it('holds the time for ten minutes where the salon is paid in advance', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const booking = await book(salon);
    expect(booking).toMatchObject({ state: BookingState.HELD, amountDue: { amount: 10_000n } });
    expect(booking.holdExpiresAt && timestampDate(booking.holdExpiresAt)).toEqual(new Date('2026-11-22T09:10:00Z'));
    expect(await readOutbox(bench, booking.id)).toEqual(['booking.booking.v1.held']);
  });

  it('gives one of two parallel requests the time and refuses the other', async () => {
    const salon = await makeSalon(bench);
    const answers = await Promise.all([refusalOf(book(salon)), refusalOf(book(salon))]);
    expect(answers.sort()).toEqual(['SLOT_TAKEN', 'none']);
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
    const before = await countRows(bench);
    const taken = [
      { serviceId: colour, staffId: second },
      { serviceId: cut, staffId: third },
    ];
    expect(await refusalOf(book(salon, { items: taken, startAt: '2026-11-23T07:00:00Z' }))).toBe('SLOT_TAKEN');
    expect(await countRows(bench)).toEqual(before);
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

  it('waits for the salon where that wants to approve, at most until the start', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, staff: [undefined, undefined] });
    const data = { approvalPolicy: 'by_salon', approvalMinutes: 120 };
    await bench.ctx.prisma.salon.update({ where: { id: salon.id }, data });
    const booking = await book(salon);
    expect(booking).toMatchObject({ state: BookingState.PENDING_APPROVAL, amountDue: { amount: 10_000n } });
    expect(booking.approvalExpiresAt && timestampDate(booking.approvalExpiresAt)).toEqual(
      new Date('2026-11-22T11:00:00Z'),
    );
    expect(await readOutbox(bench, booking.id)).toEqual(['booking.booking.v1.pending_approval']);
    const soon = await book(salon, { startAt: '2026-11-22T10:30:00Z' });
    expect(soon.approvalExpiresAt).toEqual(soon.startAt);
    const items = booking.items.map(({ serviceId, staffId }) => ({ serviceId, staffId }));
    expect(await refusalOf(book(salon, { items }))).toBe('SLOT_TAKEN');
  });
});
