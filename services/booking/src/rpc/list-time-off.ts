import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  ListTimeOffResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { listBlocks } from '../blocks/list-blocks.ts';
import type { Context } from '../context.ts';
import { requireOwnTime } from '../rights/require-own-time.ts';

export function listTimeOff(ctx: Context): MethodImpl<typeof AvailabilityService.method.listTimeOff> {
  return async (request, context) => {
    const owner = await requireOwnTime(ctx, context, request.staffId);
    const { blocks, nextPageToken } = await listBlocks(ctx, request, owner);
    return create(ListTimeOffResponseSchema, { timeOff: blocks, nextPageToken });
  };
}
