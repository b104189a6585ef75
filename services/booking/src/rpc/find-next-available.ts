import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  type FindNextAvailableRequest,
  FindNextAvailableResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { readCalendar } from '../calendar/read-calendar.ts';
import type { Context } from '../context.ts';
import type { Calendar } from '../domain/calendar.ts';
import { toBookableSpan } from '../domain/decide-start.ts';
import type { Interval } from '../domain/interval.ts';
import { findStarts, type Start } from '../domain/list-starts.ts';
import { dayMinutes, minuteMs } from '../domain/local-days.ts';
import { planVisit } from '../domain/plan-visit.ts';
import { errors } from '../errors.ts';
import { audience } from '../messages/enums.ts';
import { toSlotMessage } from '../messages/to-slot-message.ts';
import { toMoment } from '../messages/values.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';
import { toWanted } from './list-slots.ts';

// Most calendars have something free within two days; of a full one ever longer stretches are read.
const firstStepMs = 2 * dayMinutes * minuteMs;
const longestStepMs = 31 * dayMinutes * minuteMs;

export function findNextAvailable(ctx: Context): MethodImpl<typeof AvailabilityService.method.findNextAvailable> {
  return async (request, context) => {
    const now = ctx.clock.now();
    const limit = request.count || 1;
    const starts: Start[] = [];
    let from = toFirstMoment(request, now.getTime());
    for (let stepMs = firstStepMs; ; stepMs = Math.min(2 * stepMs, longestStepMs)) {
      const span = { from, to: from + stepMs };
      const calendar = await requireCalendar(ctx, request, { span, now });
      // Strangers are not told that there is a draft.
      if (!calendar.salon.isPublished) await requireVisibleSalon(ctx, context, calendar.salon.id);
      starts.push(...listFirst(calendar, request, { span, now, limit: limit - starts.length }));
      from = span.to;
      if (starts.length >= limit || from >= toBookableSpan(calendar.salon, now.getTime()).to) {
        const slots = starts.map(toSlotMessage);
        return create(FindNextAvailableResponseSchema, { slots, timeZone: calendar.salon.timeZone });
      }
    }
  };
}

// No salon takes bookings so far ahead; a moment that cannot be counted with lies further still.
const farthestMs = 400 * dayMinutes * minuteMs;

function toFirstMoment({ from }: FindNextAvailableRequest, now: number): number {
  const farthest = now + farthestMs;
  return from ? Math.min(Math.max(toMoment(from) ?? farthest, now), farthest) : now;
}

interface Step {
  readonly span: Interval;
  readonly now: Date;
}

async function requireCalendar(ctx: Context, request: FindNextAvailableRequest, step: Step): Promise<Calendar> {
  const serviceIds = request.serviceIds.map((id) => id.toLowerCase());
  const calendar = await readCalendar(ctx, ctx.database, {
    ...step,
    salonId: request.salonId.toLowerCase(),
    serviceIds,
  });
  if (!calendar) throw errors.notFound();
  return calendar;
}

function listFirst(
  calendar: Calendar,
  request: FindNextAvailableRequest,
  { span, now, limit }: Step & { readonly limit: number },
): Start[] {
  const visit = planVisit(calendar, toWanted(request), { audience: audience.toWord(request.audience) });
  if ('refusal' in visit) throw errors.notBookable(visit.refusal, calendar.salon);
  return findStarts(calendar.salon, visit.items, { span, now: now.getTime(), limit });
}
