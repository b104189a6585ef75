import type { MethodImpl } from '@connectrpc/connect';
import type { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { followCalendar } from '../stream/follow-calendar.ts';
import { parseEventId, type StreamPosition } from '../stream/stream-position.ts';

export function watchCalendar(ctx: Context): MethodImpl<typeof BookingService.method.watchCalendar> {
  return async function* ({ salonId, lastEventId }, context) {
    const { userId, role } = requireUser(context);
    const user = { userId, role };
    const after = requirePosition(lastEventId);
    yield* followCalendar(ctx, { salonId: salonId.toLowerCase(), user, after, signal: context.signal });
  };
}

function requirePosition(lastEventId: string): StreamPosition | undefined {
  const position = lastEventId === '' ? undefined : parseEventId(lastEventId);
  if (lastEventId !== '' && position === undefined) throw errors.resumeIdInvalid();
  return position;
}
