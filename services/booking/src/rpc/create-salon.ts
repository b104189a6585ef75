import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService, CreateSalonRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { errors } from '../errors.ts';
import { audience } from '../messages/enums.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import {
  assertPlaceKnown,
  placeColumns,
  policyColumns,
  prayerColumns,
  ruleColumns,
  searchColumns,
  textColumns,
} from '../salon/to-salon-columns.ts';

export function createSalon(ctx: Context): MethodImpl<typeof CatalogService.method.createSalon> {
  return async (request, context) => {
    const { userId } = requireUser(context);
    const columns = toColumns(request);
    assertPlaceKnown(columns);
    const now = ctx.clock.now();
    const salon = await ctx.prisma.salon.create({
      data: { id: uuidv7(), managerId: userId, state: 'draft', createdAt: now, updatedAt: now, ...columns },
    });
    return toSalonMessage(salon);
  };
}

function toColumns(request: CreateSalonRequest) {
  const timeZone = request.timeZone || 'Asia/Riyadh';
  if (!isTimeZone(timeZone)) throw errors.timeZoneUnknown();
  const texts = {
    ...textColumns('name', request.name),
    ...textColumns('description', request.description),
    ...textColumns('city', request.city),
  };
  return {
    ...texts,
    ...searchColumns(texts),
    ...placeColumns(request.place),
    ...prayerColumns(request.prayerPauses),
    audience: audience.toWord(request.audience) ?? 'everyone',
    timeZone,
    vatNumber: request.vatNumber,
    ...policyColumns(request),
    ...ruleColumns(request.bookingRules),
  };
}
