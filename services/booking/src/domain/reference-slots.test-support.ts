import type { Audience, Calendar, CalendarService, CalendarStaff } from './calendar.ts';
import type { StartRefusal, StartRules } from './decide-start.ts';
import type { Interval } from './interval.ts';
import type { VisitRefusal, WantedItem } from './plan-visit.ts';
import {
  findSalonMinutes,
  findStaffMinutes,
  type Minutes,
  readWall,
  type Wall,
} from './reference-hours.test-support.ts';

// A slow and obvious way to decide about times, for tests to compare the quick one with. It knows every rule, and shares no
// code with the other but types.

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface ReferenceWish {
  readonly calendar: Calendar;
  readonly wanted: readonly WantedItem[];
  readonly audience: Audience | undefined;
  readonly now: number;
  /** What is asked about starts within a day after it. */
  readonly origin: number;
}

/** Who and what is free for each service, by id. */
export interface ReferenceItem {
  readonly claim: Interval;
  readonly staff: readonly string[];
  readonly resources: readonly (readonly string[])[];
}

export type ReferenceAnswer = readonly ReferenceItem[] | StartRefusal;

export interface Reference {
  decide(start: number, rules?: StartRules): ReferenceAnswer;
  /** Every minute in the span at which the visit can start. */
  list(span: Interval): { at: number; items: readonly ReferenceItem[] }[];
}

/** Why the visit cannot be at any time, or else decisions about times. */
export function createReference(wish: ReferenceWish): Reference | VisitRefusal {
  const { calendar, wanted, audience } = wish;
  if (!calendar.salon.isPublished) return 'SALON_NOT_BOOKABLE';
  const visit: Visit[] = [];
  for (const { serviceId } of wanted) {
    const service = calendar.services.find((each) => each.id === serviceId);
    if (!service?.isOffered) return 'SERVICE_NOT_OFFERED';
    visit.push({ service, able: [] });
  }
  for (const [index, each] of visit.entries()) {
    each.able = findAble(calendar.staff, each.service, wanted[index] as WantedItem);
    if (each.able.length === 0) return 'STAFF_NOT_AVAILABLE';
  }
  for (const { service } of visit) {
    const barred = audience === 'ladies' ? 'men' : audience === 'men' ? 'ladies' : 'nobody';
    if (calendar.salon.audience === barred || service.audience === barred) return 'AUDIENCE_MISMATCH';
  }
  return toReference(wish, visit);
}

interface Visit {
  readonly service: CalendarService;
  able: CalendarStaff[];
}

function findAble(staff: readonly CalendarStaff[], service: CalendarService, wish: WantedItem): CalendarStaff[] {
  let able = staff.filter((each) => each.serviceIds.includes(service.id));
  if (wish.staffId) able = able.filter((each) => each.id === wish.staffId);
  if (wish.staffGender) able = able.filter((each) => each.gender === wish.staffGender);
  if (service.staffGender) able = able.filter((each) => each.gender === service.staffGender);
  return able;
}

function toReference({ calendar, now, origin }: ReferenceWish, visit: readonly Visit[]): Reference {
  const { salon, resources } = calendar;
  const wall = readWall(salon.timeZone, origin);
  const open = findSalonMinutes(salon.hours, wall);
  const working = new Map(calendar.staff.map((each) => [each.id, findStaffMinutes(each.hours, salon.hours, wall)]));

  function decide(start: number, rules: StartRules = {}): ReferenceAnswer {
    const shown = wall.minutes[(start - wall.from) / minuteMs];
    const isOnGrid = shown !== undefined && shown.minute % salon.slotStepMinutes === 0;
    if (!isOnGrid && !rules.ignoresGrid) return 'START_OFF_GRID';
    if (start - now < salon.minNoticeMinutes * minuteMs && !rules.ignoresNotice) return 'TOO_SHORT_NOTICE';
    if (start - now > salon.maxAdvanceDays * dayMs && !rules.ignoresAdvance) return 'TOO_FAR_AHEAD';
    let from = start;
    const spans = visit.map(({ service }) => {
      const span = { from, to: from + service.durationMinutes * minuteMs };
      from = span.to;
      return span;
    });
    const isAt = (minutes: Minutes | undefined, span: Interval) => rules.ignoresHours || isIn(wall, minutes, span);
    if (!spans.every((span) => isAt(open, span))) return 'OUTSIDE_WORKING_HOURS';
    const present = visit.map(({ able }, n) => able.filter(({ id }) => isAt(working.get(id), spans[n] as Interval)));
    if (present.some((staff) => staff.length === 0)) return 'STAFF_OFF';
    const items = visit.map(({ service }, n) => {
      const claim = {
        from: (spans[n] as Interval).from - service.bufferBeforeMinutes * minuteMs,
        to: (spans[n] as Interval).to + service.bufferAfterMinutes * minuteMs,
      };
      const isFree = ({ busy }: { busy: readonly Interval[] }) =>
        !busy.some((taken) => taken.from < claim.to && claim.from < taken.to);
      return {
        claim,
        staff: (present[n] ?? []).filter(isFree).map(({ id }) => id),
        resources: service.needs.map((need) =>
          resources.filter((each) => need.includes(each.id) && isFree(each)).map(({ id }) => id),
        ),
      };
    });
    if (items.some(({ staff }) => staff.length === 0)) return 'SLOT_TAKEN';
    if (items.some((item) => item.resources.some((free) => free.length === 0))) return 'RESOURCE_BUSY';
    return items;
  }

  function list({ from, to }: Interval) {
    const found = [];
    for (let at = Math.ceil(from / minuteMs) * minuteMs; at < to; at += minuteMs) {
      const items = decide(at);
      if (typeof items !== 'string') found.push({ at, items });
    }
    return found;
  }

  return { decide, list };
}

// Starts between two minutes are looked at with the minutes that they touch.
function isIn(wall: Wall, minutes: Minutes | undefined, { from, to }: Interval): boolean {
  for (let at = Math.floor((from - wall.from) / minuteMs); at < (to - wall.from) / minuteMs; at++) {
    if (minutes?.[at] !== 1) return false;
  }
  return true;
}
