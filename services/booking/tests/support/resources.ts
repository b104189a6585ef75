import { type Resource, ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Clients } from './bench.ts';
import type { MadeSalon } from './make-salon.ts';

/** Adds a room to the salon. */
export function makeRoom({ catalog }: Clients, { id, manager }: MadeSalon): Promise<Resource> {
  const name = { ar: 'غرفة', en: 'Room' };
  return catalog.createResource({ salonId: id, kind: ResourceKind.ROOM, name }, as(manager));
}

/** Lets a service take one of the resources. */
export async function needOneOf(
  { catalog }: Clients,
  { manager }: MadeSalon,
  { serviceId, resourceIds }: { serviceId: string; resourceIds: string[] },
): Promise<void> {
  await catalog.updateService({ serviceId, resourceNeeds: { needs: [{ resourceIds }] } }, as(manager));
}
