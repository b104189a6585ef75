import { describe, expect, it } from '@jest/globals';
import { addDays } from './dates.ts';
import { ramadan, toHijriMonth } from './hijri-month.ts';
import type { Prayer } from './hours.ts';
import { listLocalDays } from './local-days.ts';
import { listPrayerPauses, listPrayerTimes, type PrayerPlace } from './prayer-times.ts';
import { toReferencePrayers } from './reference-prayers.test-support.ts';

const prayers: Prayer[] = ['fajr', 'dhuhr', 'asr', 'maghrib', 'isha'];
const riyadh = { latitude: 24.7136, longitude: 46.6753 };
const makkah = { latitude: 21.427, longitude: 39.8287 };
const minuteMs = 60_000;

/** By how many minutes each prayer differs from `HH:MM` in Saudi Arabia. */
function toDifferences(place: PrayerPlace, date: string, clocks: readonly string[]): number[] {
  const times = listPrayerTimes(place, date);
  return clocks.map((clock, index) => {
    const published = Date.parse(`${date}T${clock}:00+03:00`);
    return Math.abs((times.get(prayers[index] ?? 'fajr') ?? Number.NaN) - published) / minuteMs;
  });
}

describe('listPrayerTimes', () => {
  // Makkah 2016: ummulqura.org.sa, as batoulapps/adhan quotes it in Shared/Times/Makkah-UmmAlQura.json.
  it.each([
    ['2016-01-05', ['05:39', '12:26', '15:32', '17:53', '19:23']],
    ['2016-03-05', ['05:22', '12:33', '15:55', '18:27', '19:57']],
    ['2016-05-02', ['04:27', '12:18', '15:39', '18:47', '20:17']],
    ['2016-07-08', ['04:18', '12:26', '15:43', '19:07', '20:37']],
    ['2016-09-04', ['04:48', '12:20', '15:45', '18:34', '20:04']],
    ['2016-10-06', ['04:58', '12:09', '15:32', '18:04', '19:34']],
    ['2016-12-04', ['05:24', '12:12', '15:17', '17:38', '19:08']],
  ])('gives those that the Umm al-Qura calendar has for Makkah on %s, to a minute', (date, clocks) =>
    expect(Math.max(...toDifferences(makkah, date, clocks))).toBeLessThanOrEqual(1),
  );

  // Riyadh: prayertimesriyadh.com, "Umm al-Qura University, Makkah, Shafi", read in December 2025.
  it.each([
    ['2025-12-16', ['05:06', '11:48', '14:47', '17:07', '18:37']],
    ['2025-12-19', ['05:08', '11:50', '14:48', '17:08', '18:38']],
    ['2025-12-22', ['05:09', '11:51', '14:50', '17:10', '18:40']],
  ])('gives those that are published for Riyadh on %s, to a minute', (date, clocks) =>
    expect(Math.max(...toDifferences(riyadh, date, clocks))).toBeLessThanOrEqual(1),
  );

  it.each([
    ['Riyadh', riyadh],
    ['Jeddah', { latitude: 21.5, longitude: 39.2 }],
    ['London', { latitude: 51.5, longitude: -0.1 }],
    ['Cape Town', { latitude: -33.9, longitude: 18.4 }],
    ['Honolulu', { latitude: 21.3, longitude: -157.9 }],
  ])('agrees with the plain solar equations in %s through a year, to two minutes', (_, place) => {
    const odd: string[] = [];
    for (let date = '2026-03-20'; date < '2027-02-08'; date = addDays(date, 5)) {
      const times = listPrayerTimes(place, date);
      const expected = toReferencePrayers(place, date);
      for (const prayer of prayers) {
        // Where a summer night is never dark, Fajr is a share of the night.
        if (prayer === 'fajr' && place.latitude > 48) continue;
        const difference = Math.abs((times.get(prayer) ?? 0) - expected[prayer]);
        if (!(difference <= 2 * minuteMs)) odd.push(`${date} ${prayer} ${difference / minuteMs}`);
      }
    }
    expect(odd).toEqual([]);
  });

  it('has Isha two hours after Maghrib in Ramadan, an hour and a half before and after', () => {
    const between = (date: string) => {
      const times = listPrayerTimes(riyadh, date);
      return ((times.get('isha') ?? 0) - (times.get('maghrib') ?? 0)) / minuteMs;
    };
    expect(['2026-02-17', '2026-02-18', '2026-03-19', '2026-03-20'].map(between)).toEqual([90, 120, 120, 90]);
    expect(toHijriMonth('2026-02-18')).toBe(ramadan);
  });

  it('knows Dhuhr alone where the sun does not rise or set, and is nowhere at a loss', () => {
    const tromso = { latitude: 69.65, longitude: 18.96 };
    expect([...listPrayerTimes(tromso, '2026-12-21').keys()]).toEqual(['dhuhr']);
    expect([...listPrayerTimes(tromso, '2026-06-21').keys()]).toEqual(['dhuhr']);
    for (const latitude of [90, -90, 66.5, -66.5]) {
      for (let date = '2026-01-01'; date < '2027-01-01'; date = addDays(date, 7)) {
        const moments = [...listPrayerTimes({ latitude, longitude: 0 }, date).values()];
        expect(moments.every(Number.isSafeInteger)).toBe(true);
      }
    }
  });
});

describe('listPrayerPauses', () => {
  it.each([
    ['Asia/Riyadh', riyadh],
    ['Pacific/Kiritimati', { latitude: 1.87, longitude: -157.4 }],
    ['Pacific/Auckland', { latitude: -36.85, longitude: 174.76 }],
    ['America/Los_Angeles', { latitude: 34.05, longitude: -118.24 }],
  ])('has each prayer of a local day of %s', (timeZone, place) => {
    const noon = Date.parse('2026-11-22T12:00Z');
    const days = listLocalDays(timeZone, { from: noon, to: noon + 1 });
    const [day = { from: 0, to: 0 }] = days;
    const pauses = listPrayerPauses({ ...place, prayers, lengthMinutes: 20 }, days);
    const within = pauses.filter(({ from }) => from >= day.from && from < day.to);
    expect(within).toHaveLength(5);
    expect(within.every(({ from, to }) => to - from === 20 * minuteMs)).toBe(true);
  });

  it('is none for no days', () => {
    expect(listPrayerPauses({ ...riyadh, prayers, lengthMinutes: 20 }, [])).toEqual([]);
  });
});
