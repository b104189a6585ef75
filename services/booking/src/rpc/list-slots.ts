import { create } from '@bufbuild/protobuf';
import type { HandlerContext, MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  type ListSlotsRequest,
  ListSlotsResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { readCalendar } from '../calendar/read-calendar.ts';
import type { Context } from '../context.ts';
import { findBooking } from '../db/find-booking.ts';
import type { Booking } from '../domain/booking.ts';
import { findActing } from '../domain/booking-rights.ts';
import type { Interval } from '../domain/interval.ts';
import { findStarts } from '../domain/list-starts.ts';
import { dayMinutes, minuteMs } from '../domain/local-days.ts';
import { planVisit, type WantedItem } from '../domain/plan-visit.ts';
import { errors } from '../errors.ts';
import { audience, gender } from '../messages/enums.ts';
import { toSlotMessage } from '../messages/to-slot-message.ts';
import { toMoment } from '../messages/values.ts';
import { findUser } from '../rights/find-user.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

const longestMs = 31 * dayMinutes * minuteMs;

export function listSlots(ctx: Context): MethodImpl<typeof AvailabilityService.method.listSlots> {
  return async (request, context) => {
    const span = requireSpan(toMoment(request.from), toMoment(request.to));
    const now = ctx.clock.now();
    const wanted = toWanted(request);
    const moving = request.movingBookingId ? await requireMoving(ctx, request, context) : undefined;
    const calendar = await readCalendar(ctx, ctx.database, {
      salonId: request.salonId.toLowerCase(),
      serviceIds: wanted.map(({ serviceId }) => serviceId),
      span,
      now,
      movingBookingId: moving?.id,
    });
    if (!calendar) throw errors.notFound();
    // Strangers are not told that there is a draft.
    if (!calendar.salon.isPublished) await requireVisibleSalon(ctx, context, calendar.salon.id);
    const isMove = moving && wanted.every((wish) => moving.items.some((item) => item.serviceId === wish.serviceId));
    const visit = planVisit(calendar, wanted, { audience: audience.toWord(request.audience), isMove });
    if ('refusal' in visit) throw errors.notBookable(visit.refusal, calendar.salon);
    const starts = findStarts(calendar.salon, visit.items, { span, now: now.getTime() });
    return create(ListSlotsResponseSchema, { slots: starts.map(toSlotMessage), timeZone: calendar.salon.timeZone });
  };
}

function requireSpan(from: number | undefined, to: number | undefined): Interval {
  if (from === undefined || to === undefined || from >= to || to - from > longestMs) throw errors.rangeInvalid();
  return { from, to };
}

/** The services that are asked for in one row, all of the same people. */
export function toWanted(
  request: Pick<ListSlotsRequest, 'serviceIds' | 'staffId' | 'staffGender'>,
): readonly WantedItem[] {
  const staffId = request.staffId.toLowerCase() || undefined;
  const staffGender = gender.toWord(request.staffGender);
  return request.serviceIds.map((serviceId) => ({ serviceId: serviceId.toLowerCase(), staffId, staffGender }));
}

// Others learn nothing of a booking, not even by what becomes free without it.
async function requireMoving(ctx: Context, request: ListSlotsRequest, context: HandlerContext): Promise<Booking> {
  const user = findUser(context);
  const found = user && (await findBooking(ctx.database, request.movingBookingId));
  if (!found || !findActing(user, found.parties, ['customer', 'manager', 'admin'])) throw errors.notFound();
  if (found.booking.salonId !== request.salonId.toLowerCase()) throw errors.notFound();
  return found.booking;
}
