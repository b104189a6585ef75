import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  ListResourceBlocksResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { listBlocks } from '../blocks/list-blocks.ts';
import type { Context } from '../context.ts';
import { requireOwnResource } from '../rights/require-own-resource.ts';

export function listResourceBlocks(ctx: Context): MethodImpl<typeof AvailabilityService.method.listResourceBlocks> {
  return async (request, context) => {
    const owner = await requireOwnResource(ctx, context, request.resourceId);
    const { blocks, nextPageToken } = await listBlocks(ctx, request, owner);
    return create(ListResourceBlocksResponseSchema, { blocks, nextPageToken });
  };
}
