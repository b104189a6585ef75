import { create, fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BookingConfirmedSchema, BookingHeldSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { addNeed, createBooker, readWritten } from './support/booker.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
  // It has statements of its own.
  await bench.ctx.relay.close();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const time = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00Z`;

/** The names of the statements that go to PostgreSQL meanwhile, on whatever connection. */
async function listStatements(run: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await run();
    const calls = spy.mock.calls as unknown as [{ name?: string; text?: string } | string][];
    return calls.map(([query]) => (typeof query === 'string' ? query : (query.name ?? query.text ?? '')));
  } finally {
    spy.mockRestore();
  }
}

describe('a booking', () => {
  let salon: MadeSalon;
  beforeAll(async () => {
    salon = await makeSalon(bench, { staff: [undefined, undefined], services: [{ minutes: 30 }, { minutes: 30 }] });
    await addNeed(bench, salon, { serviceIds: salon.serviceIds, count: 2 });
    // The calendar is kept from here on.
    await book(salon, { startAt: time(14) });
  });

  it('is one statement, with several services, resources, a key of its own and an id of the client', async () => {
    const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
    const key = { 'idempotency-key': uuidv7() };
    expect(await listStatements(() => book(salon, { startAt: time(7) }))).toEqual(['booking.insert']);
    expect(await listStatements(() => book(salon, { startAt: time(8), items }))).toEqual(['booking.insert']);
    expect(await listStatements(() => book(salon, { startAt: time(9), items }, person('customer'), key))).toEqual([
      'booking.insert',
    ]);
    expect(await listStatements(() => book(salon, { startAt: time(10), bookingId: uuidv7() }))).toEqual([
      'booking.insert',
    ]);
  });

  it('that finds its time taken is one statement too', async () => {
    await book(salon, { startAt: time(12) });
    await book(salon, { startAt: time(12) });
    const attempts = [{}, { 'idempotency-key': uuidv7() }].flatMap((headers) =>
      [{}, { bookingId: uuidv7() }].map((wish) => async () => {
        const call = book(salon, { startAt: time(12), ...wish }, person('customer'), headers);
        expect(await refusalOf(call)).toBe('SLOT_TAKEN');
      }),
    );
    for (const attempt of attempts) expect(await listStatements(attempt)).toEqual(['booking.insert']);
  });

  it('leaves the settings of its connection as they were', async () => {
    const limits = async () => {
      const read = { name: 'test.limits', text: `SELECT current_setting('lock_timeout') AS wait FROM pg_sleep(0.02)` };
      const all = await Promise.all(Array.from({ length: 16 }, () => bench.ctx.database.query(read)));
      return new Set(all.flatMap(({ rows }) => rows.map(({ wait }) => wait)));
    };
    const before = await limits();
    const call = (hour: number) =>
      book(salon, { startAt: time(hour) }, person('customer'), { 'idempotency-key': uuidv7() });
    await Promise.allSettled(Array.from({ length: 32 }, () => call(13)));
    expect(await limits()).toEqual(before);
  });
});

describe('what the database puts together', () => {
  it.each([
    { services: 1, needs: 0, policy: PaymentPolicy.AT_SALON },
    { services: 1, needs: 3, policy: PaymentPolicy.IN_ADVANCE },
    { services: 4, needs: 1, policy: PaymentPolicy.AT_SALON },
    { services: 10, needs: 2, policy: PaymentPolicy.IN_ADVANCE },
  ])('is the message that would have been written: $services services, $needs resources each', async (plan) => {
    const services = Array.from({ length: plan.services }, (_, index) => ({ minutes: 15, price: BigInt(index) * 7n }));
    const salon = await makeSalon(bench, { services, staff: [undefined, undefined], paymentPolicy: plan.policy });
    for (let need = 0; need < plan.needs; need++) {
      await addNeed(bench, salon, { serviceIds: salon.serviceIds, count: 2, need });
    }
    const who = person('customer');
    const key = uuidv7();
    const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
    const wish = { items, customerNote: 'ملاحظة '.repeat(60) };
    const booking = await book(salon, wish, who, { 'idempotency-key': key });
    expect(booking.items.map(({ resourceIds }) => resourceIds.length)).toEqual(items.map(() => plan.needs));
    const [row] = await readWritten(bench, booking, key);
    if (!row?.response) throw new Error('nothing was written');
    expect(fromBinary(BookingSchema, row.response)).toEqual(booking);
    const schema = booking.holdExpiresAt ? BookingHeldSchema : BookingConfirmedSchema;
    const { booking: told, ...rest } = fromBinary(schema, row.payload);
    expect(told).toEqual(booking);
    expect(rest).toEqual({ ...create(schema, { version: 1n }), booking: undefined });
    expect(await book(salon, wish, who, { 'idempotency-key': key })).toEqual(booking);
    expect(await bench.bookings.getBooking({ bookingId: booking.id }, as(who))).toEqual(booking);
  });
});
