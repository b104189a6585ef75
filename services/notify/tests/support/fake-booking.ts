import { Code, ConnectError } from '@connectrpc/connect';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingInternalService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Routes } from '@mawid/rpc';

/** What booking would say about bookings. */
export interface FakeBooking {
  readonly routes: Routes;
  set(id: string, state: { state: BookingState; version: number }): void;
  /** Out of reach until it is back. */
  isAway: boolean;
}

export function createFakeBooking(): FakeBooking {
  const states = new Map<string, { state: BookingState; version: number }>();
  const booking: FakeBooking = {
    isAway: false,
    set: (id, state) => void states.set(id, state),
    routes: (router) =>
      router.service(BookingInternalService, {
        getBookingState({ bookingId }) {
          if (booking.isAway) throw new ConnectError('away', Code.Unavailable);
          const found = states.get(bookingId);
          if (!found) throw new ConnectError('not found', Code.NotFound);
          return { state: found.state, version: BigInt(found.version) };
        },
      }),
  };
  return booking;
}

export { BookingState };
