import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { attending, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { decideCompletion } from '../domain/decide-attendance.ts';

export function completeBooking(ctx: Context): MethodImpl<typeof BookingService.method.completeBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.completeBooking,
      request,
      allowed: attending,
      decide: ({ booking, now }) => decideCompletion(booking, now),
    });
}
