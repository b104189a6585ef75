import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { freeTime } from '../blocks/free-time.ts';
import type { Context } from '../context.ts';
import { requireOwnResource } from '../rights/require-own-resource.ts';

export function deleteResourceBlock(ctx: Context): MethodImpl<typeof AvailabilityService.method.deleteResourceBlock> {
  return async (request, context) => {
    const owner = await requireOwnResource(ctx, context, request.resourceId);
    await freeTime(ctx, request.blockId, owner);
    return create(EmptySchema);
  };
}
