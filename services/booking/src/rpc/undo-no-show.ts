import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { managing, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { decideNoShowUndo } from '../domain/decide-no-show.ts';

export function undoNoShow(ctx: Context): MethodImpl<typeof BookingService.method.undoNoShow> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.undoNoShow,
      request,
      allowed: managing,
      decide: ({ booking, now }) => decideNoShowUndo(booking, now),
    });
}
