import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { managing, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { decideNoShow } from '../domain/decide-no-show.ts';

export function markNoShow(ctx: Context): MethodImpl<typeof BookingService.method.markNoShow> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.markNoShow,
      request,
      allowed: managing,
      decide: ({ booking, now }) => decideNoShow(booking, { now, undoMinutes: ctx.config.noShowUndoMinutes }),
    });
}
