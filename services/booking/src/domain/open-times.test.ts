import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SalonHours, StaffHours } from './hours.ts';
import { dayMinutes, listLocalDays, minuteMs } from './local-days.ts';
import { listDays, toOpenTimes, toWorkTimes } from './open-times.ts';

const hourMs = 60 * minuteMs;
const dayMs = dayMinutes * minuteMs;
const zones = ['Asia/Riyadh', 'Asia/Kathmandu', 'America/Santiago', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];

describe('listDays', () => {
  it('remembers what listLocalDays finds, whatever was asked for before', () => {
    const span = fc.record({
      timeZone: fc.constantFrom(...zones),
      // So many hours after 2026 began, so that every start of what is remembered together is met.
      from: fc.integer({ min: 0, max: 24 * 64 }).map((hours) => Date.UTC(2026, 0) + hours * hourMs),
      days: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(span, ({ timeZone, from, days }) => {
        const wanted = { from, to: from + 1 + days * dayMs };
        expect(listDays(timeZone, wanted)).toEqual(listLocalDays(timeZone, wanted));
      }),
      { numRuns: 300 },
    );
  });

  it('has no day that a zone skipped', () => {
    const span = { from: Date.UTC(2011, 11, 29), to: Date.UTC(2012, 0, 1) };
    const dates = listDays('Pacific/Apia', span).map(({ date }) => date);
    expect(dates).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']);
  });
});

const everyDay = (opens: number, closes: number) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));
const salonOf = (opens: number, closes: number): SalonHours => ({
  weekly: everyDay(opens, closes),
  dates: new Map(),
  seasons: [],
});

describe('toOpenTimes and toWorkTimes', () => {
  const days = listDays('Asia/Riyadh', { from: Date.UTC(2026, 0, 4), to: Date.UTC(2026, 5, 4) });
  const staff: StaffHours = { weekly: everyDay(600, 900), dates: new Map(), seasons: new Map() };

  it('give the same when they are asked again, also for more days than are remembered', () => {
    const salon = salonOf(540, 1_080);
    const first = toOpenTimes(salon, days);
    expect(first).toHaveLength(days.length);
    expect(toOpenTimes(salon, days)).toEqual(first);
    expect(toOpenTimes(salon, days.slice(3, 5))).toEqual(first.slice(3, 5));
  });

  it('do not take one for another', () => {
    const salon = salonOf(540, 1_080);
    const lengthOf = (times: { from: number; to: number }[]) => times.map(({ from, to }) => (to - from) / hourMs);
    const other: StaffHours = { ...staff, weekly: everyDay(600, 660) };
    const some = days.slice(0, 1);
    expect(
      [toOpenTimes(salon, some), toWorkTimes(staff, salon, some), toWorkTimes(other, salon, some)].map(lengthOf),
    ).toEqual([[9], [5], [1]]);
    expect(lengthOf(toOpenTimes(salonOf(0, 60), some))).toEqual([1]);
  });

  it('join what is open over midnight', () => {
    expect(toOpenTimes(salonOf(0, dayMinutes), days.slice(0, 3))).toEqual([{ from: days[0]?.from, to: days[2]?.to }]);
  });
});
