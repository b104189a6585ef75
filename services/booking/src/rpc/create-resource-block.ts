import type { MethodImpl } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { blockTime } from '../blocks/block-time.ts';
import type { Context } from '../context.ts';
import { requireOwnResource } from '../rights/require-own-resource.ts';

export function createResourceBlock(ctx: Context): MethodImpl<typeof AvailabilityService.method.createResourceBlock> {
  return async (request, context) => {
    const owner = await requireOwnResource(ctx, context, request.resourceId);
    return blockTime(ctx, { context, request, method: AvailabilityService.method.createResourceBlock }, owner);
  };
}
