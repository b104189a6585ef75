import type { ResourceNeed } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { SalonModel } from '../db/generated/models.ts';
import type { Audience } from '../domain/calendar.ts';
import { canServe } from '../domain/can-serve.ts';
import { errors } from '../errors.ts';
import type { CatalogTransaction } from './change-catalog.ts';

/** Throws AUDIENCE_CONFLICT for a service whose people the salon does not serve. */
export function assertServed(salon: SalonModel, audience: string): void {
  if (!canServe(salon.audience as Audience, audience as Audience)) throw errors.audienceConflict();
}

/** What a service takes, as rows; throws RESOURCE_UNKNOWN where one is not the salon's, or comes twice. */
export async function requireNeeds(
  tx: CatalogTransaction,
  salon: SalonModel,
  needs: readonly ResourceNeed[],
): Promise<{ resourceId: string; need: number }[]> {
  const rows = needs.flatMap(({ resourceIds }, need) =>
    resourceIds.map((id) => ({ resourceId: id.toLowerCase(), need })),
  );
  const ids = [...new Set(rows.map(({ resourceId }) => resourceId))];
  const known = await tx.resource.count({ where: { id: { in: ids }, salonId: salon.id, deletedAt: null } });
  if (known !== rows.length) throw errors.resourceUnknown();
  return rows;
}
