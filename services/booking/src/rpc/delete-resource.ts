import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';

export function deleteResource(_ctx: Context): MethodImpl<typeof CatalogService.method.deleteResource> {
  return async () => {
    throw new Error('not built yet');
  };
}
