import { Temporal } from 'temporal-polyfill';
import type { PrayerPauses, SalonHours, Season, Span, StaffHours } from './hours.ts';
import { listPrayerTimes } from './prayer-times.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

// A slow and obvious way to know when somebody works, for tests to compare the quick one with: it walks through every
// minute and looks at the wall clock.

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What the wall clock of a place shows, minute by minute, over some days around a moment. */
export interface Wall {
  /** The moment of the first minute. */
  readonly from: number;
  readonly minutes: readonly WallMinute[];
  /** The dates, in order, with their weekday. */
  readonly dates: ReadonlyMap<string, number>;
}

export interface WallMinute {
  readonly date: string;
  /** After the local midnight. */
  readonly minute: number;
}

const walls = new Map<string, Wall>();

/** From three days before `origin` to four days after it. */
export function readWall(timeZone: string, origin: number): Wall {
  const key = `${timeZone} ${origin}`;
  const known = walls.get(key);
  if (known) return known;
  const minutes: WallMinute[] = [];
  const dates = new Map<string, number>();
  const from = origin - 3 * dayMs;
  for (let at = from; at < origin + 4 * dayMs; at += minuteMs) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const date = local.toPlainDate().toString();
    minutes.push({ date, minute: local.hour * 60 + local.minute });
    dates.set(date, local.dayOfWeek);
  }
  const wall = { from, minutes, dates };
  walls.set(key, wall);
  return wall;
}

/** For every minute of the wall, 1 where it lies in the hours. */
export type Minutes = Uint8Array;

/** When the salon is open. */
export function findSalonMinutes(hours: SalonHours, wall: Wall): Minutes {
  const open = markSpans(wall, (date, weekday) => {
    const season = findReferenceSeason(hours.seasons, date);
    return hours.dates.get(date) ?? onWeekday(season ? season.weekly : hours.weekly, weekday);
  });
  if (hours.prayerPauses) cutPauses(open, hours.prayerPauses, wall);
  return open;
}

/** When a staff member works, were the salon always open. */
export function findStaffMinutes(hours: StaffHours, salon: SalonHours, wall: Wall): Minutes {
  return markSpans(wall, (date, weekday) => {
    const dated = hours.dates.get(date);
    if (dated) return dated;
    const usual = onWeekday(hours.weekly, weekday);
    const season = findReferenceSeason(salon.seasons, date);
    if (!season) return usual;
    const own = hours.seasons.get(season.key);
    if (own) return onWeekday(own, weekday);
    return usual.length === 0 ? [] : onWeekday(season.weekly, weekday);
  });
}

function onWeekday(weekly: readonly WeeklyWindow[], weekday: number): Span[] {
  return weekly.filter((window) => window.weekday === weekday);
}

function findReferenceSeason(seasons: readonly Season[], date: string): Season | undefined {
  const dated = seasons.filter(({ firstDate = '', lastDate = '' }) => firstDate <= date && date <= lastDate);
  const hijri = seasons.filter(({ hijriMonth }) => hijriMonth === readHijriMonth(date));
  return [...dated, ...hijri][0];
}

const hijri = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura', { month: 'numeric', timeZone: 'UTC' });
const months = new Map<string, number>();

// By the calendar in the runtime, not by the library that the service uses.
function readHijriMonth(date: string): number {
  const month = months.get(date) ?? Number(hijri.format(new Date(`${date}T12:00Z`)));
  months.set(date, month);
  return month;
}

function markSpans(wall: Wall, spansOf: (date: string, weekday: number) => readonly Span[]): Minutes {
  const marked = new Uint8Array(wall.minutes.length);
  for (const [date, weekday] of wall.dates) {
    for (const { opens, closes } of spansOf(date, weekday)) {
      const opensAt = findReached(wall, date, opens);
      marked.fill(1, opensAt, Math.max(opensAt, findReached(wall, date, closes)));
    }
  }
  return marked;
}

const reached = new WeakMap<Wall, Map<string, number>>();

// The first minute of the date at which the clock shows so much or more; if none does, the first of the next date.
function findReached(wall: Wall, date: string, minute: number): number {
  const ofWall = reached.get(wall) ?? new Map<string, number>();
  reached.set(wall, ofWall);
  const key = `${date} ${minute}`;
  const known = ofWall.get(key);
  if (known !== undefined) return known;
  const found = wall.minutes.findIndex((now) => now.date > date || (now.date === date && now.minute >= minute));
  const index = found === -1 ? wall.minutes.length : found;
  ofWall.set(key, index);
  return index;
}

const prayers = new Map<string, ReadonlyMap<string, number>>();

function cutPauses(open: Minutes, pauses: PrayerPauses, wall: Wall): void {
  for (const date of wall.dates.keys()) {
    const key = `${pauses.latitude} ${pauses.longitude} ${date}`;
    const times = prayers.get(key) ?? listPrayerTimes(pauses, date);
    prayers.set(key, times);
    for (const prayer of pauses.prayers) {
      const index = ((times.get(prayer) ?? Number.NaN) - wall.from) / minuteMs;
      if (index >= 0) open.fill(0, index, index + pauses.lengthMinutes);
    }
  }
}
