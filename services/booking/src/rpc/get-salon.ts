import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function getSalon(ctx: Context): MethodImpl<typeof CatalogService.method.getSalon> {
  return async ({ salonId }, context) => toSalonMessage((await requireVisibleSalon(ctx, context, salonId)).salon);
}
