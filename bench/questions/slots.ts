import { assertStatus, createCustomer, findSalon, findService } from '@mawid/dev-stack';
import type { BenchStack } from '../src/bench-stack.ts';
import type { Load, Measured } from '../src/measure.ts';

export const question = 'What does reading free times cost? GET /api/salons/{id}/slots over 7 days, any of 3 staff';
export const load: Load = { rounds: 5, requests: 300, concurrency: 4 };

/** The seeded salon, one service, a week from tomorrow. */
export async function prepare({ stack, processes }: BenchStack): Promise<Measured> {
  const nobody = createCustomer(stack.urls, '', 'en');
  const salon = (await findSalon(nobody, 'at_salon')).body;
  const service = (await findService(nobody, salon.id)).body;
  const day = 86_400_000;
  const [from, to] = [1, 8].map((days) => new Date(Date.now() + days * day).toISOString());
  const query = new URLSearchParams({ service_ids: service.id, from: from ?? '', to: to ?? '' });
  const path = `/api/salons/${salon.id}/slots?${query}`;
  return { processes, run: async () => void assertStatus(await nobody.call(path), 200) };
}
