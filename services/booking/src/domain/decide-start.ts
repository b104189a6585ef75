import type { CalendarResource, CalendarSalon, CalendarStaff } from './calendar.ts';
import { coversSpan, type Interval, type Intervals, overlapsSpan } from './interval.ts';
import { type DaySegment, dayMinutes, isOnGrid, type LocalDay, minuteMs } from './local-days.ts';
import { listDays, toOpenTimes, toWorkTimes } from './open-times.ts';
import type { VisitItem } from './plan-visit.ts';

/** A visit in a stretch of time, with all that its decisions share worked out once. */
export interface Schedule {
  readonly salon: CalendarSalon;
  readonly items: readonly VisitItem[];
  readonly days: readonly LocalDay[];
  /** Of all days. */
  readonly segments: readonly DaySegment[];
  /** When the salon is open. */
  readonly open: Intervals;
  /** When a staff member works, by their id. */
  readonly working: ReadonlyMap<string, Intervals>;
}

/** A service at its time, and who and what is free for it. */
export interface FreeItem {
  readonly item: VisitItem;
  /** When the customer is there. */
  readonly span: Interval;
  /** The span with the buffers: what is taken of the time of staff and resources. */
  readonly claim: Interval;
  /** Never empty. */
  readonly free: readonly CalendarStaff[];
  /** For each need; none is empty. */
  readonly freeResources: readonly (readonly CalendarResource[])[];
}

/** Which rules do not count for a start. That nobody is claimed twice always counts. */
export interface StartRules {
  /** The hours of salon and staff. */
  readonly ignoresHours?: boolean | undefined;
  /** The minimum notice: it may be in the past. */
  readonly ignoresNotice?: boolean | undefined;
  /** How far ahead the salon takes bookings. */
  readonly ignoresAdvance?: boolean | undefined;
  readonly ignoresGrid?: boolean | undefined;
}

/** What does not count for whom the salon writes down as they come in. */
export const walkInRules: StartRules = { ignoresNotice: true, ignoresGrid: true };

/** What does not count where the salon sets its own rules aside. */
export const overrideRules: StartRules = {
  ignoresHours: true,
  ignoresNotice: true,
  ignoresAdvance: true,
  ignoresGrid: true,
};

export type StartRefusal =
  | 'START_OFF_GRID'
  | 'TOO_SHORT_NOTICE'
  | 'TOO_FAR_AHEAD'
  | 'OUTSIDE_WORKING_HOURS'
  | 'STAFF_OFF'
  | 'SLOT_TAKEN'
  | 'RESOURCE_BUSY';
export type StartDecision = { readonly items: readonly FreeItem[] } | { readonly refusal: StartRefusal };

/** Prepares decisions about starts in `span`. */
export function createSchedule(salon: CalendarSalon, items: readonly VisitItem[], span: Interval): Schedule {
  const lengthMs = items.reduce((sum, { service }) => sum + service.durationMinutes, 0) * minuteMs;
  const days = listDays(salon.timeZone, { from: span.from, to: span.to + lengthMs });
  const working = new Map<string, Intervals>();
  for (const { id, hours } of items.flatMap(({ candidates }) => candidates)) {
    if (!working.has(id)) working.set(id, toWorkTimes(hours, salon.hours, days));
  }
  const segments = days.flatMap((day) => day.segments);
  return { salon, items, days, segments, open: toOpenTimes(salon.hours, days), working };
}

/**
 * Whether the visit can start at the moment. The one answer to that question: what is offered and what is accepted are
 * the same because both ask here. Buffers may lie outside working hours, but not in anybody's claimed time.
 */
export function decideStart(schedule: Schedule, start: number, now: number, rules: StartRules = {}): StartDecision {
  const refusal = refuseMoment(schedule, start, now, rules);
  if (refusal) return { refusal };
  return findFree(schedule, start, rules);
}

/** Why no visit can start at the moment, whatever the hours and whoever is free. */
export function refuseMoment(
  { salon, segments }: Pick<Schedule, 'salon' | 'segments'>,
  start: number,
  now: number,
  rules: StartRules,
): StartRefusal | undefined {
  if (Number.isNaN(start)) return 'START_OFF_GRID';
  if (!rules.ignoresGrid && !isOnGrid(segments, start, salon.slotStepMinutes)) return 'START_OFF_GRID';
  const { from, to } = toBookableSpan(salon, now);
  if (!rules.ignoresNotice && start < from) return 'TOO_SHORT_NOTICE';
  return !rules.ignoresAdvance && start >= to ? 'TOO_FAR_AHEAD' : undefined;
}

/** When a visit can start by the salon's minimum notice and maximum advance. */
export function toBookableSpan(salon: CalendarSalon, now: number): Interval {
  const last = now + salon.maxAdvanceDays * dayMinutes * minuteMs;
  return { from: now + salon.minNoticeMinutes * minuteMs, to: last + 1 };
}

// The refusal of the earliest rule counts, whichever service it is about. The services, and the needs of each, can be
// looked at one by one: where claims of one visit meet on one person or thing they are joined.
function findFree({ items, open, working }: Schedule, start: number, rules: StartRules): StartDecision {
  const placed = placeItems(items, start);
  const visit = { from: start, to: placed.at(-1)?.span.to ?? start };
  if (!rules.ignoresHours && !coversSpan(open, visit)) return { refusal: 'OUTSIDE_WORKING_HOURS' };
  const found: FreeItem[] = [];
  let refusal: StartRefusal | undefined;
  for (const { item, span, claim } of placed) {
    const isPresent = ({ id }: CalendarStaff) => rules.ignoresHours || coversSpan(working.get(id) ?? [], span);
    const present = item.candidates.filter(isPresent);
    if (present.length === 0) return { refusal: 'STAFF_OFF' };
    const isFree = ({ busy }: CalendarStaff | CalendarResource) => !overlapsSpan(busy, claim);
    const free = present.filter(isFree);
    const freeResources = item.needs.map((resources) => resources.filter(isFree));
    if (free.length === 0) refusal = 'SLOT_TAKEN';
    else if (freeResources.some((list) => list.length === 0)) refusal ??= 'RESOURCE_BUSY';
    found.push({ item, span, claim, free, freeResources });
  }
  return refusal ? { refusal } : { items: found };
}

type PlacedItem = Pick<FreeItem, 'item' | 'span' | 'claim'>;

function placeItems(items: readonly VisitItem[], start: number): PlacedItem[] {
  let from = start;
  return items.map((item) => {
    const { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes } = item.service;
    const span = { from, to: from + durationMinutes * minuteMs };
    const claim = { from: span.from - bufferBeforeMinutes * minuteMs, to: span.to + bufferAfterMinutes * minuteMs };
    from = span.to;
    return { item, span, claim };
  });
}
