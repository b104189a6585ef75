import type { MethodImpl } from '@connectrpc/connect';
import type {
  CatalogService,
  UpdateResourceRequest,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { resourceKind } from '../messages/enums.ts';
import { toResourceMessage } from '../messages/to-resource-message.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireVisibleResource } from '../rights/require-resource.ts';
import { changeCatalog } from '../salon/change-catalog.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function updateResource(ctx: Context): MethodImpl<typeof CatalogService.method.updateResource> {
  return async (request, context) => {
    const { isOwn, resource } = await requireVisibleResource(ctx, context, request.resourceId);
    if (!isOwn) throw errors.permissionDenied();
    const { id } = resource;
    const saved = await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM resources WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      const now = await tx.resource.findUnique({ where: { id, deletedAt: null } });
      if (!now) throw errors.notFound();
      assertEtag(context, now);
      const version = { version: now.version + 1n, updatedAt: ctx.clock.now() };
      return await tx.resource.update({ where: { id }, data: { ...toColumns(request), ...version } });
    });
    return toResourceMessage(saved);
  };
}

function toColumns({ name, kind, active }: UpdateResourceRequest) {
  const word = kind === undefined ? undefined : resourceKind.toWord(kind);
  return {
    ...(name && textColumns('name', name)),
    ...(word && { kind: word }),
    ...(active !== undefined && { active }),
  };
}
