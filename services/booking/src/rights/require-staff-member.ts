import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { type StaffRow, withServices } from '../messages/to-staff-message.ts';
import { requireVisibleSalon, type SeenSalon } from './require-salon.ts';

/** The staff member with the salon, if the caller may know both: one who was deleted is NOT_FOUND for everybody. */
export async function requireStaffMember(
  ctx: Context,
  context: HandlerContext,
  staffId: string,
): Promise<SeenSalon & { readonly staff: StaffRow }> {
  const staff = await ctx.prisma.staffMember.findUnique({
    where: { id: staffId, deletedAt: null },
    include: withServices,
  });
  if (!staff) throw errors.notFound();
  const seen = await requireVisibleSalon(ctx, context, staff.salonId);
  if (!seen.isOwn && !staff.active) throw errors.notFound();
  return { ...seen, staff };
}
