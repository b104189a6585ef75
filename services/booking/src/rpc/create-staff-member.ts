import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { gender } from '../messages/enums.ts';
import { toStaffMessage } from '../messages/to-staff-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function createStaffMember(ctx: Context): MethodImpl<typeof CatalogService.method.createStaffMember> {
  return async (request, context) => {
    const salon = await requireOwnSalon(ctx, context, request.salonId);
    const serviceIds = [...new Set(request.serviceIds.map((id) => id.toLowerCase()))];
    const known = await ctx.prisma.service.count({ where: { id: { in: serviceIds }, salonId: salon.id } });
    if (known !== serviceIds.length) throw errors.serviceNotOffered();
    const now = ctx.clock.now();
    const staff = await ctx.prisma.staffMember.create({
      data: {
        id: uuidv7(),
        salonId: salon.id,
        ...textColumns('name', request.name),
        gender: gender.toWord(request.gender) ?? null,
        userId: request.userId || null,
        services: { create: serviceIds.map((serviceId) => ({ serviceId })) },
        createdAt: now,
        updatedAt: now,
      },
      include: { services: { select: { serviceId: true } } },
    });
    return toStaffMessage(staff, { showsUser: true });
  };
}
