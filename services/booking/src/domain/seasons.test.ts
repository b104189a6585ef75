import { describe, expect, it } from '@jest/globals';
import { addDays, findInvalidDate, isDate } from './dates.ts';
import { toHijriMonth } from './hijri-month.ts';
import type { Season } from './hours.ts';
import { findInvalidSeason, findSeason } from './seasons.ts';

const between = (key: string, firstDate?: string, lastDate?: string): Season => ({
  key,
  firstDate,
  lastDate,
  weekly: [],
});
const month = (key: string, hijriMonth: number): Season => ({ key, hijriMonth, weekly: [] });

describe('toHijriMonth', () => {
  // First and last days of Ramadan as the Kingdom's Umm al-Qura calendar has them.
  it.each([
    ['2024-03-10', 8],
    ['2024-03-11', 9],
    ['2024-04-09', 9],
    ['2024-04-10', 10],
    ['2025-02-28', 8],
    ['2025-03-01', 9],
    ['2025-03-29', 9],
    ['2025-03-30', 10],
    ['2026-02-17', 8],
    ['2026-02-18', 9],
    ['2026-03-19', 9],
    ['2026-03-20', 10],
  ])('knows that %s is in month %i', (date, expected) => expect(toHijriMonth(date)).toBe(expected));

  it('agrees with the calendar of the runtime on every day from 1400 to 1500', () => {
    const format = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura-nu-latn', { timeZone: 'UTC', month: 'numeric' });
    const odd: string[] = [];
    for (let date = '1979-11-20'; date < '2077-11-17'; date = addDays(date, 1)) {
      if (Number(format.format(Date.parse(date))) !== toHijriMonth(date)) odd.push(date);
    }
    expect(odd).toEqual([]);
  });
});

describe('findSeason', () => {
  const seasons = [
    month('ramadan', 9),
    between('summer', '2026-03-18', '2026-03-21'),
    between('day', '2027-01-01', '2027-01-01'),
  ];

  it.each([
    ['2026-02-17', undefined],
    ['2026-02-18', 'ramadan'],
    ['2027-02-08', 'ramadan'],
    ['2026-03-17', 'ramadan'],
    ['2026-03-18', 'summer'],
    ['2026-03-21', 'summer'],
    ['2026-03-22', undefined],
    ['2027-01-01', 'day'],
  ])('finds that of %s', (date, expected) => expect(findSeason(seasons, date)?.key).toBe(expected));
});

describe('findInvalidSeason', () => {
  it.each<[string, Season[], number]>([
    ['none', [], -1],
    ['two sorts that meet', [month('a', 9), between('b', '2026-02-18', '2026-02-20')], -1],
    ['two that touch', [between('a', '2026-01-01', '2026-01-31'), between('b', '2026-02-01', '2026-02-28')], -1],
    ['two that share a day', [between('a', '2026-01-01', '2026-02-01'), between('b', '2026-02-01', '2026-02-28')], 1],
    ['one around another', [between('a', '2026-01-10', '2026-01-11'), between('b', '2026-01-01', '2026-02-28')], 1],
    ['the same month twice', [month('a', 9), month('c', 8), month('b', 9)], 2],
    ['the same key twice', [month('a', 9), between('a', '2026-01-01', '2026-01-31')], 1],
    ['neither sort', [between('a')], 0],
    ['both sorts', [{ ...month('a', 9), firstDate: '2026-01-01', lastDate: '2026-01-02' }], 0],
    ['half a span', [between('a', '2026-01-01')], 0],
    ['a month and half a span', [{ ...month('a', 9), lastDate: '2026-01-02' }], 0],
    ['an end before the start', [between('a', '2026-01-02', '2026-01-01')], 0],
    ['a day that does not exist', [between('a', '2026-02-01', '2026-02-30')], 0],
  ])('judges %s', (_, seasons, expected) => expect(findInvalidSeason(seasons)).toBe(expected));
});

describe('isDate', () => {
  it.each([
    ['2026-02-28', true],
    ['2028-02-29', true],
    ['0001-01-01', true],
    ['9999-12-31', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['0000-01-01', false],
    ['', false],
  ])('judges %s', (text, expected) => expect(isDate(text)).toBe(expected));

  it('finds the first that does not exist or comes again', () => {
    expect(findInvalidDate(['2026-01-01', '2026-01-02'])).toBe(-1);
    expect(findInvalidDate(['2026-01-01', '2026-02-30', '2026-01-01'])).toBe(1);
    expect(findInvalidDate(['2026-01-02', '2026-01-01', '2026-01-02'])).toBe(2);
  });
});
