import { assertStatus, createCustomer } from '@mawid/dev-stack';
import type { BenchStack } from '../src/bench-stack.ts';
import type { Load, Measured } from '../src/measure.ts';

export const question = 'What does asking for a sign-in code cost? POST /api/auth/phone/request, each for a new phone';
export const load: Load = { rounds: 5, requests: 400, concurrency: 8 };

/** Each request is for a phone that never asked before: a user, a code and an event are made. */
export async function prepare({ stack, processes }: BenchStack): Promise<Measured> {
  const nobody = createCustomer(stack.urls, '', 'en');
  return {
    processes,
    async run(index) {
      const body = { phone_number: `+96656${String(1_000_000 + index)}` };
      assertStatus(await nobody.call('/api/auth/phone/request', { method: 'POST', body }), 201);
    },
  };
}
