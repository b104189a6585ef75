import { create } from '@bufbuild/protobuf';
import { type BookingChange, BookingChangeSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type * as domain from '../domain/booking.ts';
import { bookingState } from './enums.ts';
import { toTimestamp } from './values.ts';

export function toChangeMessage(change: domain.BookingChange): BookingChange {
  return create(BookingChangeSchema, {
    version: BigInt(change.version),
    move: change.move,
    state: bookingState.toEnum(change.state),
    startAt: toTimestamp(change.startAt),
    actorId: change.actor.userId ?? '',
    actor: change.actor.kind,
    reason: change.reason,
    overridden: change.isOverridden,
    at: toTimestamp(change.at),
  });
}
