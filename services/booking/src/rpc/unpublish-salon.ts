import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { setSalonState } from '../salon/set-salon-state.ts';

export function unpublishSalon(ctx: Context): MethodImpl<typeof CatalogService.method.unpublishSalon> {
  return async ({ salonId }, context) => {
    const { id } = await requireOwnSalon(ctx, context, salonId);
    return toSalonMessage(await setSalonState(ctx, context, { id, state: 'draft' }));
  };
}
