import type { CalendarResource, CalendarStaff } from './calendar.ts';
import type { FreeItem } from './decide-start.ts';
import { type Interval, mergeIntervals } from './interval.ts';

/** A service at its time with the one who does it and what it takes. */
export interface AssignedItem extends FreeItem {
  readonly staff: CalendarStaff;
  /** One for each need. */
  readonly resources: readonly CalendarResource[];
}

/** A stretch of the time of a staff member or a resource, buffers included. */
export interface Claim extends Interval {
  readonly subject: string;
}

/**
 * What a booking claims, in the order in which every writer takes claims. Services that one person does back to back, or
 * that take one room, share buffers, so their claims are joined: two claims of one booking must not meet each other in
 * the constraint.
 */
export function toClaims(items: readonly Pick<AssignedItem, 'staff' | 'resources' | 'claim'>[]): Claim[] {
  const bySubject = new Map<string, Interval[]>();
  for (const { staff, resources, claim } of items) {
    for (const { id } of [staff, ...resources]) bySubject.set(id, [...(bySubject.get(id) ?? []), claim]);
  }
  const subjects = [...bySubject.keys()].sort();
  return subjects.flatMap((subject) =>
    mergeIntervals(bySubject.get(subject) ?? []).map((span) => ({ subject, ...span })),
  );
}
