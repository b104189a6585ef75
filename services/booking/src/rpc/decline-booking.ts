import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { managing, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { decideDecline } from '../domain/decide-approval.ts';

export function declineBooking(ctx: Context): MethodImpl<typeof BookingService.method.declineBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.declineBooking,
      request,
      allowed: managing,
      decide: ({ booking, now }) => decideDecline(booking, { now, reason: request.reason, isByDeadline: false }),
    });
}
