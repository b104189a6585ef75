import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService, UpdateSalonRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import type { Audience } from '../domain/calendar.ts';
import { canServe } from '../domain/can-serve.ts';
import { errors } from '../errors.ts';
import { audience } from '../messages/enums.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { type CatalogTransaction, changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { toSalonChanges } from '../salon/to-salon-changes.ts';

export function updateSalon(ctx: Context): MethodImpl<typeof CatalogService.method.updateSalon> {
  return async (request, context) => {
    const { id } = await requireOwnSalon(ctx, context, request.salonId);
    const saved = await changeCatalog(ctx, async (tx) => {
      const salon = await lockSalon(tx, id);
      assertEtag(context, salon);
      await assertServicesFit(tx, salon, request);
      const version = { version: salon.version + 1n, updatedAt: ctx.clock.now() };
      return await tx.salon.update({ where: { id }, data: { ...toSalonChanges(request, salon), ...version } });
    });
    return toSalonMessage(saved);
  };
}

async function assertServicesFit(
  tx: CatalogTransaction,
  salon: SalonModel,
  request: UpdateSalonRequest,
): Promise<void> {
  const wanted = request.audience === undefined ? undefined : audience.toWord(request.audience);
  if (wanted === undefined || wanted === salon.audience) return;
  const live = await tx.service.findMany({
    where: { salonId: salon.id, deletedAt: null },
    distinct: ['audience'],
    select: { audience: true },
  });
  if (!live.every((service) => canServe(wanted, service.audience as Audience))) throw errors.audienceConflict();
}
