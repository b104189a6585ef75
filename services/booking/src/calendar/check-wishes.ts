import type { Context } from '../context.ts';
import { listBusy, type Subject } from '../db/list-busy.ts';
import type { Calendar } from '../domain/calendar.ts';
import { type Interval, type Intervals, mergeIntervals } from '../domain/interval.ts';
import { type BookingPlan, type BookingWish, planBooking } from '../domain/plan-booking.ts';
import { withBusy } from './read-calendar.ts';

/** A wish, and in which salon. */
export interface SalonWish extends BookingWish {
  readonly salonId: string;
}

/**
 * Whether each of many wishes can be booked now, in their order: in one statement, whatever their number, as long as the
 * catalogue halves of the salons are kept and not overtaken.
 */
export async function checkWishes(ctx: Context, wishes: readonly SalonWish[]): Promise<BookingPlan[]> {
  const now = ctx.clock.now();
  const halves = await ctx.calendars.getAll(ctx.database, [...new Set(wishes.map(({ salonId }) => salonId))]);
  for (;;) {
    const subjects = withoutTwins(wishes.flatMap((wish) => listSubjects(halves.get(wish.salonId), wish, now)));
    const { versions, busy } = await listBusy(ctx.database, { salonIds: [...halves.keys()], subjects, now });
    const stale = [...halves.values()].filter(({ salon }) => versions.get(salon.id) !== salon.calendarVersion);
    if (stale.length === 0) {
      const bySubject = joinBusy(subjects, busy);
      return wishes.map((wish) => answerWish(halves.get(wish.salonId), wish, { bySubject, now }));
    }
    // Catalogues change at the pace of people's hands: the next round finds them as they are.
    const overtaken = stale.map(({ salon }) => salon.id);
    for (const id of overtaken) halves.delete(id);
    for (const [id, half] of await ctx.calendars.reloadAll(ctx.database, overtaken)) halves.set(id, half);
  }
}

// Whom and what the decision asks about: those who would do were nothing claimed.
function listSubjects(half: Calendar | undefined, wish: SalonWish, now: Date): Subject[] {
  const plan = half && planBooking(half, wish, now.getTime());
  if (!plan || 'refusal' in plan) return [];
  return plan.items.flatMap(({ claim, free, freeResources }) =>
    [...free, ...freeResources.flat()].map(({ id }) => ({ id, span: claim })),
  );
}

function withoutTwins(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((each) => [`${each.id} ${each.span.from} ${each.span.to}`, each])).values()];
}

function joinBusy(subjects: readonly Subject[], busy: readonly Interval[][]): Map<string, Intervals> {
  const found = new Map<string, Interval[]>();
  subjects.forEach(({ id }, index) => {
    found.set(id, [...(found.get(id) ?? []), ...(busy[index] ?? [])]);
  });
  return new Map([...found].map(([id, intervals]) => [id, mergeIntervals(intervals)]));
}

interface Known {
  readonly bySubject: ReadonlyMap<string, Intervals>;
  readonly now: Date;
}

function answerWish(half: Calendar | undefined, wish: SalonWish, { bySubject, now }: Known): BookingPlan {
  if (!half) return { refusal: 'SALON_NOT_BOOKABLE' };
  return planBooking(withBusy(half, bySubject), wish, now.getTime());
}
