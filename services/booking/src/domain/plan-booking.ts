import type { Audience, Calendar, CalendarSalon } from './calendar.ts';
import {
  createSchedule,
  decideStart,
  type FreeItem,
  refuseMoment,
  type StartRefusal,
  type StartRules,
  toBookableSpan,
} from './decide-start.ts';
import { findIntervalAt, type Interval } from './interval.ts';
import { listLocalDays } from './local-days.ts';
import { planVisit, type VisitRefusal, type WantedItem } from './plan-visit.ts';

/** What is to be booked, or moved, and to when. */
export interface BookingWish {
  readonly wanted: readonly WantedItem[];
  /** NaN for a moment that cannot be counted with. */
  readonly startAt: number;
  readonly audience?: Audience | undefined;
  /** See `VisitOptions`. */
  readonly isMove?: boolean | undefined;
  readonly rules?: StartRules | undefined;
}

export interface PlannedVisit {
  /** With everybody and everything that is free as far as the calendar knows. */
  readonly items: readonly FreeItem[];
  /** The local day of the start, in which "any" goes to those who have least to do. */
  readonly day: Interval;
}

export type BookingPlan = PlannedVisit | { readonly refusal: VisitRefusal | StartRefusal };

/** How a wish can be booked, as far as the calendar knows; without claims in it, by hours and rules alone. */
export function planBooking(calendar: Calendar, wish: BookingWish, now: number): BookingPlan {
  const { wanted, startAt, rules } = wish;
  const visit = planVisit(calendar, wanted, wish);
  if ('refusal' in visit) return visit;
  if (Number.isNaN(startAt)) return { refusal: 'START_OFF_GRID' };
  const refusal = refuseFarMoment(calendar.salon, wish, now);
  if (refusal) return { refusal };
  const schedule = createSchedule(calendar.salon, visit.items, { from: startAt, to: startAt + 1 });
  const decision = decideStart(schedule, startAt, now, rules);
  if ('refusal' in decision) return decision;
  const day = findIntervalAt(schedule.days, startAt) ?? { from: startAt, to: startAt + 1 };
  return { items: decision.items, day: { from: day.from, to: day.to } };
}

// Strangers may ask for a hundred days of any century at once, and the hours of a day are most of a decision's cost: a moment
// that no hours can help is judged without them, and nothing is remembered of its day.
function refuseFarMoment(salon: CalendarSalon, { startAt, rules = {} }: BookingWish, now: number) {
  const { from, to } = toBookableSpan(salon, now);
  if (from <= startAt && startAt < to) return undefined;
  const days = listLocalDays(salon.timeZone, { from: startAt, to: startAt + 1 });
  return refuseMoment({ salon, segments: days.flatMap((day) => day.segments) }, startAt, now, rules);
}
