import { decideStart, type FreeItem, type Schedule } from './decide-start.ts';
import type { Interval } from './interval.ts';
import { listGridMoments } from './local-days.ts';

/** A moment at which a visit can start. */
export interface Start {
  readonly at: number;
  readonly items: readonly FreeItem[];
}

/** Every start in `span`, in order. */
export function listStarts(schedule: Schedule, span: Interval, now: number): Start[] {
  const starts: Start[] = [];
  for (const at of listMoments(schedule, span)) {
    const decision = decideStart(schedule, at, now);
    if ('items' in decision) starts.push({ at, items: decision.items });
  }
  return starts;
}

function* listMoments({ days, salon }: Schedule, { from, to }: Interval): Generator<number> {
  for (const day of days) {
    for (const at of listGridMoments(day, salon.slotStepMinutes)) if (from <= at && at < to) yield at;
  }
}
