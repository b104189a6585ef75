import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingCancelledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { lockBooking } from '../src/db/find-booking.ts';
import { moveClaims } from '../src/db/move-claims.ts';
import { as, type Bench, openBench, refusalOf, startOfTests } from './support/bench.ts';
import {
  addResources,
  at,
  book,
  capture,
  facts,
  findBrokenPromises,
  lastFact,
  sql,
  usualStart,
} from './support/life.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
const later = (minutes: number) => new Date(Date.parse(usualStart) + minutes * minute);

function move({ manager }: MadeSalon, bookingId: string, to: Date, staffIds: string[] = []): Promise<string> {
  return refusalOf(bench.bookings.rescheduleBooking({ bookingId, startAt: at(to), staffIds }, as(manager)));
}

const read = (salon: MadeSalon, bookingId: string): Promise<Booking> =>
  bench.bookings.getBooking({ bookingId }, as(salon.manager));
const startOf = ({ startAt }: Booking) => startAt && timestampDate(startAt).getTime();

describe('RescheduleBooking in a race', () => {
  it('lets one of many have a time; the others keep theirs', async () => {
    const salon = await makeSalon(bench, { opens: '00:00', closes: '24:00' });
    const bookings = [];
    for (let index = 0; index < 8; index++) bookings.push(await book(bench, salon, { start: later(index * 60) }));
    const wanted = later(600);
    const answers = await Promise.all(bookings.map(({ id }) => move(salon, id, wanted)));
    expect(answers.toSorted()).toEqual([...Array(7).fill('SLOT_TAKEN'), 'none']);
    const starts = await Promise.all(bookings.map(async ({ id }) => startOf(await read(salon, id))));
    expect(starts).toEqual(answers.map((answer, index) => (answer === 'none' ? wanted : later(index * 60)).getTime()));
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('lets two that want to swap keep their times, without the wait for a deadlock', async () => {
    const salon = await makeSalon(bench);
    const [first, second] = [await book(bench, salon), await book(bench, salon, { start: later(60) })];
    const before = await countDeadlocks();
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all([move(salon, first.id, later(60)), move(salon, second.id, later(0))]);
      expect(answers).toEqual(['SLOT_TAKEN', 'SLOT_TAKEN']);
    }
    expect((await countDeadlocks()) - before).toBe(0n);
    expect([await read(salon, first.id), await read(salon, second.id)]).toEqual([first, second]);
  });

  it('is as calm where two reach the database at once, each with what the other has', async () => {
    const salon = await makeSalon(bench);
    const pair = [await book(bench, salon), await book(bench, salon, { start: later(60) })];
    const before = await countDeadlocks();
    for (let round = 0; round < 50; round++) {
      const outcomes = await Promise.all(pair.map(({ id }, n) => claimDirectly(salon, id, later(60 - n * 60))));
      expect(outcomes).toEqual(['taken', 'taken']);
    }
    expect((await countDeadlocks()) - before).toBe(0n);
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('and bookings that are made: nobody waits in vain, nobody loses what they had', async () => {
    const services = [{ minutes: 30 }, { minutes: 30 }, { minutes: 30 }];
    const salon = await makeSalon(bench, { services, staff: [undefined, undefined], opens: '00:00', closes: '24:00' });
    for (const index of [0, 1, 2]) await addResources(bench, salon, index, 1);
    const [sara = '', huda = ''] = salon.staffIds;
    const orders = [
      [sara, huda, sara],
      [huda, sara, huda],
    ];
    for (let round = 0; round < 12; round++) {
      const base = round * 300;
      const pair = [];
      for (const n of [0, 1])
        pair.push(await book(bench, salon, { start: later(base + n * 90), staffIds: orders[n] as string[] }));
      const answers = await Promise.all([
        ...pair.map(({ id }, n) => move(salon, id, later(base + 60 - n * 30), orders[1 - n])),
        ...pair.map(({ id }, n) => move(salon, id, later(base + 90 - n * 90))),
        ...[45, 75, 180, 120].map((minutes, n) =>
          refusalOf(book(bench, salon, { start: later(base + minutes), staffIds: orders[n % 2] as string[] })),
        ),
      ]);
      for (const answer of answers) expect(['none', 'SLOT_TAKEN', 'RESOURCE_BUSY']).toContain(answer);
    }
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('and a cancellation and the payment: whatever comes first, they end in one state', async () => {
    const endings = new Set<string>();
    const salon = await makeSalon(bench, {
      ...{ paymentPolicy: PaymentPolicy.IN_ADVANCE, opens: '00:00', closes: '24:00' },
      staff: [undefined, undefined],
    });
    for (let round = 0; round < 12; round++) {
      const start = later(round * 120);
      const { id } = await book(bench, salon, { start, staffIds: [salon.staffIds[0] ?? ''] });
      const moved = new Date(start.getTime() + 60 * minute);
      const parties = [
        () => move(salon, id, moved, [salon.staffIds[1] ?? '']),
        () => refusalOf(bench.bookings.cancelBooking({ bookingId: id }, as(salon.manager))),
        () => capture(bench, id).then(() => 'none'),
      ];
      const turn = [...parties.slice(round % 3), ...parties.slice(0, round % 3)];
      const answers = await Promise.all(turn.map((party) => party()));
      const [reschedule] = [...answers.slice(3 - (round % 3)), ...answers.slice(0, 3 - (round % 3))];
      const booking = await read(salon, id);
      expect(booking.state).toBe(BookingState.CANCELLED);
      expect(startOf(booking)).toBe((reschedule === 'none' ? moved : start).getTime());
      const seen = await facts(bench, id);
      endings.add(seen.join(' '));
      // What was paid before is given back by the cancellation, what comes after it by payments.
      expect(seen.includes('confirmed') !== seen.includes('payment_unusable')).toBe(true);
      if (seen.at(-1) === 'cancelled') {
        // The fact tells the items as they have become, not as they were when the cancellation began to wait.
        expect((await lastFact(bench, id, BookingCancelledSchema)).booking).toEqual(booking);
        expect(booking.items[0]?.startAt).toEqual(booking.startAt);
      }
    }
    expect(endings.size).toBeGreaterThan(1);
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('sees the catalogue as it has become, though it was read before', async () => {
    const salon = await makeSalon(bench);
    const booking = await book(bench, salon);
    await sql(bench, 'UPDATE services SET duration_minutes = 90 WHERE salon_id = $1', salon.id);
    expect(await move(salon, booking.id, later(120))).toBe('none');
    const { endAt } = await read(salon, booking.id);
    expect(endAt && timestampDate(endAt)).toEqual(later(210));
  });
});

/** Moves the claims of a booking of an hour and nothing else, without a look at who has the time. */
async function claimDirectly({ id: salonId, staffIds }: MadeSalon, bookingId: string, to: Date): Promise<string> {
  const text = 'SELECT calendar_version FROM salons WHERE id = $1';
  const [row] = await sql<{ calendar_version: bigint }>(bench, text, salonId);
  const calendarVersion = Number(row?.calendar_version);
  const claims = [{ subject: staffIds[0] ?? '', from: to.getTime(), to: to.getTime() + 60 * minute }];
  return bench.ctx.database.transaction(async (tx) => {
    const found = await lockBooking(tx, bookingId);
    if (!found) throw new Error('there is no such booking');
    return moveClaims(tx, { booking: found.booking, claims, calendarVersion });
  });
}

async function countDeadlocks(): Promise<bigint> {
  const text = 'SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()';
  const [row] = await sql<{ deadlocks: bigint }>(bench, text);
  return row?.deadlocks ?? -1n;
}
