import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { type CatalogTransaction, changeCatalog, lockSalon } from './change-catalog.ts';

interface StateChange {
  readonly id: string;
  readonly state: 'draft' | 'published';
  /** Throws where the salon cannot be moved; not asked of one that is there already. */
  check?(tx: CatalogTransaction, id: string): Promise<void>;
}

/** Publishes or hides a salon. Twice is as once, at the same moment too: the second waits, and finds it done. */
export function setSalonState(
  ctx: Context,
  context: HandlerContext,
  { id, state, check }: StateChange,
): Promise<SalonModel> {
  return changeCatalog(ctx, async (tx) => {
    const salon = await lockSalon(tx, id);
    if (salon.state === state) return salon;
    assertEtag(context, salon);
    await check?.(tx, id);
    const version = { version: salon.version + 1n, updatedAt: ctx.clock.now() };
    return await tx.salon.update({ where: { id }, data: { state, ...version } });
  });
}
