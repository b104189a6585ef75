import type { MethodImpl } from '@connectrpc/connect';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { insertEvents, requireUser, runIdempotent, type Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { releaseClaims } from '../db/claims.ts';
import { lockBooking } from '../db/find-booking.ts';
import { updateBooking } from '../db/update-booking.ts';
import type { Booking, CancelledBy } from '../domain/booking.ts';
import { findRelation, type Relation, type User } from '../domain/booking-rights.ts';
import { decideCancellation } from '../domain/decide-cancellation.ts';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import { toBookingEvent } from '../messages/to-booking-event.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';

export function cancelBooking(ctx: Context): MethodImpl<typeof BookingService.method.cancelBooking> {
  return async (request, context) => {
    const caller = requireUser(context);
    const wish = { id: request.bookingId, reason: request.reason, user: caller, ifMatch: caller.ifMatch };
    const call = { method: BookingService.method.cancelBooking, request, response: BookingSchema };
    const answer = await runIdempotent(ctx.database, context, call, async (tx) =>
      toBookingMessage(await cancel(ctx, tx, wish)),
    );
    ctx.relay.wake();
    return answer;
  };
}

interface CancelWish {
  readonly id: string;
  readonly reason: string;
  readonly user: User;
  readonly ifMatch: string | undefined;
}

async function cancel(ctx: Context, tx: Transaction, { id, reason, user, ifMatch }: CancelWish): Promise<Booking> {
  const found = await lockBooking(tx, id);
  const relation = found && findRelation(user, found.parties);
  if (!relation) throw errors.notFound();
  const cancelledBy = toCancelledBy(relation);
  if (ifMatch !== undefined && !isEtagMatch(ifMatch, found.booking.version)) throw errors.staleEtag();
  const cancelled = decideCancellation(found.booking, { cancelledBy, reason, now: ctx.clock.now() });
  if (!cancelled) throw errors.bookingNotCancellable();
  await updateBooking(tx, cancelled);
  await releaseClaims(tx, [id]);
  await insertEvents(tx, [toBookingEvent(cancelled)]);
  ctx.metrics.transitions.inc({ state: cancelled.state });
  return cancelled;
}

function toCancelledBy(relation: Relation): CancelledBy {
  if (relation === 'staff') throw errors.permissionDenied();
  return ({ customer: 'customer', manager: 'salon', admin: 'operator' } as const)[relation];
}
