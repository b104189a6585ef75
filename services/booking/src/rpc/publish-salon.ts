import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import type { CatalogTransaction } from '../salon/change-catalog.ts';
import { setSalonState } from '../salon/set-salon-state.ts';

export function publishSalon(ctx: Context): MethodImpl<typeof CatalogService.method.publishSalon> {
  return async ({ salonId }, context) => {
    const { id } = await requireOwnSalon(ctx, context, salonId);
    const salon = await setSalonState(ctx, context, { id, state: 'published', check: requireReady });
    return toSalonMessage(salon);
  };
}

async function requireReady(tx: CatalogTransaction, salonId: string): Promise<void> {
  const isReady =
    (await tx.service.count({ where: { salonId, active: true } })) > 0 &&
    (await tx.staffMember.count({ where: { salonId, active: true } })) > 0 &&
    (await tx.salonWindow.count({ where: { salonId } })) > 0;
  if (!isReady) throw errors.salonNotReady();
}
