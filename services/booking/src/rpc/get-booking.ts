import type { MethodImpl } from '@connectrpc/connect';
import type { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { findBooking } from '../db/find-booking.ts';
import { findRelation } from '../domain/booking-rights.ts';
import { errors } from '../errors.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';

export function getBooking(ctx: Context): MethodImpl<typeof BookingService.method.getBooking> {
  return async ({ bookingId }, context) => {
    const user = requireUser(context);
    const found = await findBooking(ctx.database, bookingId);
    if (!found || !findRelation(user, found.parties)) throw errors.notFound();
    return toBookingMessage(found.booking);
  };
}
