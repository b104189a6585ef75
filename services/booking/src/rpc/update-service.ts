import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';

export function updateService(_ctx: Context): MethodImpl<typeof CatalogService.method.updateService> {
  return async () => {
    throw new Error('not built yet');
  };
}
