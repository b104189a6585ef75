import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it, jest } from '@jest/globals';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { refuse } from '../errors/refuse.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { undeclaredReasons } from './undeclared-reasons.ts';

function createWatch() {
  const [inc, warn] = [jest.fn(), jest.fn()];
  const telemetry = { instruments: { undeclaredReasons: { inc } } } as unknown as Telemetry;
  return { see: undeclaredReasons({ logger: { warn } as unknown as Logger, telemetry }), inc, warn };
}

const { getBooking } = BookingService.method;

describe('undeclaredReasons', () => {
  it('is silent about reasons that the proto names, and those that any method can have', () => {
    const { see, inc } = createWatch();
    for (const reason of ['NOT_FOUND', 'UNAUTHENTICATED', 'VALIDATION_FAILED', 'UNAVAILABLE', 'INTERNAL']) {
      see(getBooking, refuse(reason));
    }
    see(getBooking, new ConnectError('of another server', Code.Aborted));
    expect(inc).not.toHaveBeenCalled();
  });

  it('counts the others, and logs each kind once', () => {
    const { see, inc, warn } = createWatch();
    see(getBooking, refuse('SLOT_TAKEN'));
    see(getBooking, refuse('SLOT_TAKEN'));
    see(getBooking, refuse('STALE_ETAG'));
    const rpc_method = 'mawid.booking.v1.BookingService/GetBooking';
    expect(inc.mock.calls).toEqual([
      [{ rpc_method, reason: 'SLOT_TAKEN' }],
      [{ rpc_method, reason: 'SLOT_TAKEN' }],
      [{ rpc_method, reason: 'STALE_ETAG' }],
    ]);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});
