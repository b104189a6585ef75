import { describe, expect, it } from '@jest/globals';
import type { SalonHours } from './hours.ts';
import { isOpenAt, listDaysAround, toLocalMoment } from './is-open-at.ts';

const berlin = 'Europe/Berlin';
const hours = (opens: number, closes: number): SalonHours => ({
  weekly: [{ weekday: 7, opens, closes }],
  dates: new Map(),
  seasons: [],
});
const isOpen = (iso: string, salon: SalonHours) =>
  isOpenAt(salon, listDaysAround(berlin, Date.parse(iso)), Date.parse(iso));

describe('isOpenAt', () => {
  it('has the first moment of a window, not the last', () => {
    const salon = hours(600, 1_080);
    expect(
      ['08:59:59', '09:00:00', '16:59:59', '17:00:00'].map((time) => isOpen(`2026-11-22T${time}Z`, salon)),
    ).toEqual([false, true, true, false]);
  });

  it('stays open while a clock that is set back shows a time before the opening again', () => {
    // On 25 October 2026 the clock goes from 03:00 back to 02:00. The window opens at 02:30, the first time.
    const salon = hours(150, 240);
    expect(isOpen('2026-10-25T00:29:00Z', salon)).toBe(false);
    expect(isOpen('2026-10-25T01:10:00Z', salon)).toBe(true);
    expect(toLocalMoment(berlin, Date.parse('2026-10-25T01:10:00Z'))).toMatchObject({ weekday: 7, minute: 130 });
  });
});

describe('toLocalMoment', () => {
  it('says what calendar and clock show', () => {
    expect(toLocalMoment('Asia/Kolkata', Date.parse('2026-11-22T20:45:30Z'))).toEqual({
      timeZone: 'Asia/Kolkata',
      date: '2026-11-23',
      weekday: 1,
      minute: 135,
    });
  });
});
