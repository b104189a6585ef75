import type { HandlerContext } from '@connectrpc/connect';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { Actor } from '../domain/booking.ts';
import { type AllowedEntry, decideEntry, type Entry } from '../domain/decide-entry.ts';
import { errors } from '../errors.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

/** What somebody wants to enter into a salon's calendar. */
export interface WantedEntry extends Entry {
  readonly salonId: string;
  /** Whether they book for themselves, and nothing else. */
  readonly isForSelf: boolean;
  /** Whether they say that the salon enters it. */
  readonly isBySalon: boolean;
}

/** Who enters it, and what is wanted then. Throws NOT_FOUND or PERMISSION_DENIED. */
export async function requireEntry(ctx: Context, context: HandlerContext, entry: WantedEntry): Promise<AllowedEntry> {
  const { userId, role } = requireUser(context);
  const self: Actor = { userId, kind: 'customer' };
  // Everybody books for themselves: nothing has to be read for that.
  if (entry.isForSelf) return { actor: self, wanted: entry.wanted };
  const user = { userId, role };
  const own = await ctx.prisma.staffMember.findMany({
    where: { salonId: entry.salonId, userId, active: true, deletedAt: null },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  const salon = await ctx.prisma.salon.findUnique({ where: { id: entry.salonId }, select: { managerId: true } });
  const ownStaffIds = own.map(({ id }) => id);
  const allowed = entry.isBySalon && salon ? decideEntry(entry, { user, salon, ownStaffIds }) : undefined;
  if (allowed) return allowed;
  await requireVisibleSalon(ctx, context, entry.salonId);
  throw errors.permissionDenied();
}
