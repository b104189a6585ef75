import { CalculationMethod, Coordinates, PrayerTimes } from 'adhan';
import { addDays } from './dates.ts';
import { ramadan, toHijriMonth } from './hijri-month.ts';
import type { Prayer, PrayerPauses } from './hours.ts';
import type { Interval } from './interval.ts';
import { type LocalDay, minuteMs } from './local-days.ts';

export interface PrayerPlace {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * When the prayers of a date are, to the minute, by the Umm al-Qura calendar: Fajr at 18.5°, Isha 90 minutes after Maghrib
 * and 120 in Ramadan. On a day on which the sun does not rise, or not set, Dhuhr alone.
 */
export function listPrayerTimes({ latitude, longitude }: PrayerPlace, date: string): ReadonlyMap<Prayer, number> {
  const rules = CalculationMethod.UmmAlQura();
  if (toHijriMonth(date) === ramadan) rules.adjustments.isha = 30;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  // The library reads the date with the process's own zone: noon lies on the date in all of them.
  const noon = new Date(year, month - 1, day, 12);
  const place = new Coordinates(latitude, longitude);
  const { fajr, dhuhr, asr, maghrib, isha } = new PrayerTimes(place, noon, rules);
  // Without a sunset the library goes on calculating, with shadows of a sun that is below the horizon.
  const times = Number.isNaN(maghrib.getTime()) ? { dhuhr } : { fajr, dhuhr, asr, maghrib, isha };
  return new Map(Object.entries(times).map(([prayer, at]) => [prayer as Prayer, at.getTime()]));
}

/** The pauses that may reach into the days: those of a day around them too, for a long evening goes on after midnight. */
export function listPrayerPauses(pauses: PrayerPauses, days: readonly LocalDay[]): Interval[] {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return [];
  const dates = [addDays(first.date, -1), ...days.map(({ date }) => date), addDays(last.date, 1)];
  return dates.flatMap((date) => {
    const times = listPrayerTimes(pauses, date);
    return pauses.prayers.flatMap((prayer) => {
      const from = times.get(prayer);
      return from === undefined ? [] : [{ from, to: from + pauses.lengthMinutes * minuteMs }];
    });
  });
}
