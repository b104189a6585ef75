import type { MethodImpl } from '@connectrpc/connect';
import {
  BookingService,
  type RescheduleBookingRequest,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { type MovableBooking, managing, moveBooking, owning } from '../booking/move-booking.ts';
import { reschedule } from '../booking/reschedule.ts';
import type { Context } from '../context.ts';
import type { MoveDecision } from '../domain/advance-booking.ts';
import { refuseReschedule } from '../domain/decide-reschedule.ts';
import type { MoveWish } from '../domain/plan-move.ts';
import { errors } from '../errors.ts';
import { toMoment } from '../messages/values.ts';

export function rescheduleBooking(ctx: Context): MethodImpl<typeof BookingService.method.rescheduleBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.rescheduleBooking,
      ...{ request, allowed: request.override ? managing : owning, isOverridden: request.override },
      decide: (seen) => moveTo(ctx, seen, request),
    });
}

function moveTo(
  ctx: Context,
  seen: MovableBooking,
  request: RescheduleBookingRequest,
): MoveDecision | Promise<MoveDecision> {
  const { booking, by, now } = seen;
  if (request.override && request.reason.trim() === '') throw errors.overrideReasonRequired('reason');
  const { staffIds } = request;
  if (staffIds.length > 0 && staffIds.length !== booking.items.length) throw errors.staffIdsInvalid();
  const refusal = refuseReschedule(booking, { by, now });
  return refusal ? { refusal } : reschedule(ctx, seen, toWish(request, by !== 'customer'));
}

function toWish({ startAt, staffIds, override }: RescheduleBookingRequest, isBySalon: boolean): MoveWish {
  return {
    // A moment that cannot be counted with is on no grid.
    startAt: toMoment(startAt) ?? Number.NaN,
    staffIds: staffIds.length === 0 ? undefined : staffIds.map((id) => id.toLowerCase() || undefined),
    isOverride: override,
    isBySalon,
  };
}
