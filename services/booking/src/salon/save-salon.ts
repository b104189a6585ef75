import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { errors } from '../errors.ts';

/** Writes changes to a salon that has not changed since it was read; throws STALE_ETAG. */
export async function saveSalon(ctx: Context, salon: SalonModel, changes: Partial<SalonModel>): Promise<SalonModel> {
  const { id, version } = salon;
  const data = { ...changes, version: version + 1n, updatedAt: ctx.clock.now() };
  const { count } = await ctx.prisma.salon.updateMany({ where: { id, version }, data });
  if (count === 0) throw errors.staleEtag();
  return { ...salon, ...data };
}
