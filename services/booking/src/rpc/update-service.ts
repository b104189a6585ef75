import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService, UpdateServiceRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { errors } from '../errors.ts';
import { audience, gender } from '../messages/enums.ts';
import { type ServiceRow, toServiceMessage, withNeeds } from '../messages/to-service-message.ts';
import { assertEtag } from '../rights/assert-etag.ts';
import { requireVisibleService } from '../rights/require-service.ts';
import { type CatalogTransaction, changeCatalog, lockSalon } from '../salon/change-catalog.ts';
import { assertServed, requireNeeds } from '../salon/service-rules.ts';
import { textColumns } from '../salon/to-salon-columns.ts';

export function updateService(ctx: Context): MethodImpl<typeof CatalogService.method.updateService> {
  return async (request, context) => {
    const { isOwn, salon, service } = await requireVisibleService(ctx, context, request.serviceId);
    if (!isOwn) throw errors.permissionDenied();
    const saved = await changeCatalog(ctx, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM services WHERE id = ${service.id}::uuid FOR NO KEY UPDATE`;
      const locked = await lockSalon(tx, salon.id);
      const now = await requireLive(tx, service.id);
      assertEtag(context, now);
      return await saveService(tx, { request, salon: locked, service: now, at: ctx.clock.now() });
    });
    return toServiceMessage(saved);
  };
}

async function requireLive(tx: CatalogTransaction, id: string): Promise<ServiceRow> {
  const service = await tx.service.findUnique({ where: { id, deletedAt: null }, include: withNeeds });
  if (!service) throw errors.notFound();
  return service;
}

interface Change {
  readonly request: UpdateServiceRequest;
  readonly salon: SalonModel;
  readonly service: ServiceRow;
  readonly at: Date;
}

async function saveService(tx: CatalogTransaction, { request, salon, service, at }: Change): Promise<ServiceRow> {
  const columns = toColumns(request);
  assertServed(salon, columns.audience ?? service.audience);
  if (columns.staffGender) await assertStaffFit(tx, service.id, columns.staffGender);
  const { resourceNeeds } = request;
  const resources = resourceNeeds && {
    deleteMany: {},
    create: await requireNeeds(tx, salon, resourceNeeds.needs),
  };
  return await tx.service.update({
    where: { id: service.id },
    data: { ...columns, ...(resources && { resources }), version: service.version + 1n, updatedAt: at },
    include: withNeeds,
  });
}

async function assertStaffFit(tx: CatalogTransaction, serviceId: string, staffGender: string): Promise<void> {
  const others = { OR: [{ gender: null }, { gender: { not: staffGender } }] };
  const count = await tx.staffMember.count({
    where: { deletedAt: null, services: { some: { serviceId } }, ...others },
  });
  if (count > 0) throw errors.staffGenderConflict();
}

function toColumns(request: UpdateServiceRequest) {
  const { name, description, price } = request;
  const wanted = request.audience === undefined ? undefined : audience.toWord(request.audience);
  return {
    ...(name && textColumns('name', name)),
    ...(description && textColumns('description', description)),
    ...(request.category !== undefined && { category: request.category }),
    ...(request.durationMinutes !== undefined && { durationMinutes: request.durationMinutes }),
    ...(request.bufferBeforeMinutes !== undefined && { bufferBeforeMinutes: request.bufferBeforeMinutes }),
    ...(request.bufferAfterMinutes !== undefined && { bufferAfterMinutes: request.bufferAfterMinutes }),
    ...(price && { priceAmount: price.amount, currency: price.currency }),
    ...(wanted && { audience: wanted }),
    ...(request.staffGender !== undefined && { staffGender: gender.toWord(request.staffGender) ?? null }),
    ...(request.active !== undefined && { active: request.active }),
  };
}
