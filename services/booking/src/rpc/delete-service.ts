import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireDeletable } from '../rights/require-deletable.ts';
import { changeCatalog } from '../salon/change-catalog.ts';

export function deleteService(ctx: Context): MethodImpl<typeof CatalogService.method.deleteService> {
  return async ({ serviceId: id }, context) => {
    const row = await requireDeletable(ctx, context, await ctx.prisma.service.findUnique({ where: { id } }));
    if (!row) return create(EmptySchema);
    const now = ctx.clock.now();
    await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM services WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      const service = await tx.service.findUnique({ where: { id, deletedAt: null } });
      if (!service) return;
      assertEtag(context, service);
      // What it takes and who does it stay known: its bookings can still be moved.
      const data = { active: false, deletedAt: now, updatedAt: now, version: service.version + 1n };
      await tx.service.update({ where: { id }, data });
    });
    return create(EmptySchema);
  };
}
