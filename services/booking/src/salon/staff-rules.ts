import type { SalonModel } from '../db/generated/models.ts';
import { errors } from '../errors.ts';
import type { CatalogTransaction } from './change-catalog.ts';

/** The services of the salon; throws SERVICE_NOT_OFFERED where one is not among them. */
export async function requireServiceIds(
  tx: CatalogTransaction,
  salon: SalonModel,
  given: readonly string[],
): Promise<string[]> {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))];
  const known = await tx.service.count({ where: { id: { in: ids }, salonId: salon.id, deletedAt: null } });
  if (known !== ids.length) throw errors.serviceNotOffered();
  return ids;
}

/** Throws STAFF_GENDER_CONFLICT where one of the services is done by others only: whose gender is not said does none of those. */
export async function assertGenderFits(
  tx: CatalogTransaction,
  gender: string | null,
  serviceIds: readonly string[],
): Promise<void> {
  const services = await tx.service.findMany({
    where: { id: { in: [...serviceIds] }, staffGender: { not: null } },
    select: { staffGender: true },
  });
  if (services.some(({ staffGender }) => staffGender !== gender)) throw errors.staffGenderConflict();
}

/** Throws STAFF_USER_LINKED where the user signs in as a colleague: what is somebody's own would be anybody's guess. */
export async function assertUserFree(
  tx: CatalogTransaction,
  salon: SalonModel,
  link: { readonly userId: string | null; readonly staffId?: string },
): Promise<void> {
  if (link.userId === null) return;
  const others = link.staffId === undefined ? {} : { NOT: { id: link.staffId } };
  const where = { salonId: salon.id, userId: link.userId, deletedAt: null, ...others };
  if ((await tx.staffMember.count({ where })) > 0) throw errors.staffUserLinked();
}
