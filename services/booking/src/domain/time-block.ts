import type { Interval } from './interval.ts';
import { dayMinutes, minuteMs } from './local-days.ts';

export type TimeBlockKind = 'time_off' | 'block';

/** Whose time is blocked: one of both. */
export interface BlockSubject {
  readonly staffId?: string | undefined;
  readonly resourceId?: string | undefined;
}

/** A stretch of time of a staff member or a resource that cannot be booked. */
export interface TimeBlock extends BlockSubject {
  readonly id: string;
  readonly salonId: string;
  readonly kind: TimeBlockKind;
  readonly startAt: Date;
  readonly endAt: Date;
  readonly reason: string;
  /** The user who made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

export const longestBlockMs = 400 * dayMinutes * minuteMs;

/** Whether time can be blocked so: it has a length, not above the limit, and is not past; it may have begun. */
export function isBlockable({ from, to }: Interval, now: Date): boolean {
  return from < to && to - from <= longestBlockMs && to > now.getTime();
}
