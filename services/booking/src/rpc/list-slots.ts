import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  ListSlotsResponseSchema,
  type Slot,
  SlotSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { loadCalendar } from '../db/load-calendar.ts';
import { createSchedule } from '../domain/decide-start.ts';
import type { Interval } from '../domain/interval.ts';
import { listStarts, type Start } from '../domain/list-starts.ts';
import { dayMinutes, minuteMs } from '../domain/local-days.ts';
import { planVisit } from '../domain/plan-visit.ts';
import { errors } from '../errors.ts';
import { toMoment, toTimestamp } from '../messages/values.ts';

const longestMs = 31 * dayMinutes * minuteMs;
// No service needs more of a staff member's time before it.
const bufferMarginMs = 2 * 60 * minuteMs;

export function listSlots(ctx: Context): MethodImpl<typeof AvailabilityService.method.listSlots> {
  return async (request) => {
    const span = requireSpan(toMoment(request.from), toMoment(request.to));
    const now = ctx.clock.now();
    const serviceIds = request.serviceIds.map((id) => id.toLowerCase());
    const around = { from: span.from - bufferMarginMs, to: span.to };
    const calendar = await loadCalendar(ctx.database, { salonId: request.salonId, serviceIds, span: around, now });
    if (!calendar) throw errors.notFound();
    const staffId = request.staffId.toLowerCase() || undefined;
    const visit = planVisit(
      calendar,
      serviceIds.map((serviceId) => ({ serviceId, staffId })),
    );
    if ('refusal' in visit) throw errors.notBookable(visit.refusal, calendar.salon);
    const starts = listStarts(createSchedule(calendar.salon, visit.items, span), span, now.getTime());
    return create(ListSlotsResponseSchema, { slots: starts.map(toSlot), timeZone: calendar.salon.timeZone });
  };
}

function requireSpan(from: number | undefined, to: number | undefined): Interval {
  if (from === undefined || to === undefined || from >= to || to - from > longestMs) throw errors.rangeInvalid();
  return { from, to };
}

function toSlot({ at, items }: Start): Slot {
  return create(SlotSchema, {
    startAt: toTimestamp(at),
    endAt: toTimestamp(items.at(-1)?.span.to ?? at),
    staffIds: (items[0]?.free ?? []).map(({ id }) => id),
  });
}
