import type { MethodImpl } from '@connectrpc/connect';
import type { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Context } from '../context.ts';

export function previewCancellation(_ctx: Context): MethodImpl<typeof BookingService.method.previewCancellation> {
  return async () => {
    throw new Error('not built yet');
  };
}
