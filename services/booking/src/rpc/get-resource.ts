import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toResourceMessage } from '../messages/to-resource-message.ts';
import { requireVisibleResource } from '../rights/require-resource.ts';

export function getResource(ctx: Context): MethodImpl<typeof CatalogService.method.getResource> {
  return async ({ resourceId }, context) => {
    const { resource } = await requireVisibleResource(ctx, context, resourceId);
    return toResourceMessage(resource);
  };
}
