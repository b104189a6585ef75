import { Temporal } from 'temporal-polyfill';
import { findIntervalAt, type Interval } from './interval.ts';

export const minuteMs = 60_000;
export const dayMinutes = 1_440;

/** A stretch of a local day during which its clock runs without a jump. */
export interface DaySegment extends Interval {
  /** What the wall clock shows at `from`, in minutes after midnight. */
  readonly minute: number;
}

/** A calendar day of a time zone. Its segments follow each other without a gap; most days have one. */
export interface LocalDay extends Interval {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly segments: readonly DaySegment[];
}

/** The local days that have a moment in `span`. */
export function listLocalDays(timeZone: string, span: Interval): LocalDay[] {
  const days: LocalDay[] = [];
  let date = Temporal.Instant.fromEpochMilliseconds(span.from).toZonedDateTimeISO(timeZone).toPlainDate();
  let midnight = date.toZonedDateTime(timeZone);
  while (midnight.epochMilliseconds < span.to) {
    const today = { date: date.toString(), weekday: date.dayOfWeek };
    date = date.add({ days: 1 });
    const next = date.toZonedDateTime(timeZone);
    const segments = toSegments(midnight, next);
    // A zone that moves over the date line leaves out a whole day.
    if (next.epochMilliseconds === midnight.epochMilliseconds) continue;
    days.push({ ...today, from: midnight.epochMilliseconds, to: next.epochMilliseconds, segments });
    midnight = next;
  }
  return days;
}

// The polyfill takes long to find a transition: it is asked only on days whose offset changes.
function toSegments(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime): DaySegment[] {
  const day = toSegment(start, end.epochMilliseconds);
  if (start.offsetNanoseconds === end.offsetNanoseconds) return [day];
  const jump = start.getTimeZoneTransition('next');
  // A transition at midnight itself begins the next day.
  if (!jump || jump.epochMilliseconds >= end.epochMilliseconds) return [day];
  return [toSegment(start, jump.epochMilliseconds), toSegment(jump, end.epochMilliseconds)];
}

function toSegment(start: Temporal.ZonedDateTime, to: number): DaySegment {
  return { from: start.epochMilliseconds, to, minute: start.hour * 60 + start.minute };
}

/**
 * The first moment of the day at which its wall clock shows `minute` or more. A time that the clock jumps over is the
 * moment of the jump; of a time that comes twice it is the first.
 */
export function toInstant(day: LocalDay, minute: number): number {
  for (const segment of day.segments) {
    const moment = segment.from + Math.max(0, minute - segment.minute) * minuteMs;
    if (moment < segment.to) return moment;
  }
  return day.to;
}

/** The moments of the day at which the wall clock shows a multiple of `stepMinutes`, in order. */
export function* listGridMoments(day: LocalDay, stepMinutes: number): Generator<number> {
  for (const segment of day.segments) {
    const first = Math.ceil(segment.minute / stepMinutes) * stepMinutes - segment.minute;
    for (let at = segment.from + first * minuteMs; at < segment.to; at += stepMinutes * minuteMs) yield at;
  }
}

/** Whether the wall clock shows a multiple of `stepMinutes` at the moment, to the millisecond. */
export function isOnGrid(segments: readonly DaySegment[], moment: number, stepMinutes: number): boolean {
  const segment = findIntervalAt(segments, moment);
  return segment !== undefined && (segment.minute + (moment - segment.from) / minuteMs) % stepMinutes === 0;
}
