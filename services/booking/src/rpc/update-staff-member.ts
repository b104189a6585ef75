import type { MethodImpl } from '@connectrpc/connect';
import type {
  CatalogService,
  UpdateStaffMemberRequest,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { errors } from '../errors.ts';
import { gender } from '../messages/enums.ts';
import { type StaffRow, toStaffMessage, withServices } from '../messages/to-staff-message.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';
import { type CatalogTransaction, changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { assertGenderFits, assertUserFree, requireServiceIds } from '../salon/staff-rules.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function updateStaffMember(ctx: Context): MethodImpl<typeof CatalogService.method.updateStaffMember> {
  return async (request, context) => {
    const { isOwn, salon, staff } = await requireStaffMember(ctx, context, request.staffId);
    if (!isOwn) throw errors.permissionDenied();
    const saved = await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM staff_members WHERE id = ${staff.id}::uuid FOR NO KEY UPDATE`;
      const locked = await lockSalon(tx, salon.id);
      const now = await requireLive(tx, staff.id);
      assertEtag(context, now);
      return await saveStaff(tx, { request, salon: locked, staff: now, at: ctx.clock.now() });
    });
    return toStaffMessage(saved, { showsUser: true });
  };
}

async function requireLive(tx: CatalogTransaction, id: string): Promise<StaffRow> {
  const staff = await tx.staffMember.findUnique({ where: { id, deletedAt: null }, include: withServices });
  if (!staff) throw errors.notFound();
  return staff;
}

interface Change {
  readonly request: UpdateStaffMemberRequest;
  readonly salon: SalonModel;
  readonly staff: StaffRow;
  readonly at: Date;
}

async function saveStaff(tx: CatalogTransaction, { request, salon, staff, at }: Change): Promise<StaffRow> {
  const columns = toColumns(request);
  const serviceIds = request.serviceIds && (await requireServiceIds(tx, salon, request.serviceIds.ids));
  const does = serviceIds ?? staff.services.map(({ serviceId }) => serviceId);
  await assertGenderFits(tx, columns.gender === undefined ? staff.gender : columns.gender, does);
  if (columns.userId) await assertUserFree(tx, salon, { userId: columns.userId, staffId: staff.id });
  if (serviceIds) await replaceServices(tx, staff, serviceIds);
  return await tx.staffMember.update({
    where: { id: staff.id },
    data: { ...columns, version: staff.version + 1n, updatedAt: at },
    include: withServices,
  });
}

// Services that were deleted are not among those that are shown, and stay with whoever does them: they may have bookings.
async function replaceServices(tx: CatalogTransaction, { id, services }: StaffRow, serviceIds: readonly string[]) {
  const had = services.map(({ serviceId }) => serviceId);
  const gone = had.filter((serviceId) => !serviceIds.includes(serviceId));
  const added = serviceIds.filter((serviceId) => !had.includes(serviceId));
  await tx.staffService.deleteMany({ where: { staffId: id, serviceId: { in: gone } } });
  await tx.staffService.createMany({ data: added.map((serviceId) => ({ staffId: id, serviceId })) });
}

function toColumns({ name, gender: wanted, userId, active }: UpdateStaffMemberRequest) {
  return {
    ...(name && textColumns('name', name)),
    ...(wanted !== undefined && { gender: gender.toWord(wanted) ?? null }),
    ...(userId !== undefined && { userId: userId.toLowerCase() || null }),
    ...(active !== undefined && { active }),
  };
}
