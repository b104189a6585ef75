import type { CalendarStaff } from './calendar.ts';
import type { FreeItem } from './decide-start.ts';
import { type Interval, mergeIntervals } from './interval.ts';

/** A service at its time with the one who does it. */
export interface AssignedItem extends FreeItem {
  readonly staff: CalendarStaff;
}

/** A stretch of one staff member's time, buffers included. */
export interface Claim extends Interval {
  readonly subject: string;
}

/**
 * Chooses who does what: of those who are free, who has the fewest appointments in `day`; of equals, who is with the
 * customer already, else the first.
 */
export function chooseStaff(items: readonly FreeItem[], day: Interval): AssignedItem[] {
  const chosen: AssignedItem[] = [];
  for (const each of items) {
    const previous = chosen.at(-1)?.staff.id;
    const rank = (staff: CalendarStaff) => countOn(day, staff) * 2 + (staff.id === previous ? 0 : 1);
    const staff = each.free.reduce((best, next) => (rank(next) < rank(best) ? next : best));
    chosen.push({ ...each, staff });
  }
  return chosen;
}

function countOn({ from, to }: Interval, { busy }: CalendarStaff): number {
  return busy.filter((each) => from <= each.from && each.from < to).length;
}

/**
 * What a booking claims, in the order in which every writer takes claims. Services that one person does back to back
 * share buffers, so their claims are joined: two claims of one booking must not meet each other in the constraint.
 */
export function toClaims(items: readonly AssignedItem[]): Claim[] {
  const bySubject = new Map<string, Interval[]>();
  for (const { staff, claim } of items) bySubject.set(staff.id, [...(bySubject.get(staff.id) ?? []), claim]);
  const subjects = [...bySubject.keys()].sort();
  return subjects.flatMap((subject) =>
    mergeIntervals(bySubject.get(subject) ?? []).map((span) => ({ subject, ...span })),
  );
}
