import fc from 'fast-check';
import type { Audience, Calendar, CalendarSalon, CalendarService, CalendarStaff, Gender } from './calendar.ts';
import type { DatedHours, Prayer, PrayerPauses, Season, Span } from './hours.ts';
import type { Interval } from './interval.ts';
import type { WantedItem } from './plan-visit.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;

/** A calendar, a wish, and moments to ask about. */
export interface Situation {
  readonly origin: number;
  readonly now: number;
  /** Starts on the day after the origin. */
  readonly span: Interval;
  readonly calendar: Calendar;
  readonly wanted: readonly WantedItem[];
  readonly audience: Audience | undefined;
  readonly probes: readonly number[];
}

// Zones of whole, half and quarter hours; days at which clocks jump by an hour, by half an hour, at midnight; the first and
// last day of a Ramadan; a year's end; a place whose Isha comes after midnight.
const places = [
  ['Asia/Riyadh', '2026-11-22T00:00Z', 24.7, 46.7],
  ['Asia/Riyadh', '2026-02-17T15:00Z', 24.7, 46.7],
  ['Asia/Riyadh', '2026-03-19T15:00Z', 21.4, 39.8],
  ['Asia/Kathmandu', '2026-12-31T12:00Z', 27.7, 85.3],
  ['Asia/Shanghai', '2026-06-20T06:00Z', 39.5, 76],
  ['Europe/London', '2026-03-28T18:00Z', 51.5, -0.1],
  ['Europe/London', '2026-10-24T20:00Z', 51.5, -0.1],
  ['Australia/Lord_Howe', '2026-04-04T06:00Z', -31.5, 159.1],
  ['Australia/Lord_Howe', '2026-10-03T08:00Z', -31.5, 159.1],
  ['America/Santiago', '2026-09-05T18:00Z', -33.4, -70.7],
  ['America/Santiago', '2026-04-04T18:00Z', -33.4, -70.7],
] as const;

type Place = (typeof places)[number];

export const situation: fc.Arbitrary<Situation> = fc.constantFrom(...places).chain((place) => {
  const origin = Date.parse(place[1]);
  return fc
    .record({
      now: often(0, fc.integer({ min: -dayMinutes, max: 600 })),
      startMinutes: fc.integer({ min: 0, max: dayMinutes }),
      lengthMinutes: fc.integer({ min: 1, max: 600 }),
      calendar: calendarIn(place, origin),
      wanted: fc.array(wantedItem, { minLength: 1, maxLength: 3 }),
      audience: often<Audience | undefined>(undefined, fc.constantFrom('ladies', 'men', 'everyone')),
      probes: fc.array(fc.integer({ min: 0, max: dayMinutes }), { minLength: 4, maxLength: 10 }),
    })
    .map(({ now, startMinutes, lengthMinutes, probes, ...rest }) => ({
      ...rest,
      origin,
      now: origin + now * minuteMs,
      span: { from: origin + startMinutes * minuteMs, to: origin + (startMinutes + lengthMinutes) * minuteMs },
      // Half of the probes lie on the grid of every salon.
      probes: probes.map((n, index) => origin + (index % 2 === 0 ? n : Math.floor(n / 60) * 60) * minuteMs),
    }));
});

/** Mostly the usual value: with everything unusual at once nothing could ever be booked. */
function often<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

const gender = fc.constantFrom<Gender | undefined>(undefined, 'female', 'male');
const anyAudience = often<Audience>('everyone', fc.constantFrom('ladies', 'men'));
const resourceIds = ['p', 'q', 'r', 's'];

const wantedItem: fc.Arbitrary<WantedItem> = fc.record({
  serviceId: often('a', fc.constantFrom('a', 'b', 'c', 'unknown')),
  staffId: often<string | undefined>(undefined, fc.constantFrom('x', 'y')),
  staffGender: often<Gender | undefined>(undefined, gender),
});

function calendarIn(place: Place, origin: number): fc.Arbitrary<Calendar> {
  const [timeZone] = place;
  const dates = [-2, -1, 0, 1, 2].map((n) => new Date(origin + n * dayMinutes * minuteMs).toISOString().slice(0, 10));
  return fc.record({
    salon: salonIn(timeZone, place, dates),
    services: fc.tuple(service('a'), service('b'), service('c')),
    staff: fc.tuple(staff('x', origin, dates), staff('y', origin, dates), staff('z', origin, dates)),
    resources: fc
      .subarray(resourceIds, { minLength: 2 })
      .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), busy: busyAround(origin) })))),
  });
}

function salonIn(timeZone: string, place: Place, dates: string[]): fc.Arbitrary<CalendarSalon> {
  return fc.record({
    id: fc.constant('salon'),
    name: fc.constant({ ar: 's', en: 's' }),
    timeZone: fc.constant(timeZone),
    calendarVersion: fc.constant(1),
    isPublished: fc.integer({ min: 0, max: 49 }).map((n) => n > 0),
    audience: anyAudience,
    paymentPolicy: fc.constant('at_salon'),
    cancellationPolicy: fc.constant({ freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 }),
    slotStepMinutes: fc.constantFrom(5, 10, 15, 20, 30, 60),
    minNoticeMinutes: often(0, fc.constantFrom(45, 600)),
    maxAdvanceDays: often(90, fc.constant(1)),
    maxOpenBookings: fc.constant(10),
    approvalPolicy: fc.constant('automatic'),
    approvalMinutes: fc.constant(720),
    hours: fc.record({
      weekly: weekly,
      dates: datedHours(dates),
      seasons: seasons(dates),
      prayerPauses: often<PrayerPauses | undefined>(undefined, pauses(place)),
    }),
  });
}

function pauses([, , latitude, longitude]: Place): fc.Arbitrary<PrayerPauses> {
  return fc.record({
    prayers: fc.subarray<Prayer>(['fajr', 'dhuhr', 'asr', 'maghrib', 'isha'], { minLength: 1 }),
    lengthMinutes: fc.integer({ min: 5, max: 60 }),
    latitude: fc.constant(latitude),
    longitude: fc.constant(longitude),
  });
}

function service(id: string): fc.Arbitrary<CalendarService> {
  return fc.record({
    id: fc.constant(id),
    isOffered: fc.integer({ min: 0, max: 29 }).map((n) => n > 0),
    name: fc.constant({ ar: id, en: id }),
    durationMinutes: fc.integer({ min: 1, max: 24 }).map((n) => n * 5),
    bufferBeforeMinutes: fc.constantFrom(0, 0, 5, 15),
    bufferAfterMinutes: fc.constantFrom(0, 0, 10, 20),
    priceAmount: fc.constant(100n),
    currency: fc.constant('SAR'),
    audience: anyAudience,
    staffGender: often<Gender | undefined>(undefined, fc.constantFrom('female', 'male')),
    // No resource is in two needs of a service.
    needs: fc
      .array(fc.integer({ min: -6, max: 1 }), { minLength: 4, maxLength: 4 })
      .map((of) =>
        [0, 1].map((n) => resourceIds.filter((_, index) => of[index] === n)).filter((ids) => ids.length > 0),
      ),
  });
}

function staff(id: string, origin: number, dates: string[]): fc.Arbitrary<CalendarStaff> {
  return fc.record({
    id: fc.constant(id),
    name: fc.constant({ ar: id, en: id }),
    serviceIds: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    gender,
    hours: fc.record({
      weekly: weekly,
      dates: datedHours(dates),
      seasons: often(
        new Map<string, WeeklyWindow[]>(),
        fc.dictionary(fc.constantFrom('s0', 's1', 'h'), weekly).map(toMap),
      ),
    }),
    busy: busyAround(origin),
  });
}

function toMap<T>(record: Record<string, T>): Map<string, T> {
  return new Map(Object.entries(record));
}

// Quarters of an hour, and what is no multiple of any grid.
const clockMinute = fc.oneof(
  fc.integer({ min: 0, max: 95 }).map((n) => n * 15),
  fc.integer({ min: 0, max: 287 }).map((n) => n * 5),
);
const span = fc
  .tuple(clockMinute, clockMinute)
  .map(([a, b]) => ({ opens: Math.min(a, b), closes: Math.max(a, b) + 5 }));
const spans: fc.Arbitrary<Span[]> = fc.array(span, { maxLength: 3 }).map(withoutOverlaps);

// Most salons of a random week would be closed: often the whole week is open, or almost.
const weekly: fc.Arbitrary<WeeklyWindow[]> = fc.oneof(
  fc.constant(everyDay([{ opens: 0, closes: dayMinutes }])),
  span.map((one) => everyDay([one])),
  spans.map(everyDay),
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 7 }), spans), { maxLength: 6 })
    .map((days) => [...new Map(days)].flatMap(([weekday, list]) => list.map((each) => ({ weekday, ...each })))),
);

function everyDay(list: readonly Span[]): WeeklyWindow[] {
  return [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => list.map((each) => ({ weekday, ...each })));
}

function datedHours(dates: string[]): fc.Arbitrary<DatedHours> {
  return often<DatedHours>(new Map(), fc.dictionary(fc.constantFrom(...dates), spans).map(toMap));
}

// Two between dates that do not meet, and one of the Hijri year, which may meet them.
function seasons(dates: string[]): fc.Arbitrary<Season[]> {
  const [a = '', b = '', c = '', d = '', e = ''] = dates;
  const between = (key: string, [firstDate, lastDate]: [string, string]): fc.Arbitrary<Season> =>
    fc.record({
      key: fc.constant(key),
      firstDate: fc.constant(firstDate),
      lastDate: fc.constant(lastDate),
      weekly: weekly,
    });
  const hijri = fc.record({ key: fc.constant('h'), hijriMonth: fc.constantFrom(8, 9, 10), weekly: weekly });
  const early = fc.oneof(between('s0', [a, b]), between('s0', [b, c]), between('s0', [c, c]));
  const late = fc.oneof(between('s1', [d, d]), between('s1', [d, e]));
  return fc
    .record({ early: fc.option(early), late: fc.option(late), hijri: fc.option(hijri), isPlain: fc.boolean() })
    .map((all) => (all.isPlain ? [] : [all.hijri, all.early, all.late].filter((each) => each !== null)));
}

function withoutOverlaps<T extends Span>(all: T[]): T[] {
  const kept: T[] = [];
  for (const each of all) {
    if (!kept.some((k) => k.opens < each.closes && each.opens < k.closes)) kept.push(each);
  }
  return kept;
}

function busyAround(origin: number): fc.Arbitrary<Interval[]> {
  const one = fc.tuple(fc.integer({ min: -300, max: 2_400 }), fc.integer({ min: 5, max: 120 }));
  return fc.array(one, { maxLength: 8 }).map((list) => {
    const all = list.map(([start, length]) => ({ opens: start, closes: start + length }));
    return withoutOverlaps(all)
      .map(({ opens, closes }) => ({ from: origin + opens * minuteMs, to: origin + closes * minuteMs }))
      .sort((x, y) => x.from - y.from);
  });
}
