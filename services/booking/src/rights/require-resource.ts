import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import type { ResourceModel } from '../db/generated/models.ts';
import { errors } from '../errors.ts';
import { requireVisibleSalon, type SeenSalon } from './require-salon.ts';

/** The resource with its salon, if the caller may know both: one that is deleted is NOT_FOUND for everybody. */
export async function requireVisibleResource(
  ctx: Context,
  context: HandlerContext,
  id: string,
): Promise<SeenSalon & { readonly resource: ResourceModel }> {
  const resource = await ctx.prisma.resource.findUnique({ where: { id, deletedAt: null } });
  if (!resource) throw errors.notFound();
  const seen = await requireVisibleSalon(ctx, context, resource.salonId);
  if (!seen.isOwn && !resource.active) throw errors.notFound();
  return { ...seen, resource };
}
