import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService, UpdateSalonRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';
import { saveSalon } from '../salon/save-salon.ts';
import { policyColumns, ruleColumns, searchColumns, textColumns } from '../salon/to-salon-columns.ts';

export function updateSalon(ctx: Context): MethodImpl<typeof CatalogService.method.updateSalon> {
  return async (request, context) => {
    const salon = await requireOwnSalon(ctx, context, request.salonId);
    const { ifMatch } = callerOf(context);
    if (ifMatch !== undefined && !isEtagMatch(ifMatch, Number(salon.version))) throw errors.staleEtag();
    return toSalonMessage(await saveSalon(ctx, salon, toChanges(request, salon)));
  };
}

function toChanges(request: UpdateSalonRequest, salon: SalonModel): Partial<SalonModel> {
  const { name, description, bookingRules } = request;
  const texts = { ...(name && textColumns('name', name)), ...(description && textColumns('description', description)) };
  const { paymentPolicy, freeUntilHours, lateFeePercent } = policyColumns({
    paymentPolicy: request.paymentPolicy ?? 0,
    cancellationPolicy: request.cancellationPolicy,
  });
  return {
    ...texts,
    ...searchColumns({ ...salon, ...texts }),
    ...(request.paymentPolicy !== undefined && { paymentPolicy }),
    ...(request.cancellationPolicy && { freeUntilHours, lateFeePercent }),
    ...(bookingRules && ruleColumns(bookingRules)),
  };
}
