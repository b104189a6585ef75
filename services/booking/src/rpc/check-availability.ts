import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';

export function checkAvailability(_ctx: Context): MethodImpl<typeof AvailabilityService.method.checkAvailability> {
  return async () => {
    throw new Error('not built yet');
  };
}
