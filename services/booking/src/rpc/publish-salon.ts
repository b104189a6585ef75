import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { saveSalon } from '../salon/save-salon.ts';

export function publishSalon(ctx: Context): MethodImpl<typeof CatalogService.method.publishSalon> {
  return async ({ salonId }, context) => {
    const salon = await requireOwnSalon(ctx, context, salonId);
    if (salon.state === 'published') return toSalonMessage(salon);
    if (!(await isReady(ctx, salon.id))) throw errors.salonNotReady();
    return toSalonMessage(await saveSalon(ctx, salon, { state: 'published' }));
  };
}

async function isReady({ prisma }: Context, salonId: string): Promise<boolean> {
  const counts = await Promise.all([
    prisma.service.count({ where: { salonId, active: true } }),
    prisma.staffMember.count({ where: { salonId, active: true } }),
    prisma.salonWindow.count({ where: { salonId } }),
  ]);
  return counts.every((count) => count > 0);
}
