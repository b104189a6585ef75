import type { HandlerContext, MethodImpl } from '@connectrpc/connect';
import { type Booking as BookingMessage, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingService, type CreateBookingRequest } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { callerOf, findAnswer, reasonOf, replayAnswer, requireUser, toIdempotencyKey } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { type BookingOrder, type BookingResult, bookTime } from '../booking/book-time.ts';
import { requireEntry } from '../booking/require-entry.ts';
import type { Context } from '../context.ts';
import { audience, bookingSource, gender } from '../messages/enums.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';
import { toCustomer } from '../messages/to-customer.ts';
import { toMoment } from '../messages/values.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

const method = BookingService.method.createBooking;

export function createBooking(ctx: Context): MethodImpl<typeof method> {
  return async (request, context) => {
    const order = await toOrder(ctx, context, request);
    const result = await bookTime(ctx, order);
    if (result.outcome !== 'booked') return answerAnew(ctx, context, { order, result });
    ctx.relay.wake();
    return toBookingMessage(result.booking);
  };
}

interface Unbooked {
  readonly order: BookingOrder;
  readonly result: Exclude<BookingResult, { outcome: 'booked' }>;
}

/** The answer that an earlier call with the key got, else the refusal. */
async function answerAnew(
  ctx: Context,
  context: HandlerContext,
  { order: { key, salonId }, result }: Unbooked,
): Promise<BookingMessage> {
  const answer = { context, schema: BookingSchema };
  if (result.outcome === 'key_known') {
    if (!key) throw new Error('no key was given that can be known');
    return replayAnswer(ctx.database, key, answer);
  }
  // Decided without a look at the keys: what was booked then may not be bookable now.
  const found = key && !result.isKeyNew ? await findAnswer(ctx.database, key, answer) : undefined;
  if (found) return found;
  if (reasonOf(result.refusal) === 'SALON_NOT_BOOKABLE') await requireVisibleSalon(ctx, context, salonId);
  throw result.refusal;
}

async function toOrder(ctx: Context, context: HandlerContext, request: CreateBookingRequest): Promise<BookingOrder> {
  const { userId } = requireUser(context);
  const source = bookingSource.toWord(request.source) ?? 'customer';
  const salonId = request.salonId.toLowerCase();
  const customer = toCustomer(request, { userId, source, locale: callerOf(context).locale });
  const { actor, wanted } = await requireEntry(ctx, context, {
    salonId,
    wanted: toWanted(request),
    isOverridden: request.override,
    isBySalon: source !== 'customer',
    isForSelf: source === 'customer' && customer.customerId === userId && !customer.guest && !request.override,
  });
  return {
    ...customer,
    ...{ salonId, source, actor, wanted, isOverridden: request.override, reason: request.overrideReason },
    createdBy: source === 'customer' ? undefined : userId,
    id: request.bookingId.toLowerCase() || uuidv7(),
    isOwnId: request.bookingId !== '',
    // A moment that cannot be counted with is on no grid.
    startAt: toMoment(request.startAt) ?? Number.NaN,
    audience: audience.toWord(request.audience),
    customerNote: request.customerNote,
    key: toIdempotencyKey(context, { method, request }),
  };
}

function toWanted({ items }: CreateBookingRequest): BookingOrder['wanted'] {
  return items.map(({ serviceId, staffId, staffGender }) => ({
    serviceId: serviceId.toLowerCase(),
    staffId: staffId.toLowerCase() || undefined,
    staffGender: gender.toWord(staffGender),
  }));
}
