import type { RestClient } from './rest-client.ts';
import type { SalonPlan, ServicePlan } from './salons.ts';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Every day, and on Fridays after the noon prayer. */
const weekly = days.map((day) => ({ day, opens: day === 'friday' ? '14:00' : '10:00', closes: '22:00' }));

/** In Ramadan of every year: the afternoon, and the night after the prayer. Staff work then on the days on which they work. */
const ramadan = {
  key: 'ramadan',
  name: { ar: 'رمضان', en: 'Ramadan' },
  hijri_month: 9,
  weekly: days.flatMap((day) => [
    { day, opens: '13:00', closes: '17:00' },
    { day, opens: '20:30', closes: '24:00' },
  ]),
};

interface Made {
  id: string;
}

/** Makes and publishes the salon with its services and staff, as its manager would. `userIds` is by phone number. */
export async function createSalon(
  manager: RestClient,
  plan: SalonPlan,
  userIds: ReadonlyMap<string, string>,
): Promise<void> {
  const salon = await manager.call<Made>('POST', '/api/salons', plan.salon);
  await manager.call('PUT', `/api/salons/${salon.id}/hours`, { weekly, seasons: [ramadan] });
  const resourceIds = await createResources(manager, salon.id, plan);
  const serviceIds: string[] = [];
  // One after the other: they are listed in the order they were added.
  for (const service of plan.services) {
    serviceIds.push(await createService(manager, salon.id, { service, resourceIds }));
  }
  for (const person of plan.staff) {
    const userId = userIds.get(person.phoneNumber);
    const member = await manager.call<Made>('POST', `/api/salons/${salon.id}/staff`, {
      name: person.name,
      gender: person.gender,
      service_ids: serviceIds,
      ...(userId ? { user_id: userId } : {}),
    });
    await manager.call('PUT', `/api/staff/${member.id}/availability`, { weekly });
  }
  await manager.call('POST', `/api/salons/${salon.id}/publish`, {});
}

/** The ids by the plan's keys. */
async function createResources(
  manager: RestClient,
  salonId: string,
  { resources }: SalonPlan,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { key, ...resource } of resources) {
    ids.set(key, (await manager.call<Made>('POST', `/api/salons/${salonId}/resources`, resource)).id);
  }
  return ids;
}

async function createService(
  manager: RestClient,
  salonId: string,
  { service, resourceIds }: { service: ServicePlan; resourceIds: ReadonlyMap<string, string> },
): Promise<string> {
  const { name, category, minutes, bufferAfter = 0, halalas, needs = [] } = service;
  const made = await manager.call<Made>('POST', `/api/salons/${salonId}/services`, {
    name,
    category,
    duration_minutes: minutes,
    buffer_after_minutes: bufferAfter,
    price: { amount: halalas, currency: 'SAR' },
    resource_needs: needs.map((keys) => ({ resource_ids: keys.map((key) => resourceIds.get(key)) })),
  });
  return made.id;
}
