import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { attending, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { decideCheckIn } from '../domain/decide-attendance.ts';

export function checkInBooking(ctx: Context): MethodImpl<typeof BookingService.method.checkInBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.checkInBooking,
      request,
      allowed: attending,
      decide: ({ booking, now }) => decideCheckIn(booking, now),
    });
}
