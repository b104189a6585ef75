import type { Context } from '../context.ts';
import type { PrismaClient } from '../db/generated/client.ts';
import type { SalonModel } from '../db/generated/models.ts';

export type CatalogTransaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

// Longer than the database's own limits, whose errors say more: a full pool and a statement that takes too long.
const limits = { maxWait: 10_000, timeout: 20_000 };

/**
 * One change of a salon's catalogue, with what it rests on. Rows are locked in one order: the row itself, then its salon. It is
 * the order of every plain update too, for a trigger counts the salon's calendar after it.
 */
export function changeCatalog<T>(ctx: Context, work: (tx: CatalogTransaction) => Promise<T>): Promise<T> {
  return ctx.prisma.$transaction(work, limits);
}

/**
 * The salon as it is now. Changes of its catalogue come one after the other from here on. So do bookings: one that is being
 * written is waited for, and one that follows finds that the calendar's version has grown, and is decided anew.
 */
export async function lockSalon(tx: CatalogTransaction, id: string): Promise<SalonModel> {
  await tx.$queryRaw`SELECT 1 FROM salons WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(calendar_key(${id}::uuid))`;
  return await tx.salon.findUniqueOrThrow({ where: { id } });
}
