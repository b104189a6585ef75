import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingSource, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { at, countRows, createBooker, isSomebodyWaiting, readOutbox, ten } from './support/booker.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

describe('CreateBooking, called again', () => {
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
    expect(await refusalOf(book(salon, { bookingId, startAt: '2026-11-20T09:00:00Z' }, who))).toBe('BOOKING_ID_USED');
    const parallel = uuidv7();
    const twice = { bookingId: parallel, startAt: '2026-11-23T11:00:00Z' };
    const answers = await Promise.all([book(salon, twice, who), book(salon, twice, who), book(salon, twice, who)]);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([parallel]));
  });

  it('answers a retry with the client’s id whatever has become of the booking, and whatever time it is', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, staff: [undefined, undefined] });
    const who = person('customer');
    const bookingId = uuidv7();
    await book(salon, { bookingId }, who);
    bench.clock.advance(5 * 60_000);
    expect(await book(salon, { bookingId }, who)).toMatchObject({ id: bookingId, state: BookingState.HELD });
    await bench.bookings.cancelBooking({ bookingId }, as(who));
    expect(await book(salon, { bookingId }, who)).toMatchObject({ id: bookingId, state: BookingState.CANCELLED });
    bench.clock.set('2026-11-24T09:00:00Z');
    expect(await book(salon, { bookingId }, who)).toMatchObject({ id: bookingId, state: BookingState.CANCELLED });
    expect(await refusalOf(book(salon, { bookingId }, who, {}))).toBe('none');
    expect(await refusalOf(book(salon, { bookingId: uuidv7() }, who))).toBe('TOO_SHORT_NOTICE');
  });

  it('answers the same Idempotency-Key with the same booking, and another body with a refusal', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const key = { 'idempotency-key': uuidv7() };
    const booking = await book(salon, {}, who, key);
    expect(await book(salon, {}, who, key)).toEqual(booking);
    expect(await refusalOf(book(salon, { customerNote: 'x' }, who, key))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await readOutbox(bench, booking.id)).toHaveLength(1);
    const refused = { 'idempotency-key': uuidv7() };
    expect(await refusalOf(book(salon, {}, who, refused))).toBe('SLOT_TAKEN');
    await bench.bookings.cancelBooking({ bookingId: booking.id }, as(who));
    expect(await refusalOf(book(salon, {}, who, refused))).toBe('none');
  });

  it('knows the keys of each user apart', async () => {
    const salon = await makeSalon(bench);
    const key = { 'idempotency-key': uuidv7() };
    const [one, other] = [person('customer'), person('customer')];
    const booking = await book(salon, {}, one, key);
    expect(await refusalOf(book(salon, {}, other, key))).toBe('SLOT_TAKEN');
    const second = await book(salon, { startAt: '2026-11-23T09:00:00Z' }, other, key);
    expect(second).toMatchObject({ customerId: other.userId });
    expect(await book(salon, {}, one, key)).toEqual(booking);
  });

  it('knows a walk-in again of which the clock told more than milliseconds', async () => {
    const salon = await makeSalon(bench);
    const bookingId = uuidv7();
    const enter = () =>
      bench.bookings.createBooking(
        {
          ...{ bookingId, salonId: salon.id, items: [{ serviceId: salon.serviceIds[0] ?? '' }] },
          startAt: { seconds: BigInt(Date.parse(ten) / 1_000), nanos: 123_456_000 },
          source: BookingSource.WALK_IN,
        },
        as(salon.manager),
      );
    bench.clock.set(ten);
    expect(await enter()).toEqual(await enter());
  });

  it('answers a known key even when the time could not be booked any more', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const key = { 'idempotency-key': uuidv7() };
    const booking = await book(salon, {}, who, key);
    bench.clock.set('2026-11-24T09:00:00Z');
    let replayed: string | null = null;
    const items = [{ serviceId: salon.serviceIds[0] ?? '' }];
    const options = {
      ...as(who, key),
      onHeader: (headers: Headers) => (replayed = headers.get('idempotency-replayed')),
    };
    const request = { salonId: salon.id, items, startAt: at(ten) };
    expect(await bench.bookings.createBooking(request, options)).toEqual(booking);
    expect(replayed).toBe('true');
    expect(await refusalOf(book(salon, { customerNote: 'x' }, who, key))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('has one booking of many attempts with one key at once', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined, undefined] });
    const who = person('customer');
    const key = { 'idempotency-key': uuidv7() };
    const answers = await Promise.all(Array.from({ length: 12 }, () => book(salon, {}, who, key)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await readOutbox(bench, answers[0]?.id ?? '')).toHaveLength(1);
  });

  it('tells a call whose first attempt still runs to come again, and keeps nothing of it', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const key = { 'idempotency-key': uuidv7() };
    const before = await countRows(bench);
    let first: Promise<string> | undefined;
    await bench.ctx.database.transaction(async (tx) => {
      // The first attempt has written its key and waits for the salon.
      await tx.query({ name: 'test.lock', text: 'SELECT FROM salons WHERE id = $1 FOR UPDATE', values: [salon.id] });
      first = refusalOf(book(salon, {}, who, key));
      await waitFor('the first attempt to wait', () => isSomebodyWaiting(bench));
      expect(await refusalOf(book(salon, {}, who, key))).toBe('IDEMPOTENCY_IN_PROGRESS');
      expect(await countRows(bench)).toEqual(before);
    });
    expect(await first).toBe('none');
    expect(await refusalOf(book(salon, {}, who, key))).toBe('none');
    expect(await countRows(bench)).toMatchObject({ bookings: (before.bookings ?? 0) + 1 });
  });

  it('comes through a deadlock with its key, and takes the time that is free after it', async () => {
    const salon = await makeSalon(bench, {
      staff: [undefined, undefined],
      services: [{ minutes: 60 }, { minutes: 60 }],
    });
    const [first = '', second = ''] = [...salon.staffIds].sort();
    const items = [first, second].map((staffId, index) => ({ serviceId: salon.serviceIds[index] ?? '', staffId }));
    const key = { 'idempotency-key': uuidv7() };
    const who = person('customer');
    const claim = (subject: string, hour: string) => ({
      name: 'test.claim_block',
      text: `INSERT INTO claims (subject, during, block_id) VALUES ($1, tstzrange($2::timestamptz, $2::timestamptz + '1 hour'), uuidv7())`,
      values: [subject, hour],
    });
    let booking: ReturnType<typeof book> | undefined;
    const other = bench.ctx.database.transaction(async (tx) => {
      await tx.query(claim(second, '2026-11-23T08:00:00Z'));
      booking = book(salon, { items }, who, key);
      await waitFor('the booking to wait', () => isSomebodyWaiting(bench));
      // Against the order in which claims are taken: each has now what the other wants.
      await tx.query(claim(first, '2026-11-23T07:00:00Z'));
      throw new Error('given up');
    });
    await expect(other).rejects.toThrow();
    const made = await booking;
    expect(made?.items.map(({ staffId }) => staffId)).toEqual([first, second]);
    expect(await book(salon, { items }, who, key)).toEqual(made);
  });
});
