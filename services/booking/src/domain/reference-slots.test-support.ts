import { Temporal } from 'temporal-polyfill';
import type { CalendarStaff } from './calendar.ts';
import type { Schedule } from './decide-start.ts';
import type { Interval } from './interval.ts';
import { dayMinutes, minuteMs } from './local-days.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

// A slow and obvious way to find free times, for tests to compare the quick one with: it walks every minute and looks at
// the wall clock.

export interface ReferenceStart {
  at: number;
  /** Who is free for the first service. */
  staffIds: string[];
}

interface WallMinute {
  at: number;
  date: string;
  weekday: number;
  minute: number;
}

const walls = new Map<string, WallMinute[]>();

/** What the wall clock shows at every minute from a day before the span to three days after its start. */
function readWall(timeZone: string, from: number): WallMinute[] {
  const key = `${timeZone} ${from}`;
  const known = walls.get(key);
  if (known) return known;
  const wall: WallMinute[] = [];
  for (let at = from - 2 * dayMinutes * minuteMs; at < from + 3 * dayMinutes * minuteMs; at += minuteMs) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const date = local.toPlainDate().toString();
    wall.push({ at, date, weekday: local.dayOfWeek, minute: local.hour * 60 + local.minute });
  }
  walls.set(key, wall);
  return wall;
}

function findOpenMinutes(windows: readonly WeeklyWindow[], wall: readonly WallMinute[]): Set<number> {
  const open = new Set<number>();
  const weekdays = new Map(wall.map(({ date, weekday }) => [date, weekday]));
  for (const [date, weekday] of weekdays) {
    for (const window of windows.filter((each) => each.weekday === weekday)) {
      const isReached = (minute: number) => (now: WallMinute) =>
        now.date > date || (now.date === date && now.minute >= minute);
      const opens = wall.findIndex(isReached(window.opens));
      const closes = wall.findIndex(isReached(window.closes));
      for (const { at } of wall.slice(opens, closes === -1 ? undefined : closes)) open.add(at);
    }
  }
  return open;
}

function* minutesOf({ from, to }: Interval): Generator<number> {
  for (let at = from; at < to; at += minuteMs) yield at;
}

/** Every start in the span, minute by minute. The span is at most a day long. */
export function listReferenceStarts(
  { salon, items }: Pick<Schedule, 'salon' | 'items'>,
  span: Interval,
  now: number,
): ReferenceStart[] {
  const wall = readWall(salon.timeZone, span.from);
  const salonOpen = findOpenMinutes(salon.windows, wall);
  const hours = new Map<string, Set<number>>();
  const isWorking = (staff: CalendarStaff, at: number) => {
    const open = hours.get(staff.id) ?? findOpenMinutes(staff.windows, wall);
    hours.set(staff.id, open);
    return open.has(at) && salonOpen.has(at);
  };
  const isBusy = (staff: CalendarStaff, at: number) => staff.busy.some(({ from, to }) => from <= at && at < to);

  const starts: ReferenceStart[] = [];
  for (const { at, minute } of wall) {
    if (at < span.from || at >= span.to || minute % salon.slotStepMinutes !== 0) continue;
    if (at - now < salon.minNoticeMinutes * minuteMs || at - now > salon.maxAdvanceDays * dayMinutes * minuteMs)
      continue;
    const free: string[][] = [];
    let from = at;
    for (const { service, candidates } of items) {
      const to = from + service.durationMinutes * minuteMs;
      const claim = {
        from: from - service.bufferBeforeMinutes * minuteMs,
        to: to + service.bufferAfterMinutes * minuteMs,
      };
      const able = candidates.filter(
        (staff) =>
          [...minutesOf({ from, to })].every((each) => isWorking(staff, each)) &&
          ![...minutesOf(claim)].some((each) => isBusy(staff, each)),
      );
      free.push(able.map(({ id }) => id));
      from = to;
    }
    if (free.every((each) => each.length > 0)) starts.push({ at, staffIds: free[0] ?? [] });
  }
  return starts;
}
