import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { toServiceMessage } from '../messages/to-service-message.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function getService(ctx: Context): MethodImpl<typeof CatalogService.method.getService> {
  return async ({ serviceId }, context) => {
    const service = await ctx.prisma.service.findUnique({ where: { id: serviceId } });
    if (!service) throw errors.notFound();
    const { isOwn } = await requireVisibleSalon(ctx, context, service.salonId);
    if (!isOwn && !service.active) throw errors.notFound();
    return toServiceMessage(service);
  };
}
