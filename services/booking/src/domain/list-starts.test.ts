import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Calendar, CalendarSalon, CalendarService, CalendarStaff } from './calendar.ts';
import { createSchedule } from './decide-start.ts';
import { listStarts } from './list-starts.ts';
import { dayMinutes, minuteMs } from './local-days.ts';
import { planBooking } from './plan-booking.ts';
import { planVisit } from './plan-visit.ts';
import { listReferenceStarts } from './reference-slots.test-support.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

const runs = 3_000;

// Days at which clocks jump by an hour, by half an hour, and at midnight; and zones where they do not.
const places = [
  ['Asia/Riyadh', '2026-11-22T00:00Z'],
  ['Asia/Kathmandu', '2026-11-21T12:00Z'],
  ['Europe/London', '2026-03-28T18:00Z'],
  ['Europe/London', '2026-10-24T20:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T06:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T08:00Z'],
  ['America/Santiago', '2026-09-05T18:00Z'],
  ['America/Santiago', '2026-04-04T18:00Z'],
] as const;

const quarter = fc.integer({ min: 0, max: 95 }).map((n) => n * 15);

const windows: fc.Arbitrary<WeeklyWindow[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 7 }), quarter, quarter), { minLength: 0, maxLength: 12 })
  .map((spans) => withoutOverlaps(spans.map(([weekday, a, b]) => ({ weekday, ...toSpan(a, b) }))));

// Most salons of a random week would be closed: often the whole week is open, or almost.
const hours = fc.oneof(
  windows,
  fc.constant(everyDay(0, dayMinutes)),
  fc.tuple(quarter, quarter).map(([a, b]) => everyDay(Math.min(a, b), Math.max(a, b) + 15)),
);

const service = (id: string): fc.Arbitrary<CalendarService> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant({ ar: id, en: id }),
    durationMinutes: fc.integer({ min: 1, max: 30 }).map((n) => n * 5),
    bufferBeforeMinutes: fc.constantFrom(0, 0, 5, 15),
    bufferAfterMinutes: fc.constantFrom(0, 0, 10, 20),
    priceAmount: fc.constant(100n),
    currency: fc.constant('SAR'),
  });

const staff = (id: string, origin: number): fc.Arbitrary<CalendarStaff> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant({ ar: id, en: id }),
    serviceIds: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    windows: hours,
    busy: fc
      .array(fc.tuple(fc.integer({ min: -300, max: 2_000 }), fc.integer({ min: 5, max: 120 })), { maxLength: 8 })
      .map((spans) => toBusy(spans, origin)),
  });

const situation = fc.constantFrom(...places).chain(([timeZone, start]) => {
  const origin = Date.parse(start);
  return fc.record({
    origin: fc.constant(origin),
    now: fc.integer({ min: -dayMinutes, max: 600 }).map((minutes) => origin + minutes * minuteMs),
    lengthMinutes: fc.integer({ min: 1, max: dayMinutes }),
    calendar: fc.record<Calendar>({
      salon: fc.record<CalendarSalon>({
        id: fc.constant('salon'),
        name: fc.constant({ ar: 's', en: 's' }),
        timeZone: fc.constant(timeZone),
        isPublished: fc.constant(true),
        paymentPolicy: fc.constant('at_salon'),
        cancellationPolicy: fc.constant({ freeUntilHours: 24, lateFeePercent: 50 }),
        slotStepMinutes: fc.constantFrom(5, 10, 15, 20, 30, 60),
        minNoticeMinutes: fc.constantFrom(0, 0, 45, 600),
        maxAdvanceDays: fc.constantFrom(1, 90, 90),
        windows: hours,
      }),
      services: fc.tuple(service('a'), service('b'), service('c')),
      staff: fc.tuple(staff('x', origin), staff('y', origin), staff('z', origin)),
    }),
    wanted: fc.array(
      fc.record({
        serviceId: fc.constantFrom('a', 'b', 'c'),
        staffId: fc.constantFrom(undefined, undefined, 'x', 'y'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    probes: fc.array(fc.integer({ min: 0, max: dayMinutes / 5 }), { maxLength: 6 }),
  });
});

describe('listStarts', () => {
  it('finds what a walk through every minute finds, and booking accepts just that', () => {
    let offered = 0;
    const property = fc.property(situation, ({ origin, now, lengthMinutes, calendar, wanted, probes }) => {
      const visit = planVisit(calendar, wanted);
      if ('refusal' in visit) return;
      const span = { from: origin, to: origin + lengthMinutes * minuteMs };
      const starts = listStarts(createSchedule(calendar.salon, visit.items, span), span, now);
      const found = starts.map(({ at, items }) => ({ at, staffIds: items[0]?.free.map(({ id }) => id) }));
      expect(found).toEqual(listReferenceStarts({ salon: calendar.salon, items: visit.items }, span, now));
      offered += found.length;

      const times = new Set(starts.map(({ at }) => at));
      const sample = [...starts.slice(0, 2).map(({ at }) => at), ...probes.map((n) => origin + n * 5 * minuteMs)];
      for (const startAt of sample.filter((at) => at < span.to)) {
        const request = { id: 'i', customerId: 'c', salonId: 'salon', startAt, customerNote: '', wanted };
        const plan = planBooking(calendar, request, { now: new Date(now), holdMinutes: 10 });
        expect('booking' in plan).toBe(times.has(startAt));
      }
    });
    const seed = Date.now() % 2 ** 31;
    console.error(`listStarts: ${runs} calendars, seed ${seed}`);
    fc.assert(property, { seed, numRuns: runs });
    // Empty calendars alone would prove nothing.
    expect(offered).toBeGreaterThan(runs);
  }, 240_000);
});

function everyDay(opens: number, closes: number): WeeklyWindow[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));
}

function toSpan(a: number, b: number) {
  return { opens: Math.min(a, b), closes: Math.max(a, b) + 15 };
}

function withoutOverlaps(all: WeeklyWindow[]): WeeklyWindow[] {
  const kept: WeeklyWindow[] = [];
  for (const each of all) {
    const meets = kept.some((k) => k.weekday === each.weekday && k.opens < each.closes && each.opens < k.closes);
    if (!meets) kept.push(each);
  }
  return kept;
}

function toBusy(spans: [number, number][], origin: number) {
  const busy = spans
    .map(([start, length]) => ({ from: origin + start * minuteMs, to: origin + (start + length) * minuteMs }))
    .sort((a, b) => a.from - b.from);
  return busy.filter(({ from }, index) => index === 0 || busy.slice(0, index).every((before) => before.to <= from));
}
