import type { RestClient } from './rest-client.ts';
import type { SalonPlan } from './salons.ts';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Every day, and on Fridays after the noon prayer. */
const weekly = days.map((day) => ({ day, opens: day === 'friday' ? '14:00' : '10:00', closes: '22:00' }));

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
  await manager.call('PUT', `/api/salons/${salon.id}/hours`, { weekly });
  const serviceIds = await createServices(manager, salon.id, plan);
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

// One after the other: they are listed in the order they were added.
async function createServices(manager: RestClient, salonId: string, plan: SalonPlan): Promise<string[]> {
  const ids: string[] = [];
  for (const service of plan.services) {
    const made = await manager.call<Made>('POST', `/api/salons/${salonId}/services`, {
      name: service.name,
      category: service.category,
      duration_minutes: service.minutes,
      buffer_after_minutes: service.bufferAfter ?? 0,
      price: { amount: service.halalas, currency: 'SAR' },
    });
    ids.push(made.id);
  }
  return ids;
}
