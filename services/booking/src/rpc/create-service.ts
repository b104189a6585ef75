import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { audience } from '../messages/enums.ts';
import { toServiceMessage } from '../messages/to-service-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function createService(ctx: Context): MethodImpl<typeof CatalogService.method.createService> {
  return async (request, context) => {
    const salon = await requireOwnSalon(ctx, context, request.salonId);
    const now = ctx.clock.now();
    const service = await ctx.prisma.service.create({
      data: {
        id: uuidv7(),
        salonId: salon.id,
        ...textColumns('name', request.name),
        ...textColumns('description', request.description),
        category: request.category,
        durationMinutes: request.durationMinutes,
        bufferBeforeMinutes: request.bufferBeforeMinutes,
        bufferAfterMinutes: request.bufferAfterMinutes,
        priceAmount: request.price?.amount ?? 0n,
        currency: request.price?.currency ?? 'SAR',
        audience: audience.toWord(request.audience) ?? salon.audience,
        createdAt: now,
        updatedAt: now,
      },
    });
    return toServiceMessage(service);
  };
}
