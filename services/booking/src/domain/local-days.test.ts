import { describe, expect, it } from '@jest/globals';
import { isOnGrid, type LocalDay, listGridMoments, listLocalDays, toInstant } from './local-days.ts';
import { isTimeZone } from './time-zone.ts';
import { areWindowsValid, parseClock, toClock } from './weekly-windows.ts';

const at = (text: string) => Date.parse(text);

function dayOf(timeZone: string, noon: string): LocalDay {
  const [day] = listLocalDays(timeZone, { from: at(noon), to: at(noon) + 1 });
  if (!day) throw new Error('no day');
  return day;
}

const iso = (moment: number) => new Date(moment).toISOString().slice(0, 16);

describe('listLocalDays', () => {
  it.each([
    ['Asia/Riyadh', '2026-11-22T12:00Z', '2026-11-21T21:00', 24, 7],
    ['Asia/Kathmandu', '2026-11-22T12:00Z', '2026-11-21T18:15', 24, 7],
    ['Europe/London', '2026-03-29T12:00Z', '2026-03-29T00:00', 23, 7],
    ['Europe/London', '2026-10-25T12:00Z', '2026-10-24T23:00', 25, 7],
    ['Australia/Lord_Howe', '2026-04-05T02:00Z', '2026-04-04T13:00', 24.5, 7],
    ['America/Santiago', '2026-09-06T15:00Z', '2026-09-06T04:00', 23, 7],
  ])('knows the day of %s at %s', (timeZone, noon, from, hours, weekday) => {
    const day = dayOf(timeZone, noon);
    expect([iso(day.from), (day.to - day.from) / 3_600_000, day.weekday]).toEqual([from, hours, weekday]);
  });

  it('leaves out the day that a zone skips, and names the others', () => {
    const days = listLocalDays('Pacific/Apia', { from: at('2011-12-29T12:00Z'), to: at('2011-12-31T12:00Z') });
    expect(days.map(({ date, weekday, from }) => [date, weekday, iso(from)])).toEqual([
      ['2011-12-29', 4, '2011-12-29T10:00'],
      ['2011-12-31', 6, '2011-12-30T10:00'],
      ['2012-01-01', 7, '2011-12-31T10:00'],
    ]);
  });

  it('gives every day that a span touches', () => {
    const days = listLocalDays('Asia/Riyadh', { from: at('2026-11-22T20:59Z'), to: at('2026-11-23T21:01Z') });
    expect(days.map(({ weekday }) => weekday)).toEqual([7, 1, 2]);
  });
});

describe('toInstant', () => {
  it.each([
    ['before the jump', '2026-03-29T12:00Z', '00:30', '2026-03-29T00:30'],
    ['jumped over, so at the jump', '2026-03-29T12:00Z', '01:30', '2026-03-29T01:00'],
    ['after the jump', '2026-03-29T12:00Z', '02:00', '2026-03-29T01:00'],
    ['the first of two', '2026-10-25T12:00Z', '01:30', '2026-10-25T00:30'],
    ['after both', '2026-10-25T12:00Z', '02:00', '2026-10-25T02:00'],
    ['the end of the day', '2026-10-25T12:00Z', '24:00', '2026-10-26T00:00'],
  ])('finds a London time %s', (_, noon, clock, expected) => {
    expect(iso(toInstant(dayOf('Europe/London', noon), parseClock(clock)))).toBe(expected);
  });
});

describe('the slot grid', () => {
  it('follows the wall clock over a jump', () => {
    const day = dayOf('Australia/Lord_Howe', '2026-10-04T02:00Z');
    const clocks = [...listGridMoments(day, 60)].slice(0, 4).map((moment) => (moment - day.from) / 60_000);
    // 02:00 becomes 02:30: the next full hour of the wall clock comes half an hour later.
    expect(clocks).toEqual([0, 60, 150, 210]);
  });

  it('is met to the millisecond', () => {
    const { segments } = dayOf('Asia/Kathmandu', '2026-11-22T12:00Z');
    const start = at('2026-11-22T03:15Z');
    expect([0, 0.5, 1, 60_000].map((more) => isOnGrid(segments, start + more, 15))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(isOnGrid(segments, at('2026-11-25T03:15Z'), 15)).toBe(false);
  });
});

describe('areWindowsValid', () => {
  it.each([
    [
      'several a day that touch',
      [
        [1, 0, 60],
        [1, 60, 1_440],
      ],
      true,
    ],
    [
      'the same time on two days',
      [
        [1, 0, 60],
        [2, 0, 60],
      ],
      true,
    ],
    [
      'an overlap',
      [
        [1, 0, 61],
        [1, 60, 90],
      ],
      false,
    ],
    [
      'the same twice',
      [
        [1, 0, 60],
        [1, 0, 60],
      ],
      false,
    ],
    ['an end before the start', [[1, 60, 30]], false],
    ['no length', [[1, 60, 60]], false],
  ])('judges %s', (_, windows, expected) => {
    const all = windows.map(([weekday = 0, opens = 0, closes = 0]) => ({ weekday, opens, closes }));
    expect(areWindowsValid(all)).toBe(expected);
  });

  it('reads and writes 24:00', () => {
    expect([parseClock('24:00'), parseClock('09:05'), toClock(1_440), toClock(545)]).toEqual([
      1_440,
      545,
      '24:00',
      '09:05',
    ]);
  });
});

describe('isTimeZone', () => {
  it.each([
    ['Asia/Riyadh', true],
    ['America/Argentina/Buenos_Aires', true],
    ['UTC', true],
    ['Etc/GMT+3', true],
    ['+03:00', false],
    ['EST', false],
    ['Asia/Atlantis', false],
    ['../etc/passwd', false],
    ['', false],
  ])('judges %s', (text, expected) => expect(isTimeZone(text)).toBe(expected));
});
