import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { resourceKind } from '../messages/enums.ts';
import { toResourceMessage } from '../messages/to-resource-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function createResource(ctx: Context): MethodImpl<typeof CatalogService.method.createResource> {
  return async (request, context) => {
    const salon = await requireOwnSalon(ctx, context, request.salonId);
    const now = ctx.clock.now();
    const kind = resourceKind.toWord(request.kind) ?? 'room';
    const data = { id: uuidv7(), salonId: salon.id, ...textColumns('name', request.name), kind };
    const resource = await ctx.prisma.resource.create({ data: { ...data, createdAt: now, updatedAt: now } });
    return toResourceMessage(resource);
  };
}
