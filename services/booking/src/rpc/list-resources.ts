import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type CatalogService,
  ListResourcesResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { toResourceMessage } from '../messages/to-resource-message.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function listResources(ctx: Context): MethodImpl<typeof CatalogService.method.listResources> {
  return async (request, context) => {
    const { salon, isOwn } = await requireVisibleSalon(ctx, context, request.salonId);
    const size = toPageSize(request.pageSize);
    const list = { key: ctx.config.pageTokenKey, list: ['resources', salon.id] };
    const after = requireCursor(list, request.pageToken)?.[0];
    const resources = await ctx.prisma.resource.findMany({
      where: {
        salonId: salon.id,
        deletedAt: null,
        ...(isOwn ? {} : { active: true }),
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: size + 1,
    });
    const { rows, nextPageToken } = toPage(resources, size, { ...list, cursorOf: ({ id }) => [id] });
    return create(ListResourcesResponseSchema, { resources: rows.map(toResourceMessage), nextPageToken });
  };
}
