import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import {
  BookingInternalService,
  type GetBookingStateResponse,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Context } from '../context.ts';
import type { ClaimedRow } from '../db/rows.ts';
import { judgeBooking, type Verdict } from '../domain/judge-booking.ts';

/** Asks booking, right before a message about it is sent, whether it is still true. Never assumes: `unreachable` is no yes. */
export async function askBooking(ctx: Context, row: ClaimedRow): Promise<Verdict | 'gone' | 'unreachable'> {
  const { kind, bookingId, bookingVersion: version } = row;
  if (bookingId === null || version === null) return 'true';
  let now: GetBookingStateResponse;
  try {
    now = await createClient(BookingInternalService, ctx.bookingTransport).getBookingState({ bookingId });
  } catch (error) {
    const { code } = ConnectError.from(error);
    if (code === Code.NotFound) return 'gone';
    ctx.logger.warn({ err: error, message_id: row.id }, 'booking does not say how a booking stands');
    return 'unreachable';
  }
  return judgeBooking({ kind, version }, { isCancelled: now.state === BookingState.CANCELLED, version: now.version });
}
