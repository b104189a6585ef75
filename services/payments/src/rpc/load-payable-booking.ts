import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { forwardedHeaders, requireUser } from '@mawid/service-kit';
import { bookingClient, type Context } from '../context.ts';
import { errors } from '../errors.ts';

/** A booking that waits for its customer's money. */
export interface PayableBooking {
  readonly id: string;
  readonly customerId: string;
  readonly salonId: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly holdExpiresAt: Date;
  /** What the payer reads on the page. */
  readonly description: string;
}

/** The caller's own booking, read with the caller's own rights. Refuses NOT_FOUND, PERMISSION_DENIED, BOOKING_NOT_PAYABLE. */
export async function loadPayableBooking(ctx: Context, context: HandlerContext, id: string): Promise<PayableBooking> {
  const { userId, locale } = requireUser(context);
  const booking = await loadBooking(ctx, context, id);
  // Booking shows it to its salon as well, and then it is no secret that it exists.
  if (booking.customerId !== userId) throw errors.permissionDenied();
  const { state, amountDue, holdExpiresAt, customerId, salonId, salonName } = booking;
  const lapse = holdExpiresAt && timestampDate(holdExpiresAt);
  if (state !== BookingState.HELD || !amountDue || amountDue.amount <= 0n) throw errors.bookingNotPayable();
  if (lapse === undefined || lapse <= ctx.clock.now()) throw errors.bookingNotPayable();
  const salon = salonName?.[locale] || salonName?.ar || salonName?.en || 'Mawid';
  return {
    id: booking.id,
    customerId,
    salonId,
    amount: amountDue.amount,
    currency: amountDue.currency,
    holdExpiresAt: lapse,
    description: `${salon} · ${booking.id}`.slice(-255),
  };
}

async function loadBooking(ctx: Context, context: HandlerContext, bookingId: string): Promise<Booking> {
  const options = { headers: forwardedHeaders(context), signal: context.signal };
  try {
    return await bookingClient(ctx).getBooking({ bookingId }, options);
  } catch (error) {
    throw toRefusal(ConnectError.from(error));
  }
}

function toRefusal(error: ConnectError): ConnectError {
  if (error.code === Code.NotFound) return errors.notFound();
  if (error.code === Code.PermissionDenied) return errors.permissionDenied();
  return errors.bookingUnavailable(error);
}
