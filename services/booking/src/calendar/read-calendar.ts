import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { listBusy } from '../db/list-busy.ts';
import type { BusyQuery } from '../db/load-calendar.ts';
import type { Calendar, CalendarService } from '../domain/calendar.ts';
import type { Interval, Intervals } from '../domain/interval.ts';
import { minuteMs } from '../domain/local-days.ts';

export interface CalendarQuery {
  readonly salonId: string;
  /** All of the salon's when absent. With repetitions, as often as each is done. */
  readonly serviceIds?: readonly string[] | undefined;
  /** Where starts are looked for; what the services take after it is read too. */
  readonly span: Interval;
  readonly now: Date;
  /** A booking whose own claims count as free. */
  readonly movingBookingId?: string | undefined;
}

/**
 * A salon's calendar for some services, with claims, as it was at one moment: one statement where the catalogue half is
 * kept, two where it has been overtaken or is not kept.
 */
export async function readCalendar(
  ctx: Pick<Context, 'calendars'>,
  on: Queryable,
  query: CalendarQuery,
): Promise<Calendar | undefined> {
  const { salonId, serviceIds, span, now, movingBookingId } = query;
  const half = await ctx.calendars.get(on, salonId);
  if (!half) return undefined;
  const calendar = forServices(half, serviceIds);
  const subjects = toSubjects(calendar).map((id) => ({ id, span: toReach(half, query) }));
  const { versions, busy } = await listBusy(on, { salonIds: [salonId], subjects, now, movingBookingId });
  if (versions.get(salonId) === half.salon.calendarVersion) {
    return withBusy(calendar, new Map(subjects.map(({ id }, index) => [id, busy[index] ?? []])));
  }
  const all: BusyQuery = { span: { from: span.from - longestMs, to: span.to + longestMs }, now, movingBookingId };
  const fresh = await ctx.calendars.reloadBusy(on, salonId, all);
  return fresh && withBusy(forServices(fresh.calendar, serviceIds), fresh.busy);
}

// Ten services of twelve hours, and a buffer of two.
const longestMs = (10 * 12 + 2) * 60 * minuteMs;

/** The calendar with no other services than these, and with those alone who and which they need. */
export function forServices(calendar: Calendar, serviceIds: readonly string[] | undefined): Calendar {
  if (!serviceIds) return calendar;
  const services = calendar.services.filter(({ id }) => serviceIds.includes(id));
  const needed = new Set(services.flatMap(({ needs }) => needs.flat()));
  return {
    salon: calendar.salon,
    services,
    staff: calendar.staff.filter((each) => services.some(({ id }) => each.serviceIds.includes(id))),
    resources: calendar.resources.filter(({ id }) => needed.has(id)),
  };
}

/** Whose claims a calendar needs. */
export function toSubjects({ staff, resources }: Calendar): string[] {
  return [...staff, ...resources].map(({ id }) => id);
}

/** The calendar with claims. */
export function withBusy(calendar: Calendar, busy: ReadonlyMap<string, Intervals>): Calendar {
  const staff = calendar.staff.map((each) => ({ ...each, busy: busy.get(each.id) ?? [] }));
  const resources = calendar.resources.map(({ id }) => ({ id, busy: busy.get(id) ?? [] }));
  return { ...calendar, staff, resources };
}

/** How far the claims reach that starts in `span` depend on. */
function toReach({ services }: Calendar, { serviceIds, span }: CalendarQuery): Interval {
  if (!serviceIds) return { from: span.from - longestMs, to: span.to + longestMs };
  const wanted = serviceIds.flatMap((id) => services.find((each) => each.id === id) ?? []);
  const sum = (pick: (service: CalendarService) => number) => wanted.reduce((all, each) => all + pick(each), 0);
  return {
    from: span.from - sum(({ bufferBeforeMinutes }) => bufferBeforeMinutes) * minuteMs,
    to: span.to + sum(({ durationMinutes, bufferAfterMinutes }) => durationMinutes + bufferAfterMinutes) * minuteMs,
  };
}
