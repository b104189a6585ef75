import type { CalendarSalon } from './calendar.ts';
import { createSchedule, decideStart, type FreeItem, type Schedule, toBookableSpan } from './decide-start.ts';
import { type Interval, type Intervals, intersectIntervals } from './interval.ts';
import { listGridMoments } from './local-days.ts';
import type { VisitItem } from './plan-visit.ts';

/** A moment at which a visit can start. */
export interface Start {
  readonly at: number;
  readonly items: readonly FreeItem[];
}

export interface StartSearch {
  readonly span: Interval;
  readonly now: number;
  readonly limit?: number | undefined;
}

/** Every start of the visit, in order; the first `limit` of them. Of what lies outside of the bookable time no day is looked at. */
export function findStarts(salon: CalendarSalon, items: readonly VisitItem[], search: StartSearch): Start[] {
  const { now, limit } = search;
  const [span] = intersectIntervals([search.span], [toBookableSpan(salon, now)]);
  return span ? listStarts(createSchedule(salon, items, span), span, now, limit) : [];
}

/** Every start in `span`, in order; the first `limit` of them. */
export function listStarts(schedule: Schedule, span: Interval, now: number, limit = Number.POSITIVE_INFINITY): Start[] {
  const starts: Start[] = [];
  for (const at of listMoments(schedule, listHopefulTimes(schedule, span, now))) {
    if (starts.length >= limit) break;
    const decision = decideStart(schedule, at, now);
    if ('items' in decision) starts.push({ at, items: decision.items });
  }
  return starts;
}

// Spares the decisions about all those moments at which no visit can start.
function listHopefulTimes({ salon, open }: Schedule, { from, to }: Interval, now: number): Intervals {
  const bookable = toBookableSpan(salon, now);
  return intersectIntervals(open, [{ from: Math.max(from, bookable.from), to: Math.min(to, bookable.to) }]);
}

function* listMoments({ days, salon }: Schedule, times: Intervals): Generator<number> {
  let index = 0;
  for (const day of days) {
    for (const at of listGridMoments(day, salon.slotStepMinutes)) {
      while (index < times.length && (times[index] as Interval).to <= at) index++;
      const time = times[index];
      if (!time) return;
      if (time.from <= at) yield at;
    }
  }
}
