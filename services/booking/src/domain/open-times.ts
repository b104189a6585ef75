import { type SalonHours, type StaffHours, toSalonIntervals, toStaffIntervals } from './hours.ts';
import { type Interval, type Intervals, mergeIntervals } from './interval.ts';
import { dayMinutes, type LocalDay, listLocalDays, minuteMs } from './local-days.ts';

// Time zones, seasons and prayers take a hundred times longer than all the rest of a decision, and the same days are asked
// for all the time: what they give is remembered, for as long as the hours that it was made of are kept.

const chunkMs = 16 * dayMinutes * minuteMs;
const mostChunks = 1_000;
const chunks = new Map<string, readonly LocalDay[]>();

/** The local days that have a moment in `span`. */
export function listDays(timeZone: string, { from, to }: Interval): LocalDay[] {
  const days: LocalDay[] = [];
  // No day is longer than two.
  const first = Math.floor((from - 2 * dayMinutes * minuteMs) / chunkMs);
  for (let number = first; number * chunkMs < to; number++) {
    for (const day of listChunk(timeZone, number)) if (from < day.to && day.from < to) days.push(day);
  }
  return days;
}

// The days that begin in the chunk.
function listChunk(timeZone: string, number: number): readonly LocalDay[] {
  const key = `${timeZone} ${number}`;
  const known = chunks.get(key);
  if (known) return known;
  const span = { from: number * chunkMs, to: (number + 1) * chunkMs };
  const days = listLocalDays(timeZone, span).filter(({ from }) => from >= span.from);
  if (chunks.size >= mostChunks) chunks.clear();
  chunks.set(key, days);
  return days;
}

/** When the salon is open during the days. */
export function toOpenTimes(hours: SalonHours, days: readonly LocalDay[]): Interval[] {
  const known = rememberedOf(hours, hours);
  return mergeIntervals(days.flatMap((day) => remember(known, day, () => toSalonIntervals(hours, [day]))));
}

/** When a staff member works during the days, were the salon always open. */
export function toWorkTimes(hours: StaffHours, salon: SalonHours, days: readonly LocalDay[]): Interval[] {
  const known = rememberedOf(salon, hours);
  return mergeIntervals(days.flatMap((day) => remember(known, day, () => toStaffIntervals(hours, salon, [day]))));
}

/** By the start of the day. */
type Remembered = Map<number, Intervals>;

// As many as the longest list of free times looks at, and some.
const mostDays = 40;
const remembered = new WeakMap<SalonHours, Map<SalonHours | StaffHours, Remembered>>();

function rememberedOf(salon: SalonHours, hours: SalonHours | StaffHours): Remembered {
  const ofSalon = remembered.get(salon) ?? new Map<SalonHours | StaffHours, Remembered>();
  remembered.set(salon, ofSalon);
  const known = ofSalon.get(hours) ?? new Map<number, Intervals>();
  ofSalon.set(hours, known);
  return known;
}

function remember(known: Remembered, day: LocalDay, find: () => Intervals): Intervals {
  const found = known.get(day.from) ?? find();
  if (known.size >= mostDays && !known.has(day.from)) known.clear();
  known.set(day.from, found);
  return found;
}
