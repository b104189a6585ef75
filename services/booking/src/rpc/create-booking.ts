import type { HandlerContext, MethodImpl } from '@connectrpc/connect';
import { type Booking as BookingMessage, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingService, type CreateBookingRequest } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { callerOf, type Queryable, requireUser, runIdempotent } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { type BookingWish, bookTime } from '../booking/book-time.ts';
import type { Context } from '../context.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';
import { toMoment } from '../messages/values.ts';

export function createBooking(ctx: Context): MethodImpl<typeof BookingService.method.createBooking> {
  return async (request, context) => {
    const wish = toWish(request, requireUser(context).userId);
    const answer = await runOnce(ctx, { context, request }, async (on) =>
      toBookingMessage(await bookTime(ctx, on, wish)),
    );
    ctx.relay.wake();
    return answer;
  };
}

// Without a key the one statement that writes a booking is its whole transaction.
function runOnce(
  ctx: Context,
  { context, request }: { context: HandlerContext; request: CreateBookingRequest },
  effect: (on: Queryable) => Promise<BookingMessage>,
): Promise<BookingMessage> {
  if (callerOf(context).idempotencyKey === undefined) return effect(ctx.database);
  const call = { method: BookingService.method.createBooking, request, response: BookingSchema };
  return runIdempotent(ctx.database, context, call, effect);
}

function toWish(request: CreateBookingRequest, customerId: string): BookingWish {
  return {
    id: request.bookingId.toLowerCase() || uuidv7(),
    isOwnId: request.bookingId !== '',
    customerId,
    salonId: request.salonId.toLowerCase(),
    // A moment that cannot be counted with is on no grid.
    startAt: toMoment(request.startAt) ?? Number.NaN,
    customerNote: request.customerNote,
    wanted: request.items.map(({ serviceId, staffId }) => ({
      serviceId: serviceId.toLowerCase(),
      staffId: staffId.toLowerCase() || undefined,
    })),
  };
}
