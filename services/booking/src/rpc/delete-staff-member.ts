import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireDeletable } from '../rights/require-deletable.ts';
import { changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { hasBookingsToCome } from '../salon/has-bookings-to-come.ts';

export function deleteStaffMember(ctx: Context): MethodImpl<typeof CatalogService.method.deleteStaffMember> {
  return async ({ staffId: id }, context) => {
    const row = await requireDeletable(ctx, context, await ctx.prisma.staffMember.findUnique({ where: { id } }));
    if (!row) return create(EmptySchema);
    const now = ctx.clock.now();
    await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM staff_members WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      await lockSalon(tx, row.salonId);
      const staff = await tx.staffMember.findUnique({ where: { id, deletedAt: null } });
      if (!staff) return;
      assertEtag(context, staff);
      if (await hasBookingsToCome(tx, id, now)) throw errors.staffHasBookings();
      const data = { active: false, deletedAt: now, updatedAt: now, version: staff.version + 1n };
      await tx.staffMember.update({ where: { id }, data });
    });
    return create(EmptySchema);
  };
}
