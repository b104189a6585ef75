import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessRuleOf, registry, restOptionsOf, services } from '@mawid/contracts';
import { accounts, createCustomer } from '@mawid/dev-stack';
import type { Binding } from '../../gateway/src/rest/binding.ts';
import { compileRoutes } from '../../gateway/src/rest/routes.ts';
import { createRequestMaker } from '../../gateway/tests/support/bad-input/bad-request.ts';
import { flood } from '../../gateway/tests/support/bad-input/flood.ts';
import { seedOf } from '../../gateway/tests/support/bad-input/random.ts';
import type { RawReply } from '../../gateway/tests/support/bad-input/read-replies.ts';
import { callRest } from './rest-call.ts';
import { newPhone, startTestStack, type TestStack } from './test-stack.ts';

/** Generated requests for each route. A failure names its seed: BAD_INPUT_SEED=… sends the same ones again, BAD_INPUT_COUNT=… more of them. */
const count = Number(process.env.BAD_INPUT_COUNT ?? 160);
const seed = Number(process.env.BAD_INPUT_SEED ?? Date.now() % 1_000_000_007);

const quiet = { RATE_LIMITS: 'off', OVERLOAD_MAX_DELAY_MS: '0', MAX_CONCURRENT_CALLS: '0' };

let stack: TestStack;
let tokens: string[];
let known: Record<string, string[]>;
const failures: string[] = [];
const answered = { all: 0, well: 0 };

beforeAll(async () => {
  stack = await startTestStack({
    // What is meant for floods would answer this one; nothing else is changed.
    env: { ...quiet, OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '1000' },
  });
  tokens = await Promise.all(
    [newPhone(), accounts.manager.phoneNumber, accounts.admin.phoneNumber].map(async (phone) => {
      const { body } = await createCustomer(stack.urls, phone).signIn();
      return body.access;
    }),
  );
  known = await findKnown();
}, 120_000);

afterAll(() => stack?.close());

/** Ids that exist, for requests that get past "not found". */
async function findKnown(): Promise<Record<string, string[]>> {
  const get = async (path: string) =>
    (await callRest(stack.urls.gateway, `GET ${path}`, { token: tokens[1] as string })).body;
  const { salons } = await get('/api/salons');
  const salonId: string = salons[0].id;
  const { services: offers } = await get(`/api/salons/${salonId}/services`);
  const { staff } = await get(`/api/salons/${salonId}/staff`);
  const { resources = [] } = await get(`/api/salons/${salonId}/resources`);
  const from = new Date(Date.now() + 2 * 86_400_000).toISOString();
  const to = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const { slots } = await get(`/api/salons/${salonId}/slots?service_ids=${offers[0].id}&from=${from}&to=${to}`);
  const { body: booking } = await callRest(stack.urls.gateway, 'POST /api/bookings', {
    token: tokens[0] as string,
    body: { salon_id: salonId, items: [{ service_id: offers[0].id }], start_at: slots[0].start_at },
  });
  return {
    salon_id: [salonId],
    booking_id: [booking.id],
    service_id: [offers[0].id],
    service_ids: [offers[0].id],
    staff_id: [staff[0].id],
    staff_ids: [staff[0].id],
    resource_id: resources.map(({ id }: { id: string }) => id),
    resource_ids: resources.map(({ id }: { id: string }) => id),
  };
}

function makerOf(binding: Binding, index: number) {
  const credentials = ['', ...tokens.map((token) => `Authorization: Bearer ${token}`)];
  // What signs the user out would leave nobody to ask the rest.
  const ends =
    /\/(?:logout|logout-all)$|\/sessions/.test(binding.route) ||
    (binding.route === '/api/auth/me' && binding.httpMethod === 'DELETE');
  return createRequestMaker(binding, {
    seed: seedOf(seed, index),
    credentials: ends ? ['', 'Authorization: Bearer nobody'] : credentials,
    known,
  });
}

async function floodRoute(binding: Binding, index: number): Promise<void> {
  const make = makerOf(binding, index);
  const onReply = (number: number, { status, head, body }: RawReply): void => {
    answered.all += 1;
    if (status < 300) answered.well += 1;
    if (status < 500 || isProvider(head, body)) return;
    const request = make(number)
      .toString('latin1')
      .replace(/Bearer \S+/, 'Bearer …')
      .slice(0, 3_000);
    failures.push(`BAD_INPUT_SEED=${seed} ${JSON.stringify(request)}\n${head.split('\r\n', 1)} ${body}`);
  };
  await flood({ port: stack.ports.gateway, count, connections: 2, depth: 4, make, onReply });
}

/** 501 is the right answer for a way to sign in that nobody has set up. */
function isProvider(head: string, body: Buffer): boolean {
  return head.startsWith('HTTP/1.1 501') && JSON.parse(body.toString()).code === 'SOCIAL_PROVIDER_NOT_CONFIGURED';
}

describe('the whole system', () => {
  it('answers no generated request with 5xx, and lives on', async () => {
    const { bindings } = compileRoutes({ services, registry, accessRuleOf, restOptionsOf });
    const isLast = ({ httpMethod, route }: Binding) => Number(httpMethod === 'DELETE' || route.endsWith('/unpublish'));
    // What takes things away comes last, else the rest would find nothing.
    const ordered = [...bindings].sort((a, b) => isLast(a) - isLast(b));
    for (const [index, binding] of ordered.entries()) await floodRoute(binding, index);
    expect([failures.length, ...failures.slice(0, 8)]).toEqual([0]);
    // Where nothing gets through, nothing was tested.
    expect(answered.well / answered.all).toBeGreaterThan(0.03);
    const ready = await callRest(stack.urls.gateway, 'GET /readyz');
    expect(ready.status).toBe(200);
    const dead = Object.values(stack.processes).filter((each) => !each.isRunning);
    expect(dead.map((each) => each.name)).toEqual([]);
  }, 300_000);
});
