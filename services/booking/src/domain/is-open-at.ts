import { type SalonHours, toSalonIntervals } from './hours.ts';
import { findIntervalAt } from './interval.ts';
import { dayMinutes, type LocalDay, listLocalDays, minuteMs } from './local-days.ts';

/** What calendar and wall clock of a zone show. */
export interface LocalMoment {
  readonly timeZone: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** After midnight. */
  readonly minute: number;
}

/** The local day of the moment and the one before, of which a pause may reach over midnight. */
export function listDaysAround(timeZone: string, moment: number): LocalDay[] {
  return listLocalDays(timeZone, { from: moment - dayMinutes * minuteMs, to: moment + 1 });
}

/** Whether the salon is open at the moment, with seasons, single dates and prayer pauses. */
export function isOpenAt(hours: SalonHours, days: readonly LocalDay[], moment: number): boolean {
  return findIntervalAt(toSalonIntervals(hours, days), moment) !== undefined;
}

/** What clocks of the zone show at the moment. */
export function toLocalMoment(timeZone: string, moment: number): LocalMoment | undefined {
  const day = findIntervalAt(listDaysAround(timeZone, moment), moment);
  const segment = day && findIntervalAt(day.segments, moment);
  if (!day || !segment) return undefined;
  const minute = segment.minute + Math.floor((moment - segment.from) / minuteMs);
  return { timeZone, date: day.date, weekday: day.weekday, minute };
}
