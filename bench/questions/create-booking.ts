import { assertStatus, createCustomer, findSalon, findService, type RestSlot } from '@mawid/dev-stack';
import type { BenchStack } from '../src/bench-stack.ts';
import type { Load, Measured } from '../src/measure.ts';

export const question =
  'What does a booking cost? POST /api/bookings, each for a free time, with its event and its message';
export const load: Load = { rounds: 5, requests: 200, concurrency: 4 };

/** Free times of the seeded salon that do not touch each other, so that every booking can be made. */
export async function prepare({ stack, processes }: BenchStack): Promise<Measured> {
  const customer = createCustomer(stack.urls, '+966567654321', 'ar');
  await customer.signIn();
  const salon = (await findSalon(customer, 'at_salon')).body;
  const service = (await findService(customer, salon.id)).body;
  const day = 86_400_000;
  const choices: { staff_id: string; start_at: string }[] = [];
  for (const offset of [1, 30]) {
    const [from, to] = [offset, offset + 29].map((days) => new Date(Date.now() + days * day).toISOString());
    const query = new URLSearchParams({ service_ids: service.id, from: from ?? '', to: to ?? '' });
    const answer = await customer.call<{ slots: RestSlot[] }>(`/api/salons/${salon.id}/slots?${query}`);
    choices.push(...assertStatus(answer, 200).body.slots.filter(isFirstOfItsHour).flatMap(toChoices));
  }
  return {
    processes,
    async run(index) {
      const choice = choices[index];
      if (choice === undefined) throw new Error(`only ${choices.length} free times`);
      const items = [{ service_id: service.id, staff_id: choice.staff_id }];
      const body = { salon_id: salon.id, items, start_at: choice.start_at };
      assertStatus(await customer.call('/api/bookings', { method: 'POST', body }), 201);
    },
  };
}

function isFirstOfItsHour(slot: RestSlot): boolean {
  return new Date(slot.start_at).getUTCMinutes() === 0;
}

function toChoices(slot: RestSlot): { staff_id: string; start_at: string }[] {
  return slot.staff_ids.map((staff_id) => ({ staff_id, start_at: slot.start_at }));
}
