import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BadRequestSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import {
  type SalonHours,
  type SetSalonHoursRequest,
  SetSalonHoursRequestSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.set(startOfTests);
  salon = await makeSalon(bench);
});

const at = (text: string) => timestampFromDate(new Date(text));
const spans = (...clocks: [string, string][]) => clocks.map(([opens, closes]) => ({ opens, closes }));
const windows = (...clocks: [number, string, string][]) =>
  clocks.map(([day, opens, closes]) => ({ day, opens, closes }));
const name = { ar: 'رمضان', en: 'Ramadan' };

const whole = {
  weekly: windows([1, '09:00', '12:00'], [1, '16:00', '24:00'], [7, '10:00', '18:00']),
  exceptions: [
    { date: '2026-12-01', spans: spans(['00:00', '02:00'], ['20:00', '24:00']), note: 'National event' },
    { date: '2026-12-31', spans: [], note: '' },
  ],
  seasons: [
    { key: 'ramadan', name, hijriMonth: 9, weekly: windows([1, '21:00', '24:00'], [2, '00:00', '02:00']) },
    { key: 'summer', name, firstDate: '2027-07-01', lastDate: '2027-08-31', weekly: [] },
  ],
};

type Hours = Partial<Omit<SetSalonHoursRequest, '$typeName' | '$unknown' | 'salonId'>>;

function set(hours: object, headers: Record<string, string> = {}) {
  return bench.availability.setSalonHours({ salonId: salon.id, ...hours }, as(salon.manager, headers));
}

function get(who = salon.manager) {
  return bench.availability.getSalonHours({ salonId: salon.id }, as(who));
}

/** The hours as a request would set them. */
function toRequest({ weekly, exceptions, seasons }: SalonHours) {
  return create(SetSalonHoursRequestSchema, { salonId: salon.id, weekly, exceptions, seasons });
}

async function fieldOf(call: Promise<unknown>): Promise<[string, string | undefined]> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectError)) throw new Error('the call was not refused');
  return [await refusalOf(Promise.reject(error)), error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field];
}

describe('SetSalonHours', () => {
  it('keeps all that was set, and tells it again', async () => {
    const answer = await set(whole);
    expect(toRequest(answer)).toEqual(create(SetSalonHoursRequestSchema, { salonId: salon.id, ...whole } as never));
    expect(await get()).toEqual(answer);
    const again = await bench.availability.setSalonHours(toRequest(answer), as(salon.manager));
    expect(toRequest(again)).toEqual(toRequest(answer));
  });

  it('replaces everything: what is not sent is gone', async () => {
    await set(whole);
    await set({ weekly: windows([3, '10:00', '11:00']) });
    const { weekly, exceptions, seasons } = await get();
    expect(weekly.map(({ day }) => day)).toEqual([3]);
    expect([exceptions, seasons]).toEqual([[], []]);
  });

  it('changes the etag each time, and honours If-Match', async () => {
    const { etag } = await set(whole);
    const next = await set(whole, { 'if-match': `"${etag}"` });
    expect(next.etag).not.toBe(etag);
    expect(await refusalOf(set({}, { 'if-match': `"${etag}"` }))).toBe('STALE_ETAG');
    expect(await get()).toEqual(next);
    expect((await set({}, { 'if-match': '*' })).etag).not.toBe(next.etag);
  });

  it.each<[string, Hours | object, [string, string]]>([
    ['an overlap', { weekly: windows([1, '09:00', '12:00'], [1, '11:59', '13:00']) }, ['WINDOWS_INVALID', 'weekly']],
    ['an end before the start', { weekly: windows([1, '12:00', '09:00']) }, ['WINDOWS_INVALID', 'weekly']],
    [
      'an overlap on a date',
      {
        exceptions: [whole.exceptions[0], { date: '2026-12-02', spans: spans(['09:00', '12:00'], ['10:00', '11:00']) }],
      },
      ['WINDOWS_INVALID', 'exceptions[1].spans'],
    ],
    [
      'an overlap in a season',
      { seasons: [{ ...whole.seasons[0], weekly: windows([1, '09:00', '12:00'], [1, '09:00', '10:00']) }] },
      ['WINDOWS_INVALID', 'seasons[0].weekly'],
    ],
    ['a date that does not exist', { exceptions: [{ date: '2027-02-29' }] }, ['DATES_INVALID', 'exceptions[0].date']],
    ['the year 0', { exceptions: [{ date: '0000-01-01' }] }, ['DATES_INVALID', 'exceptions[0].date']],
    [
      'a date twice',
      { exceptions: [whole.exceptions[1], whole.exceptions[0], whole.exceptions[1]] },
      ['DATES_INVALID', 'exceptions[2].date'],
    ],
    [
      'a season twice',
      { seasons: [whole.seasons[0], { ...whole.seasons[1], key: 'ramadan' }] },
      ['SEASONS_INVALID', 'seasons[1]'],
    ],
    ['a season of no sort', { seasons: [{ key: 'x', name }] }, ['SEASONS_INVALID', 'seasons[0]']],
    [
      'a season of both sorts',
      { seasons: [{ ...whole.seasons[1], hijriMonth: 9 }] },
      ['SEASONS_INVALID', 'seasons[0]'],
    ],
    [
      'a season that ends before it starts',
      { seasons: [{ key: 'x', name, firstDate: '2027-08-31', lastDate: '2027-07-01' }] },
      ['SEASONS_INVALID', 'seasons[0]'],
    ],
    [
      'a season from a day that does not exist',
      { seasons: [{ key: 'x', name, firstDate: '2027-02-30', lastDate: '2027-07-01' }] },
      ['SEASONS_INVALID', 'seasons[0]'],
    ],
    [
      'two seasons that overlap',
      { seasons: [whole.seasons[1], { key: 'x', name, firstDate: '2027-08-31', lastDate: '2027-09-30' }] },
      ['SEASONS_INVALID', 'seasons[1]'],
    ],
  ])('refuses %s, names the field and writes nothing', async (_, hours, expected) => {
    const before = await set(whole);
    expect(await fieldOf(set(hours))).toEqual(expected);
    expect(await get()).toEqual(before);
  });

  it('leaves the bookings that stand', async () => {
    const customer = person('customer');
    const items = [{ serviceId: salon.serviceIds[0] ?? '' }];
    const wish = { salonId: salon.id, items, startAt: at('2026-11-23T07:00:00Z') };
    const { id } = await bench.bookings.createBooking(wish, as(customer));
    await set({ weekly: [] });
    expect((await bench.bookings.getBooking({ bookingId: id }, as(customer))).state).toBe(BookingState.CONFIRMED);
    const later = { ...wish, startAt: at('2026-11-23T09:00:00Z') };
    expect(await refusalOf(bench.bookings.createBooking(later, as(customer)))).toBe('OUTSIDE_WORKING_HOURS');
  });

  it('never leaves the hours of two writers side by side', async () => {
    const writers = [1, 2, 3, 4, 5, 6].map((day) =>
      set({ weekly: windows([day, '10:00', '11:00'], [7, '10:00', '11:00']) }),
    );
    const answers = await Promise.all(writers);
    expect(new Set(answers.map(({ etag }) => etag)).size).toBe(writers.length);
    const kept = await get();
    expect(kept).toEqual(answers.find((answer) => answer.etag === kept.etag));
  });

  it('counts the calendar on, however much is set', async () => {
    const readVersion = async () =>
      (await bench.ctx.prisma.salon.findUniqueOrThrow({ where: { id: salon.id } })).calendarVersion;
    const before = await readVersion();
    const evenHours = Array.from({ length: 10 }, (_, index) => `${String(index * 2).padStart(2, '0')}:00`);
    const full = [1, 2, 3, 4, 5, 6, 7].flatMap((day) =>
      evenHours.map((opens) => ({ day, opens, closes: opens.replace(/:00$/, ':30') })),
    );
    const seasons = Array.from({ length: 12 }, (_, index) => ({
      key: `m${index}`,
      name,
      hijriMonth: index + 1,
      weekly: full,
    }));
    const first = Date.UTC(2027, 0, 1);
    const exceptions = Array.from({ length: 400 }, (_, index) => ({
      date: new Date(first + index * 86_400_000).toISOString().slice(0, 10),
      spans: spans(['10:00', '12:00']),
    }));
    for (let round = 0; round < 2; round++) await set({ weekly: full, seasons, exceptions });
    const { rows } = await bench.ctx.database.query<{ count: bigint }>({
      name: 'test.windows',
      text: 'SELECT count(*) FROM salon_windows WHERE salon_id = $1',
      values: [salon.id],
    });
    expect(rows[0]?.count).toBe(910n);
    // Once for each time: counted row by row, the salon's row would be written two thousand times.
    expect(await readVersion()).toBe(before + 2n);
  }, 30_000);
});

describe('GetSalonHours', () => {
  it('shows notes to those who run the salon only', async () => {
    await set(whole);
    const notesFor = async (who: Parameters<typeof as>[0]) =>
      (await bench.availability.getSalonHours({ salonId: salon.id }, as(who))).exceptions.map(({ note }) => note);
    expect(await notesFor(salon.manager)).toEqual(['National event', '']);
    expect(await notesFor(person('admin'))).toEqual(['National event', '']);
    for (const who of [undefined, person('customer'), salon.staff[0], person('manager')]) {
      expect(await notesFor(who)).toEqual(['', '']);
    }
  });
});

describe('SetStaffAvailability', () => {
  const own = {
    weekly: windows([1, '09:00', '12:00']),
    overrides: [{ date: '2026-12-01', spans: [], note: 'Dentist' }],
    seasons: [{ key: 'ramadan', weekly: windows([1, '20:00', '23:00']) }],
  };
  const setOwn = (hours: object, headers: Record<string, string> = {}) =>
    bench.availability.setStaffAvailability({ staffId: salon.staffIds[0] ?? '', ...hours }, as(salon.manager, headers));
  const getOwn = (who = salon.manager) =>
    bench.availability.getStaffAvailability({ staffId: salon.staffIds[0] ?? '' }, as(who));

  it('keeps all that was set, replaces it, and honours If-Match', async () => {
    await set(whole);
    const answer = await setOwn(own);
    expect(answer).toMatchObject(own);
    expect(await getOwn()).toEqual(answer);
    expect((await getOwn(person('customer'))).overrides[0]?.note).toBe('');
    const next = await setOwn({}, { 'if-match': `"${answer.etag}"` });
    expect([next.weekly, next.overrides, next.seasons]).toEqual([[], [], []]);
    expect(await refusalOf(setOwn(own, { 'if-match': `"${answer.etag}"` }))).toBe('STALE_ETAG');
    expect(await getOwn()).toEqual(next);
  });

  it.each<[string, object, [string, string]]>([
    ['a season that the salon does not have', { seasons: [{ key: 'winter' }] }, ['SEASON_UNKNOWN', 'seasons[0].key']],
    ['a season twice', { seasons: [own.seasons[0], own.seasons[0]] }, ['SEASON_UNKNOWN', 'seasons[1].key']],
    ['a date twice', { overrides: [own.overrides[0], own.overrides[0]] }, ['DATES_INVALID', 'overrides[1].date']],
    [
      'an overlap in a season',
      { seasons: [{ key: 'ramadan', weekly: windows([1, '20:00', '23:00'], [1, '22:00', '23:30']) }] },
      ['WINDOWS_INVALID', 'seasons[0].weekly'],
    ],
    [
      'an overlap on a date',
      { overrides: [{ date: '2026-12-01', spans: spans(['20:00', '23:00'], ['22:00', '23:30']) }] },
      ['WINDOWS_INVALID', 'overrides[0].spans'],
    ],
  ])('refuses %s, names the field and writes nothing', async (_, hours, expected) => {
    await set(whole);
    const before = await setOwn(own);
    expect(await fieldOf(setOwn(hours))).toEqual(expected);
    expect(await getOwn()).toEqual(before);
  });

  it('tells no hours of a season that the salon has dropped, and has them again with it', async () => {
    await set(whole);
    await setOwn(own);
    await set({ weekly: whole.weekly });
    expect((await getOwn()).seasons).toEqual([]);
    await set(whole);
    expect((await getOwn()).seasons.map(({ key }) => key)).toEqual(['ramadan']);
  });
});
