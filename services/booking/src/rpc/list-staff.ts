import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type CatalogService,
  ListStaffResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { toStaffMessage, withServices } from '../messages/to-staff-message.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function listStaff(ctx: Context): MethodImpl<typeof CatalogService.method.listStaff> {
  return async (request, context) => {
    const { salon, isOwn } = await requireVisibleSalon(ctx, context, request.salonId);
    const size = toPageSize(request.pageSize);
    const list = { key: ctx.config.pageTokenKey, list: ['staff', salon.id] };
    const after = requireCursor(list, request.pageToken)?.[0];
    const staff = await ctx.prisma.staffMember.findMany({
      where: {
        salonId: salon.id,
        deletedAt: null,
        ...(isOwn ? {} : { active: true }),
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      include: withServices,
      orderBy: { id: 'asc' },
      take: size + 1,
    });
    const { rows, nextPageToken } = toPage(staff, size, { ...list, cursorOf: ({ id }) => [id] });
    const messages = rows.map((row) => toStaffMessage(row, { showsUser: isOwn }));
    return create(ListStaffResponseSchema, { staff: messages, nextPageToken });
  };
}
