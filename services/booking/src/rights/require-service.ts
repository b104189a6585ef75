import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { type ServiceRow, withNeeds } from '../messages/to-service-message.ts';
import { requireVisibleSalon, type SeenSalon } from './require-salon.ts';

/** The service with its salon, if the caller may know both: one that is deleted is NOT_FOUND for everybody. */
export async function requireVisibleService(
  ctx: Context,
  context: HandlerContext,
  id: string,
): Promise<SeenSalon & { readonly service: ServiceRow }> {
  const service = await ctx.prisma.service.findUnique({ where: { id, deletedAt: null }, include: withNeeds });
  if (!service) throw errors.notFound();
  const seen = await requireVisibleSalon(ctx, context, service.salonId);
  if (!seen.isOwn && !service.active) throw errors.notFound();
  return { ...seen, service };
}
