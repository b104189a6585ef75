import type { HandlerContext } from '@connectrpc/connect';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { requireStaffMember } from './require-staff-member.ts';

/** Whose time it is: a staff member and their salon. */
export interface TimeOwner {
  readonly staffId: string;
  readonly salonId: string;
}

/** The staff member, for those who run the salon and for themselves, whether or not the salon is published. */
export async function requireOwnTime(ctx: Context, context: HandlerContext, staffId: string): Promise<TimeOwner> {
  const { userId } = requireUser(context);
  const themselves = await ctx.prisma.staffMember.findFirst({ where: { id: staffId, userId, deletedAt: null } });
  if (themselves) return { staffId: themselves.id, salonId: themselves.salonId };
  const { staff, isOwn } = await requireStaffMember(ctx, context, staffId);
  if (!isOwn) throw errors.permissionDenied();
  return { staffId: staff.id, salonId: staff.salonId };
}
