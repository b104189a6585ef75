import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { canManage } from '../domain/booking-rights.ts';
import { errors } from '../errors.ts';
import { findUser } from './find-user.ts';

/** A salon and whether the caller runs it. */
export interface SeenSalon {
  readonly salon: SalonModel;
  readonly isOwn: boolean;
}

/** The salon, if the caller may know it: drafts are NOT_FOUND but for those who run them. */
export async function requireVisibleSalon(ctx: Context, context: HandlerContext, salonId: string): Promise<SeenSalon> {
  const salon = await ctx.prisma.salon.findUnique({ where: { id: salonId } });
  if (!salon) throw errors.notFound();
  const isOwn = canManage(findUser(context), salon);
  if (!isOwn && salon.state !== 'published') throw errors.notFound();
  return { salon, isOwn };
}

/** The salon, if the caller runs it; a published one of others is PERMISSION_DENIED, for everybody knows it. */
export async function requireOwnSalon(ctx: Context, context: HandlerContext, salonId: string): Promise<SalonModel> {
  const { salon, isOwn } = await requireVisibleSalon(ctx, context, salonId);
  if (!isOwn) throw errors.permissionDenied();
  return salon;
}
