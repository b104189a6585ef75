import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type CatalogService,
  ListServicesResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { toServiceMessage, withNeeds } from '../messages/to-service-message.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function listServices(ctx: Context): MethodImpl<typeof CatalogService.method.listServices> {
  return async (request, context) => {
    const { salon, isOwn } = await requireVisibleSalon(ctx, context, request.salonId);
    const size = toPageSize(request.pageSize);
    const list = { key: ctx.config.pageTokenKey, list: ['services', salon.id] };
    const after = requireCursor(list, request.pageToken)?.[0];
    const services = await ctx.prisma.service.findMany({
      where: {
        salonId: salon.id,
        deletedAt: null,
        ...(isOwn ? {} : { active: true }),
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      include: withNeeds,
      orderBy: { id: 'asc' },
      take: size + 1,
    });
    const { rows, nextPageToken } = toPage(services, size, { ...list, cursorOf: ({ id }) => [id] });
    return create(ListServicesResponseSchema, { services: rows.map(toServiceMessage), nextPageToken });
  };
}
