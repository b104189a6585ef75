import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { canManage } from '../domain/booking-rights.ts';
import { errors } from '../errors.ts';
import { findUser } from './find-user.ts';

interface Deletable {
  readonly salonId: string;
  readonly active: boolean;
  readonly deletedAt: Date | null;
}

/**
 * The row, for those who run its salon; undefined where it is deleted already, which they are told as a success. Of what
 * others can see they are told that it is not theirs, of the rest that it is not there.
 */
export async function requireDeletable<R extends Deletable>(
  ctx: Context,
  context: HandlerContext,
  row: R | null,
): Promise<R | undefined> {
  if (!row) throw errors.notFound();
  const salon = await ctx.prisma.salon.findUniqueOrThrow({ where: { id: row.salonId } });
  const isGone = row.deletedAt !== null;
  if (canManage(findUser(context), salon)) return isGone ? undefined : row;
  const isSeen = salon.state === 'published' && row.active && !isGone;
  throw isSeen ? errors.permissionDenied() : errors.notFound();
}
