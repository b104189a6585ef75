import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService, CreateServiceRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { audience, gender } from '../messages/enums.ts';
import { toServiceMessage, withNeeds } from '../messages/to-service-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { assertServed, requireNeeds } from '../salon/service-rules.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function createService(ctx: Context): MethodImpl<typeof CatalogService.method.createService> {
  return async (request, context) => {
    const { id: salonId } = await requireOwnSalon(ctx, context, request.salonId);
    const now = ctx.clock.now();
    const service = await changeCatalog(ctx, async (tx) => {
      const salon = await lockSalon(tx, salonId);
      const wanted = audience.toWord(request.audience) ?? salon.audience;
      assertServed(salon, wanted);
      const needs = await requireNeeds(tx, salon, request.resourceNeeds);
      const ids = { id: uuidv7(), salonId, audience: wanted, createdAt: now, updatedAt: now };
      const data = { ...ids, ...toColumns(request), resources: { create: needs } };
      return await tx.service.create({ data, include: withNeeds });
    });
    return toServiceMessage(service);
  };
}

function toColumns(request: CreateServiceRequest) {
  return {
    ...textColumns('name', request.name),
    ...textColumns('description', request.description),
    category: request.category,
    durationMinutes: request.durationMinutes,
    bufferBeforeMinutes: request.bufferBeforeMinutes,
    bufferAfterMinutes: request.bufferAfterMinutes,
    priceAmount: request.price?.amount ?? 0n,
    currency: request.price?.currency ?? 'SAR',
    staffGender: gender.toWord(request.staffGender) ?? null,
  };
}
