import { describe, expect, it } from '@jest/globals';
import {
  type SalonHours,
  type Season,
  type Span,
  type StaffHours,
  toSalonIntervals,
  toStaffIntervals,
} from './hours.ts';
import { listLocalDays } from './local-days.ts';
import { parseClock, type WeeklyWindow } from './weekly-windows.ts';

type Clocks = readonly [opens: string, closes: string];

const span = ([opens, closes]: Clocks): Span => ({ opens: parseClock(opens), closes: parseClock(closes) });
const everyDay = (...clocks: Clocks[]): WeeklyWindow[] =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => clocks.map((each) => ({ weekday, ...span(each) })));
const on = (weekdays: number[], ...clocks: Clocks[]) =>
  everyDay(...clocks).filter(({ weekday }) => weekdays.includes(weekday));

const salon = (hours: Partial<SalonHours>): SalonHours => ({ weekly: [], dates: new Map(), seasons: [], ...hours });
const staff = (hours: Partial<StaffHours>): StaffHours => ({
  weekly: [],
  dates: new Map(),
  seasons: new Map(),
  ...hours,
});
const dates = (entries: Record<string, Clocks[]>) =>
  new Map(Object.entries(entries).map(([date, clocks]) => [date, clocks.map(span)]));

const iso = (moment: number) => new Date(moment).toISOString().slice(0, 16);

/** The days from noon of the first date to noon of the last. */
const days = (timeZone: string, first: string, last = first) =>
  listLocalDays(timeZone, { from: Date.parse(`${first}T12:00Z`), to: Date.parse(`${last}T12:00Z`) + 1 });

const openOn = (hours: SalonHours, timeZone: string, first: string, last = first) =>
  toSalonIntervals(hours, days(timeZone, first, last)).map(({ from, to }) => `${iso(from)} ${iso(to)}`);
const worksOn = (hours: StaffHours, of: SalonHours, first: string, last = first) =>
  toStaffIntervals(hours, of, days('UTC', first, last)).map(({ from, to }) => `${iso(from)} ${iso(to)}`);

const ramadan: Season = { key: 'ramadan', hijriMonth: 9, weekly: everyDay(['13:00', '17:00'], ['21:00', '24:00']) };
const summer: Season = {
  key: 'summer',
  firstDate: '2026-03-01',
  lastDate: '2026-03-05',
  weekly: everyDay(['16:00', '22:00']),
};

describe('toSalonIntervals', () => {
  it('joins windows that meet at midnight', () => {
    const hours = salon({ weekly: [...on([7], ['20:00', '24:00']), ...on([1], ['00:00', '02:00'])] });
    expect(openOn(hours, 'Asia/Riyadh', '2026-11-22', '2026-11-23')).toEqual(['2026-11-22T17:00 2026-11-22T23:00']);
  });

  it.each<[string, string, string, Clocks, string[]]>([
    ['drops what the clock jumps over', 'Europe/London', '2026-03-29', ['01:00', '02:00'], []],
    [
      'lengthens nothing over a jump',
      'Europe/London',
      '2026-03-29',
      ['00:30', '03:00'],
      ['2026-03-29T00:30 2026-03-29T02:00'],
    ],
    [
      'stays open through the hour that comes twice',
      'Europe/London',
      '2026-10-25',
      ['00:30', '03:00'],
      ['2026-10-24T23:30 2026-10-25T03:00'],
    ],
    ['keeps half hours', 'Asia/Kathmandu', '2026-11-22', ['10:00', '12:00'], ['2026-11-22T04:15 2026-11-22T06:15']],
    [
      'opens with a day that begins at one',
      'America/Santiago',
      '2026-09-06',
      ['00:00', '02:00'],
      ['2026-09-06T04:00 2026-09-06T05:00'],
    ],
    [
      'jumps half an hour',
      'Australia/Lord_Howe',
      '2026-10-04',
      ['01:00', '03:00'],
      ['2026-10-03T14:30 2026-10-03T16:00'],
    ],
    [
      'works on the date line',
      'Pacific/Kiritimati',
      '2026-11-22',
      ['10:00', '12:00'],
      ['2026-11-22T20:00 2026-11-22T22:00'],
    ],
  ])('%s', (_, timeZone, date, clocks, expected) =>
    expect(openOn(salon({ weekly: everyDay(clocks) }), timeZone, date)).toEqual(expected),
  );

  it('has no hours on a day that the zone skips', () => {
    const hours = salon({ dates: dates({ '2011-12-30': [['10:00', '12:00']] }) });
    expect(openOn(hours, 'Pacific/Apia', '2011-12-29', '2012-01-01')).toEqual([]);
  });

  it('takes the hours of a date before those of a season, and a season before the week', () => {
    const hours = salon({
      weekly: everyDay(['09:00', '18:00']),
      seasons: [ramadan],
      dates: dates({ '2026-02-20': [], '2026-02-21': [['10:00', '11:00']] }),
    });
    expect(openOn(hours, 'UTC', '2026-02-17')).toEqual(['2026-02-17T09:00 2026-02-17T18:00']);
    expect(openOn(hours, 'UTC', '2026-02-18')).toEqual([
      '2026-02-18T13:00 2026-02-18T17:00',
      '2026-02-18T21:00 2026-02-19T00:00',
    ]);
    expect(openOn(hours, 'UTC', '2026-02-20')).toEqual([]);
    expect(openOn(hours, 'UTC', '2026-02-21')).toEqual(['2026-02-21T10:00 2026-02-21T11:00']);
    expect(openOn(hours, 'UTC', '2026-03-20')).toEqual(['2026-03-20T09:00 2026-03-20T18:00']);
  });

  it('is closed on a weekday of a season that has no window', () => {
    const hours = salon({
      weekly: everyDay(['09:00', '18:00']),
      seasons: [{ ...ramadan, weekly: on([3], ['13:00', '17:00']) }],
    });
    expect(openOn(hours, 'UTC', '2026-02-18', '2026-02-19')).toEqual(['2026-02-18T13:00 2026-02-18T17:00']);
  });

  it('takes a season between dates before one of a Hijri month, whichever comes first in the list', () => {
    for (const seasons of [
      [ramadan, summer],
      [summer, ramadan],
    ]) {
      const hours = salon({ seasons });
      expect(openOn(hours, 'UTC', '2026-03-05')).toEqual(['2026-03-05T16:00 2026-03-05T22:00']);
      expect(openOn(hours, 'UTC', '2026-03-06')).toHaveLength(2);
    }
  });

  it('pauses for prayer, and only for those that are named', () => {
    const prayerPauses = {
      prayers: ['dhuhr', 'asr'],
      lengthMinutes: 30,
      latitude: 24.7136,
      longitude: 46.6753,
    } as const;
    const hours = salon({ weekly: everyDay(['10:00', '22:00']), prayerPauses });
    // Dhuhr at 11:49, Asr at 14:48; that these are the times is tested beside listPrayerTimes.
    expect(openOn(hours, 'Asia/Riyadh', '2025-12-16')).toEqual([
      '2025-12-16T07:00 2025-12-16T08:49',
      '2025-12-16T09:19 2025-12-16T11:48',
      '2025-12-16T12:18 2025-12-16T19:00',
    ]);
  });

  it('pauses after midnight for a prayer of the evening before', () => {
    // Oslo at midsummer: Isha is 90 minutes after a sunset at 22:44.
    const prayerPauses = { prayers: ['isha'], lengthMinutes: 30, latitude: 59.91, longitude: 10.75 } as const;
    const hours = salon({ weekly: everyDay(['00:00', '02:00']), prayerPauses });
    const [first = '', second = ''] = openOn(hours, 'Europe/Oslo', '2026-06-21');
    expect([first.slice(0, 16), second.slice(17)]).toEqual(['2026-06-20T22:00', '2026-06-21T00:00']);
    expect(Date.parse(`${second.slice(0, 16)}Z`) - Date.parse(`${first.slice(17)}Z`)).toBe(30 * 60_000);
  });
});

describe('toStaffIntervals', () => {
  const house = salon({ weekly: everyDay(['09:00', '18:00']), seasons: [ramadan, summer] });
  const weekdays = staff({ weekly: on([1, 2, 3, 4, 5], ['10:00', '12:00']) });

  it('are the weekly ones outside of seasons', () =>
    expect(worksOn(weekdays, house, '2026-02-16', '2026-02-17')).toEqual([
      '2026-02-16T10:00 2026-02-16T12:00',
      '2026-02-17T10:00 2026-02-17T12:00',
    ]));

  it('are those of the salon in a season without own hours, on the weekdays of the weekly ones', () =>
    // 20 to 23 February: Friday, Saturday, Sunday, Monday.
    expect(worksOn(weekdays, house, '2026-02-20', '2026-02-23')).toEqual([
      '2026-02-20T13:00 2026-02-20T17:00',
      '2026-02-20T21:00 2026-02-21T00:00',
      '2026-02-23T13:00 2026-02-23T17:00',
      '2026-02-23T21:00 2026-02-24T00:00',
    ]));

  it('are the own ones of the season that counts for the salon, be they none', () => {
    const own = staff({
      ...weekdays,
      seasons: new Map([
        ['ramadan', on([6], ['20:00', '23:00'])],
        ['summer', []],
      ]),
    });
    expect(worksOn(own, house, '2026-02-20', '2026-02-23')).toEqual(['2026-02-21T20:00 2026-02-21T23:00']);
    expect(worksOn(own, house, '2026-03-01', '2026-03-05')).toEqual([]);
  });

  it('forget the hours of a season that the salon no longer has', () => {
    const own = staff({ ...weekdays, seasons: new Map([['ramadan', []]]) });
    expect(worksOn(own, salon({}), '2026-02-20')).toEqual(['2026-02-20T10:00 2026-02-20T12:00']);
  });

  it('are those of the date before all others', () => {
    const own = staff({ ...weekdays, dates: dates({ '2026-02-20': [], '2026-02-21': [['08:00', '09:00']] }) });
    expect(worksOn(own, house, '2026-02-20', '2026-02-21')).toEqual(['2026-02-21T08:00 2026-02-21T09:00']);
  });

  it('know nothing of the dates and pauses of the salon', () => {
    const closed = salon({ ...house, dates: dates({ '2026-02-17': [] }) });
    expect(worksOn(weekdays, closed, '2026-02-17')).toEqual(['2026-02-17T10:00 2026-02-17T12:00']);
  });
});
