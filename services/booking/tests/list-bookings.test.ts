import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { at, book, sql, usualStart } from './support/life.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
const later = (minutes: number) => new Date(Date.parse(usualStart) + minutes * minute);
const minutesOf = ({ startAt }: Booking) =>
  startAt ? (timestampDate(startAt).getTime() - Date.parse(usualStart)) / minute : Number.NaN;

type Filters = Omit<Parameters<Bench['bookings']['listBookings']>[0], '$typeName'>;

/** All pages, of two bookings each. */
async function listAll(who: Person, filters: Filters = {}, afterPage = async () => {}): Promise<Booking[]> {
  const seen: Booking[] = [];
  for (let pageToken = ''; ; ) {
    const page = await bench.bookings.listBookings({ ...filters, pageSize: 2, pageToken }, as(who));
    seen.push(...page.bookings);
    pageToken = page.nextPageToken;
    if (pageToken === '') return seen;
    await afterPage();
  }
}

const idsOf = (bookings: readonly Booking[]) => bookings.map(({ id }) => id);

describe('ListBookings', () => {
  let salon: MadeSalon;
  let who: Person;
  let bookings: Booking[];
  beforeAll(async () => {
    bench.clock.set(startOfTests);
    salon = await makeSalon(bench, { staff: [undefined, undefined] });
    who = person('customer');
    bookings = [];
    for (const n of [0, 1, 2, 3, 4, 5]) {
      const staffIds = [salon.staffIds[n % 2] ?? ''];
      bookings.push(await book(bench, salon, { who, start: later(Math.floor(n / 2) * 60), staffIds }));
    }
    await bench.bookings.cancelBooking({ bookingId: bookings[0]?.id ?? '' }, as(who));
  });

  it("shows customers their own, managers their salon's, staff their own calendar", async () => {
    const newestFirst = bookings.toSorted((a, b) => minutesOf(b) - minutesOf(a) || (a.id < b.id ? 1 : -1));
    expect(idsOf(await listAll(who))).toEqual(idsOf(newestFirst));
    expect(idsOf(await listAll(salon.manager, { salonId: salon.id }))).toEqual(idsOf(newestFirst));
    expect(idsOf(await listAll(person('admin'), { salonId: salon.id }))).toEqual(idsOf(newestFirst));
    const own = newestFirst.filter(({ items }) => items[0]?.staffId === salon.staffIds[1]);
    expect(idsOf(await listAll(salon.staff[1] as Person, { salonId: salon.id }))).toEqual(idsOf(own));
    expect(await listAll(person('customer'))).toEqual([]);
    for (const stranger of [person('customer'), person('manager'), person('staff')]) {
      expect(await refusalOf(listAll(stranger, { salonId: salon.id }))).toBe('PERMISSION_DENIED');
    }
  });

  it.each([
    ['everything', {}, [120, 120, 60, 60, 0, 0]],
    ['what ends after a moment', { from: at(later(61)) }, [120, 120, 60, 60]],
    ['not what ends at it', { from: at(later(120)) }, [120, 120]],
    ['what starts before a moment', { to: at(later(61)) }, [60, 60, 0, 0]],
    ['not what starts at it', { to: at(later(60)) }, [0, 0]],
    ['what touches a stretch', { from: at(later(30)), to: at(later(90)) }, [60, 60, 0, 0]],
    ['all until the end of days', { to: at('9999-12-31T23:59:59Z') }, [120, 120, 60, 60, 0, 0]],
    ['nothing from there on', { from: at('9999-12-31T23:59:59Z') }, []],
    ['nothing in none', { from: at(later(90)), to: at(later(30)) }, []],
    ['a state', { state: BookingState.CANCELLED }, [0]],
    ['a state in a stretch', { state: BookingState.CONFIRMED, to: at(later(60)) }, [0]],
  ] as [string, Filters, number[]][])('shows %s', async (_, filters, expected) => {
    expect((await listAll(who, filters)).map(minutesOf)).toEqual(expected);
    expect((await listAll(salon.manager, { ...filters, salonId: salon.id })).map(minutesOf)).toEqual(expected);
    const own = await listAll(salon.staff[0] as Person, { ...filters, salonId: salon.id });
    const theirs = (await listAll(who, filters)).filter(({ items }) => items[0]?.staffId === salon.staffIds[0]);
    expect(idsOf(own)).toEqual(idsOf(theirs));
  });

  it('shows what one staff member does, to staff only of their own calendar', async () => {
    const [first = '', second = ''] = salon.staffIds;
    const filters = { salonId: salon.id, staffId: second };
    const theirs = bookings.filter(({ items }) => items[0]?.staffId === second).toReversed();
    expect(idsOf(await listAll(salon.manager, filters))).toEqual(idsOf(theirs));
    expect(idsOf(await listAll(salon.staff[1] as Person, filters))).toEqual(idsOf(theirs));
    expect(await listAll(salon.staff[1] as Person, { ...filters, staffId: first })).toEqual([]);
  });

  it('loses nothing and shows nothing twice while others are made', async () => {
    let hours = 0;
    const seen = await listAll(salon.manager, { salonId: salon.id }, async () => {
      hours++;
      await book(bench, salon, { start: later(120 + 60 * hours) });
    });
    expect(idsOf(seen).filter((id) => idsOf(bookings).includes(id))).toHaveLength(bookings.length);
    expect(new Set(idsOf(seen)).size).toBe(seen.length);
  });
  it('takes a page token only for the list it was made for', async () => {
    const request = { salonId: salon.id, pageSize: 2, from: at(later(0)) };
    const { nextPageToken: pageToken } = await bench.bookings.listBookings(request, as(salon.manager));
    const others = [
      { from: at(later(1)) },
      { to: at(later(900)) },
      { staffId: salon.staffIds[0] ?? '' },
      { salonId: '' },
    ];
    for (const other of [...others, { state: BookingState.HELD }]) {
      const call = bench.bookings.listBookings({ ...request, ...other, pageToken }, as(salon.manager));
      expect(await refusalOf(call)).toBe('PAGE_TOKEN_INVALID');
    }
  });

  it('walks an index that stops at the stretch, however much was before it', async () => {
    const old = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const { id } = await book(bench, old, { who });
    await sql(bench, copies, id, 3_000);
    await sql(bench, 'ANALYZE bookings');
    const { manager } = old;
    const request = { salonId: old.id, from: at(later(0)), to: at(later(24 * 60)) };
    for (let run = 0; run < 7; run++) await bench.bookings.listBookings(request, as(manager));
    const [before, seen] = [await countReads(), await listAll(manager, request)];
    expect(idsOf(seen)).toEqual([id]);
    expect((await countReads()) - before).toBeLessThan(300);
  });
});

/** A booking again and again, on each of so many days before. */
const copies = `
  INSERT INTO bookings
  SELECT (json_populate_record(b, json_build_object('id', gen_random_uuid(), 'start_at', b.start_at - day * interval '1 day',
                                                    'end_at', b.end_at - day * interval '1 day'))).*
    FROM bookings b, generate_series(1, $2::integer) AS day WHERE b.id = $1`;

/** Rows of bookings that were read so far, by all connections. */
async function countReads(): Promise<number> {
  const [row] = await sql<{ reads: bigint }>(
    bench,
    `SELECT idx_tup_fetch + seq_tup_read AS reads FROM pg_stat_user_tables, pg_stat_force_next_flush()
      WHERE relname = 'bookings'`,
  );
  return Number(row?.reads ?? 0);
}
