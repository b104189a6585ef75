import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireDeletable } from '../rights/require-deletable.ts';
import { type CatalogTransaction, changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { hasBookingsToCome } from '../salon/has-bookings-to-come.ts';

export function deleteResource(ctx: Context): MethodImpl<typeof CatalogService.method.deleteResource> {
  return async ({ resourceId: id }, context) => {
    const row = await requireDeletable(ctx, context, await ctx.prisma.resource.findUnique({ where: { id } }));
    if (!row) return create(EmptySchema);
    const now = ctx.clock.now();
    await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM resources WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      await lockSalon(tx, row.salonId);
      const resource = await tx.resource.findUnique({ where: { id, deletedAt: null } });
      if (!resource) return;
      assertEtag(context, resource);
      if ((await isNeeded(tx, id)) || (await hasBookingsToCome(tx, id, now))) throw errors.resourceInUse();
      const data = { active: false, deletedAt: now, updatedAt: now, version: resource.version + 1n };
      await tx.resource.update({ where: { id }, data });
    });
    return create(EmptySchema);
  };
}

async function isNeeded(tx: CatalogTransaction, resourceId: string): Promise<boolean> {
  return (await tx.serviceResource.count({ where: { resourceId, service: { deletedAt: null } } })) > 0;
}
