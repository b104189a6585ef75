import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type BookingService,
  ListBookingChangesResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import { managing, requireActing } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { listBookingChanges as readChanges } from '../db/booking-changes.ts';
import { findBooking } from '../db/find-booking.ts';
import { toChangeMessage } from '../messages/to-change-message.ts';

export function listBookingChanges(ctx: Context): MethodImpl<typeof BookingService.method.listBookingChanges> {
  return async ({ bookingId }, context) => {
    const { booking } = requireActing(await findBooking(ctx.database, bookingId), requireUser(context), managing);
    const changes = await readChanges(ctx.database, booking.id);
    return create(ListBookingChangesResponseSchema, { changes: changes.map(toChangeMessage) });
  };
}
