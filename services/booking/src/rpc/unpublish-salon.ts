import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { saveSalon } from '../salon/save-salon.ts';

export function unpublishSalon(ctx: Context): MethodImpl<typeof CatalogService.method.unpublishSalon> {
  return async ({ salonId }, context) => {
    const salon = await requireOwnSalon(ctx, context, salonId);
    if (salon.state === 'draft') return toSalonMessage(salon);
    return toSalonMessage(await saveSalon(ctx, salon, { state: 'draft' }));
  };
}
