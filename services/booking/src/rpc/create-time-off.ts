import type { MethodImpl } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { blockTime } from '../blocks/block-time.ts';
import type { Context } from '../context.ts';
import { requireOwnTime } from '../rights/require-own-time.ts';

export function createTimeOff(ctx: Context): MethodImpl<typeof AvailabilityService.method.createTimeOff> {
  return async (request, context) => {
    const owner = await requireOwnTime(ctx, context, request.staffId);
    return blockTime(ctx, { context, request, method: AvailabilityService.method.createTimeOff }, owner);
  };
}
