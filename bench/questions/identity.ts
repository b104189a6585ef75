import { assertStatus, createCustomer } from '@mawid/dev-stack';
import type { BenchStack } from '../src/bench-stack.ts';
import { startChild } from '../src/child.ts';
import type { Load, Measured } from '../src/measure.ts';

export const question = 'What does a sign-in cost, from the code to a call with its token?';
export const load: Load = { rounds: 5, requests: 200, concurrency: 8 };

interface SignedIn {
  readonly access: string;
  readonly refresh: string;
}

/** Each step works on what the one before it was answered: a person a request, over all rounds. */
export async function* steps(bench: BenchStack) {
  const requestIds: string[] = [];
  const people: SignedIn[] = [];
  yield step('POST phone/request', bench, async (index) => {
    const body = { phone_number: phoneOf(index) };
    const answer = await post<{ request_id: string }>(bench, '/api/auth/phone/request', body);
    requestIds[index] = assertStatus(answer, 201).body.request_id;
  });
  const codes = await readCodes(bench, requestIds.length);
  yield step('POST phone/verify', bench, async (index) => {
    const body = { request_id: requestIds[index], code: codes[index] };
    people[index] = assertStatus(await post<SignedIn>(bench, '/api/auth/phone/verify', body), 200).body;
  });
  yield step('POST token/refresh', bench, async (index) => {
    const answer = await post<SignedIn>(bench, '/api/auth/token/refresh', { refresh: people[index]?.refresh });
    people[index] = { ...people[index], ...assertStatus(answer, 200).body };
  });
  // Of one person from here on, whose token every process knows after the first round.
  const access = people[0]?.access ?? '';
  yield step('GET auth/me', bench, () => get(bench, '/api/auth/me', access));
  yield step('GET bookings', bench, () => get(bench, '/api/bookings', access));
  // Each with a token that no process has seen yet.
  yield step('GET bookings, new token', bench, (index) => get(bench, '/api/bookings', people[index]?.access ?? ''));
  yield { note: await measureChecks(bench) };
}

function step(name: string, { processes }: BenchStack, run: Measured['run']): { name: string; measured: Measured } {
  return { name, measured: { processes, run } };
}

function phoneOf(index: number): string {
  return `+96656${String(1_000_000 + index)}`;
}

function post<T>({ stack }: BenchStack, path: string, body: object) {
  return createCustomer(stack.urls, '', 'en').call<T>(path, { method: 'POST', body });
}

async function get({ stack }: BenchStack, path: string, access: string): Promise<void> {
  const headers = { authorization: `Bearer ${access}` };
  assertStatus(await createCustomer(stack.urls, '', 'en').call(path, { headers }), 200);
}

/** What arrived on the phones of the first so many people. */
async function readCodes({ stack }: BenchStack, count: number): Promise<string[]> {
  const codes: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const phone = createCustomer(stack.urls, phoneOf(index), 'en');
    codes[index] = (await phone.waitForMessage((it) => it.code !== undefined, 60_000)).code ?? '';
  }
  return codes;
}

/** The check of a token alone, as every service does it. */
async function measureChecks({ stack }: BenchStack): Promise<string> {
  const child = await startChild('token-check', { args: [stack.natsUrl] });
  try {
    const { known, unknown } = await child.ask<{ known: number; unknown: number }>({ checks: 3_000, rounds: 5 });
    return `token check: ${known.toFixed(1)} µs CPU of a known token, ${unknown.toFixed(0)} µs of a new one`;
  } finally {
    await child.close();
  }
}
