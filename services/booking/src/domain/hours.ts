import { type Interval, mergeIntervals, subtractIntervals } from './interval.ts';
import { type LocalDay, toInstant } from './local-days.ts';
import { listPrayerPauses } from './prayer-times.ts';
import { findSeason } from './seasons.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

/** A span of a day, in minutes after the local midnight. */
export interface Span {
  readonly opens: number;
  /** Up to 1440, midnight at the end of the day. */
  readonly closes: number;
}

/** Hours of single dates (`YYYY-MM-DD`), in place of all others; no spans means closed. */
export type DatedHours = ReadonlyMap<string, readonly Span[]>;

/** Prayers at which a salon may pause. */
export type Prayer = 'fajr' | 'dhuhr' | 'asr' | 'maghrib' | 'isha';

/** When a salon pauses, by the times of the Umm al-Qura calendar at its place. */
export interface PrayerPauses {
  readonly prayers: readonly Prayer[];
  readonly lengthMinutes: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** A stretch of the year with hours of its own: between two dates, or in a Hijri month of every year. */
export interface Season {
  readonly key: string;
  /** `YYYY-MM-DD`, with `lastDate`. */
  readonly firstDate?: string | undefined;
  readonly lastDate?: string | undefined;
  /** 1 to 12, Umm al-Qura. */
  readonly hijriMonth?: number | undefined;
  readonly weekly: readonly WeeklyWindow[];
}

/** A date's own hours count before a season's, a season's before the weekly ones. */
export interface SalonHours {
  readonly weekly: readonly WeeklyWindow[];
  readonly dates: DatedHours;
  readonly seasons: readonly Season[];
  readonly prayerPauses?: PrayerPauses | undefined;
}

/** As for the salon; in a season without own hours somebody works the salon's, on the weekdays of their weekly ones. */
export interface StaffHours {
  readonly weekly: readonly WeeklyWindow[];
  readonly dates: DatedHours;
  /** Own hours, by the salon's key of the season. */
  readonly seasons: ReadonlyMap<string, readonly WeeklyWindow[]>;
}

/** When the salon is open during the days. */
export function toSalonIntervals(hours: SalonHours, days: readonly LocalDay[]): Interval[] {
  const open = toIntervals(days, ({ date, weekday }) => {
    const weekly = findSeason(hours.seasons, date)?.weekly ?? hours.weekly;
    return hours.dates.get(date) ?? toSpans(weekly, weekday);
  });
  return hours.prayerPauses ? subtractIntervals(open, listPrayerPauses(hours.prayerPauses, days)) : open;
}

/** When a staff member works during the days, were the salon always open. */
export function toStaffIntervals(hours: StaffHours, salon: SalonHours, days: readonly LocalDay[]): Interval[] {
  return toIntervals(days, ({ date, weekday }) => {
    const usual = toSpans(hours.weekly, weekday);
    const season = findSeason(salon.seasons, date);
    return hours.dates.get(date) ?? (season ? toSeasonalSpans(hours, season, { weekday, usual }) : usual);
  });
}

function toSeasonalSpans(
  hours: StaffHours,
  season: Season,
  { weekday, usual }: { weekday: number; usual: readonly Span[] },
): readonly Span[] {
  const own = hours.seasons.get(season.key);
  if (own) return toSpans(own, weekday);
  return usual.length > 0 ? toSpans(season.weekly, weekday) : [];
}

function toSpans(weekly: readonly WeeklyWindow[], weekday: number): readonly Span[] {
  return weekly.filter((window) => window.weekday === weekday);
}

// Spans that meet, at midnight too, become one.
function toIntervals(days: readonly LocalDay[], spansOf: (day: LocalDay) => readonly Span[]): Interval[] {
  const intervals = days.flatMap((day) =>
    spansOf(day).map(({ opens, closes }) => ({ from: toInstant(day, opens), to: toInstant(day, closes) })),
  );
  return mergeIntervals(intervals);
}
