import type { CalendarSalon, CalendarStaff } from './calendar.ts';
import { toSalonIntervals, toStaffIntervals } from './hours.ts';
import { coversSpan, type Interval, type Intervals, intersectIntervals, overlapsSpan } from './interval.ts';
import { type DaySegment, dayMinutes, isOnGrid, type LocalDay, listLocalDays, minuteMs } from './local-days.ts';
import type { VisitItem } from './plan-visit.ts';

/** A visit in a stretch of time, with all that its decisions share worked out once. */
export interface Schedule {
  readonly salon: CalendarSalon;
  readonly items: readonly VisitItem[];
  readonly days: readonly LocalDay[];
  /** Of all days. */
  readonly segments: readonly DaySegment[];
  /** When salon and staff member both work, by the id of the latter. */
  readonly working: ReadonlyMap<string, Intervals>;
}

/** A service at its time, and who is free to do it. */
export interface FreeItem {
  readonly item: VisitItem;
  /** When the customer is there. */
  readonly span: Interval;
  /** The span with the buffers: what is taken from the staff member's time. */
  readonly claim: Interval;
  /** Never empty. */
  readonly free: readonly CalendarStaff[];
}

export type StartRefusal =
  | 'START_OFF_GRID'
  | 'TOO_SHORT_NOTICE'
  | 'TOO_FAR_AHEAD'
  | 'OUTSIDE_WORKING_HOURS'
  | 'STAFF_OFF'
  | 'RESOURCE_BUSY'
  | 'SLOT_TAKEN';
export type StartDecision = { readonly items: readonly FreeItem[] } | { readonly refusal: StartRefusal };

/** Prepares decisions about starts in `span`. */
export function createSchedule(salon: CalendarSalon, items: readonly VisitItem[], span: Interval): Schedule {
  const lengthMs = items.reduce((sum, { service }) => sum + service.durationMinutes, 0) * minuteMs;
  const days = listLocalDays(salon.timeZone, { from: span.from, to: span.to + lengthMs });
  const open = toSalonIntervals(salon.hours, days);
  const working = new Map<string, Intervals>();
  for (const { id, hours } of items.flatMap(({ candidates }) => candidates)) {
    if (!working.has(id)) working.set(id, intersectIntervals(open, toStaffIntervals(hours, salon.hours, days)));
  }
  return { salon, items, days, segments: days.flatMap((day) => day.segments), working };
}

/**
 * Whether the visit can start at the moment. The one answer to that question: what is offered and what is accepted are
 * the same because both ask here. Buffers may lie outside working hours, but not in anybody's claimed time.
 */
export function decideStart(schedule: Schedule, start: number, now: number): StartDecision {
  const { salon, segments } = schedule;
  if (!isOnGrid(segments, start, salon.slotStepMinutes)) return { refusal: 'START_OFF_GRID' };
  if (start < now + salon.minNoticeMinutes * minuteMs) return { refusal: 'TOO_SHORT_NOTICE' };
  if (start > now + salon.maxAdvanceDays * dayMinutes * minuteMs) return { refusal: 'TOO_FAR_AHEAD' };
  return findFreeStaff(schedule, start);
}

function findFreeStaff({ items, working }: Schedule, start: number): StartDecision {
  const placed: FreeItem[] = [];
  let isTaken = false;
  let from = start;
  for (const item of items) {
    const { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes } = item.service;
    const span = { from, to: from + durationMinutes * minuteMs };
    const claim = { from: span.from - bufferBeforeMinutes * minuteMs, to: span.to + bufferAfterMinutes * minuteMs };
    const present = item.candidates.filter(({ id }) => coversSpan(working.get(id) ?? [], span));
    if (present.length === 0) return { refusal: 'OUTSIDE_WORKING_HOURS' };
    const free = present.filter(({ busy }) => !overlapsSpan(busy, claim));
    isTaken ||= free.length === 0;
    placed.push({ item, span, claim, free });
    from = span.to;
  }
  return isTaken ? { refusal: 'SLOT_TAKEN' } : { items: placed };
}
