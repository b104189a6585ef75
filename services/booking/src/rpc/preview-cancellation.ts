import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type BookingService,
  PreviewCancellationResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import { createPreviewId } from '../booking/cancellation-quote.ts';
import { owning, requireActing } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { findBooking } from '../db/find-booking.ts';
import { quoteCancellation } from '../domain/decide-cancellation.ts';
import { errors } from '../errors.ts';
import { toMoney, toTimestamp } from '../messages/values.ts';
import { toCancelledBy } from './cancel-booking.ts';

export function previewCancellation(ctx: Context): MethodImpl<typeof BookingService.method.previewCancellation> {
  return async ({ bookingId }, context) => {
    const found = await findBooking(ctx.database, bookingId);
    const { booking, by } = requireActing(found, requireUser(context), owning);
    const cancelledBy = toCancelledBy(by);
    const quote = quoteCancellation(booking, { cancelledBy, now: ctx.clock.now() });
    if (!quote) throw errors.moveRefused('BOOKING_NOT_CANCELLABLE');
    const { freeUntil, validUntil } = quote;
    return create(PreviewCancellationResponseSchema, {
      previewId: createPreviewId({ key: ctx.config.pageTokenKey, booking, cancelledBy }, quote),
      fee: toMoney(quote.feeAmount, booking.currency),
      refund: toMoney(quote.refundAmount, booking.currency),
      ...(freeUntil && { freeUntil: toTimestamp(freeUntil) }),
      validUntil: toTimestamp(validUntil),
    });
  };
}
