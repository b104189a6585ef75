import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { gender } from '../messages/enums.ts';
import { toStaffMessage, withServices } from '../messages/to-staff-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { assertGenderFits, assertUserFree, requireServiceIds } from '../salon/staff-rules.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function createStaffMember(ctx: Context): MethodImpl<typeof CatalogService.method.createStaffMember> {
  return async (request, context) => {
    const { id: salonId } = await requireOwnSalon(ctx, context, request.salonId);
    const now = ctx.clock.now();
    const person = {
      ...textColumns('name', request.name),
      gender: gender.toWord(request.gender) ?? null,
      userId: request.userId.toLowerCase() || null,
    };
    const staff = await changeCatalog(ctx, async (tx) => {
      const salon = await lockSalon(tx, salonId);
      const serviceIds = await requireServiceIds(tx, salon, request.serviceIds);
      await assertGenderFits(tx, person.gender, serviceIds);
      await assertUserFree(tx, salon, person);
      const services = { create: serviceIds.map((serviceId) => ({ serviceId })) };
      const data = { id: uuidv7(), salonId, ...person, services, createdAt: now, updatedAt: now };
      return await tx.staffMember.create({ data, include: withServices });
    });
    return toStaffMessage(staff, { showsUser: true });
  };
}
