import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { addNeed, countDeadlocks, countRows, createBooker, findFlaws, noFlaws, ten } from './support/booker.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

/** Two services by different people, which need one and the same room. */
async function makeShared(count = 1) {
  const salon = await makeSalon(bench, {
    services: [{ minutes: 60 }, { minutes: 60, before: 15, after: 15 }],
    staff: [[0], [1]],
  });
  const [massage = '', bath = ''] = salon.serviceIds;
  const rooms = await addNeed(bench, salon, { serviceIds: [massage, bath], count });
  return { salon, massage: [{ serviceId: massage }], bath: [{ serviceId: bath }], rooms };
}

describe('a resource', () => {
  it('is taken with the staff, and busy for another service by somebody else', async () => {
    const { salon, massage, bath, rooms } = await makeShared();
    const who = person('customer');
    const booking = await book(salon, { items: massage }, who);
    expect(booking.items[0]?.resourceIds).toEqual(rooms);
    expect((await bench.bookings.getBooking({ bookingId: booking.id }, as(who))).items).toEqual(booking.items);
    const before = await countRows(bench);
    expect(await refusalOf(book(salon, { items: bath }))).toBe('RESOURCE_BUSY');
    // Its buffers are the room's too.
    expect(await refusalOf(book(salon, { items: bath, startAt: '2026-11-23T08:00:00Z' }))).toBe('RESOURCE_BUSY');
    expect(await countRows(bench)).toEqual(before);
    expect(await refusalOf(book(salon, { items: bath, startAt: '2026-11-23T08:15:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { items: massage }))).toBe('SLOT_TAKEN');
  });

  it('is another one where the first is busy, and the same for the customer who has one', async () => {
    const { salon, massage, bath, rooms } = await makeShared(2);
    await book(salon, { items: massage });
    expect((await book(salon, { items: bath })).items[0]?.resourceIds).toEqual([rooms[1]]);
    const both = await book(salon, { items: [...bath, ...massage], startAt: '2026-11-24T07:00:00Z' });
    expect(both.items.map(({ resourceIds }) => resourceIds)).toEqual([[rooms[0]], [rooms[0]]]);
  });

  it('that is out of use is not to be had, and a service without any cannot be booked', async () => {
    const { salon, massage, rooms } = await makeShared();
    await bench.ctx.prisma.resource.update({ where: { id: rooms[0] ?? '' }, data: { active: false } });
    expect(await refusalOf(book(salon, { items: massage }))).toBe('RESOURCE_BUSY');
  });

  it('of a hold that has lapsed is released with the staff', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, staff: [undefined, undefined] });
    await addNeed(bench, salon, { serviceIds: salon.serviceIds });
    await book(salon);
    expect(await refusalOf(book(salon))).toBe('RESOURCE_BUSY');
    bench.clock.advance(10 * 60_000);
    expect(await refusalOf(book(salon))).toBe('none');
    expect(await refusalOf(book(salon))).toBe('RESOURCE_BUSY');
  });

  it('is won by exactly one of many, who come by different staff and in opposite orders', async () => {
    const { salon, massage, bath } = await makeShared();
    const before = await countDeadlocks(bench);
    for (let round = 0; round < 20; round++) {
      const startAt = new Date(Date.parse(ten) + (1 + round) * 24 * 3_600_000).toISOString();
      const wishes = [massage, bath, [...massage, ...bath], [...bath, ...massage]];
      const all = [...wishes, ...wishes, ...wishes].map((items) => refusalOf(book(salon, { items, startAt })));
      const answers = await Promise.all(all);
      expect(answers.filter((answer) => answer === 'none')).toHaveLength(1);
      const others = answers.filter((answer) => answer !== 'none');
      expect(others.every((answer) => answer === 'RESOURCE_BUSY' || answer === 'SLOT_TAKEN')).toBe(true);
    }
    expect((await countDeadlocks(bench)) - before).toBe(0n);
    expect(await findFlaws(bench)).toEqual(noFlaws);
  });
});
