import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toServiceMessage } from '../messages/to-service-message.ts';
import { requireVisibleService } from '../rights/require-service.ts';

export function getService(ctx: Context): MethodImpl<typeof CatalogService.method.getService> {
  return async ({ serviceId }, context) => {
    const { service } = await requireVisibleService(ctx, context, serviceId);
    return toServiceMessage(service);
  };
}
