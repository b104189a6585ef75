import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type BookingInternalService,
  GetBookingStateResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Context } from '../context.ts';
import type { BookingState } from '../domain/booking-state.ts';
import { errors } from '../errors.ts';
import { bookingState } from '../messages/enums.ts';

export function getBookingState(ctx: Context): MethodImpl<typeof BookingInternalService.method.getBookingState> {
  return async ({ bookingId }) => {
    const { rows } = await ctx.database.query<{ state: BookingState; version: bigint }>({
      name: 'booking.state',
      text: 'SELECT state, version FROM bookings WHERE id = $1',
      values: [bookingId],
    });
    const [row] = rows;
    if (!row) throw errors.notFound();
    return create(GetBookingStateResponseSchema, { state: bookingState.toEnum(row.state), version: row.version });
  };
}
