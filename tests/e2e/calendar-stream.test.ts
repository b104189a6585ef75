import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertStatus,
  createCustomer,
  findSalon,
  findService,
  listSlots,
  type RestBooking,
  waitFor,
} from '@mawid/dev-stack';
import { type OpenStream, openStream } from '../../gateway/tests/support/event-reader.ts';
import { type ReadEvent, readEvents } from './openapi/read-events.ts';
import { callRest } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

const managerPhone = '+966500000001';

let stack: TestStack;
let salonId: string;
let open: OpenStream[] = [];

beforeAll(async () => {
  const env = { OTP_RESEND_COOLDOWN_SECONDS: '0', GATEWAY_STREAM_HEARTBEAT_MS: '500' };
  stack = await startCheckedStack({ env });
  salonId = (await findSalon(createCustomer(stack.urls, newPhone()), 'at_salon')).body.id;
}, 120_000);
afterEach(() => {
  for (const stream of open) stream.close();
  open = [];
});
afterAll(() => stack?.close());

async function signIn(phoneNumber = newPhone()) {
  const person = createCustomer(stack.urls, phoneNumber, 'en');
  const { access, user } = (await person.signIn()).body;
  return { ...person, access, user };
}

type Person = Awaited<ReturnType<typeof signIn>>;

async function book(customer: Person): Promise<RestBooking> {
  const service = (await findService(customer, salonId)).body;
  const { slots } = (await listSlots(customer, { salonId, serviceId: service.id, daysAhead: 3 })).body;
  const slot = slots[Math.floor(Math.random() * slots.length)];
  const body = { salon_id: salonId, items: [{ service_id: service.id }], start_at: slot?.start_at };
  return assertStatus(await customer.call<RestBooking>('/api/bookings', { method: 'POST', body }), 201).body;
}

const path = (id = salonId) => `/api/salons/${id}/calendar/stream`;

async function watch({ access }: Person, lastEventId?: string) {
  const stream = await openStream(stack.urls.gateway + path(), {
    accept: 'text/event-stream',
    authorization: `Bearer ${access}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  });
  open.push(stream);
  return {
    ...stream,
    /** What has been told, without marks. */
    facts: () =>
      readEvents(stream.text())
        .filter(({ type }) => type === 'message')
        .map(toFact)
        .filter(({ fact }) => fact !== ''),
    lastId: () => readEvents(stream.text()).findLast(({ id }) => id !== '')?.id ?? '',
  };
}

function toFact({ id, data }: ReadEvent) {
  const { kind, booking, version, fact } = JSON.parse(data);
  return { id, kind, fact, version, bookingId: booking?.id, state: booking?.state };
}

describe('the stream of a calendar', () => {
  it('tells a manager of bookings, and goes on with what was missed', async () => {
    const [manager, customer] = [await signIn(managerPhone), await signIn()];
    const first = await watch(manager);
    expect(first.response.headers['content-type']).toBe('text/event-stream');
    await first.until(/id: \d+-\d+\ndata: .*"kind":"resync"/);
    const { id } = await book(customer);
    await first.until(`"fact":"booking.booking.v1.confirmed"`);
    expect(first.facts()).toMatchObject([{ kind: 'booking', bookingId: id, state: 'confirmed', version: 1 }]);
    first.close();
    const body = { reason: 'Travelling' };
    assertStatus(await customer.call(`/api/bookings/${id}/cancel`, { method: 'POST', body }), 200);
    const second = await watch(manager, first.lastId());
    await second.until(`"fact":"booking.booking.v1.cancelled"`);
    expect(second.facts()).toMatchObject([{ kind: 'booking', bookingId: id, state: 'cancelled', version: 2 }]);
    expect(second.text()).not.toContain('resync');
  });

  it('misses nothing when booking is restarted, for a client that comes back as browsers do', async () => {
    const [manager, customer] = [await signIn(managerPhone), await signIn()];
    const first = await watch(manager);
    await first.until('"kind":"resync"');
    const before = await book(customer);
    await first.until(before.id);
    await stack.services.booking.restart();
    first.close();
    // The gateway comes back to it in its own time.
    await waitFor(
      () => customer.call(`/api/salons/${salonId}`),
      ({ status }) => (status === 200 ? true : undefined),
    );
    const after = await book(customer);
    const second = await watch(manager, first.lastId());
    await second.until(after.id);
    expect(second.facts().map(({ bookingId }) => bookingId)).toEqual([after.id]);
    expect(second.text()).not.toContain('resync');
  });

  it('ends with the session, and says so', async () => {
    const manager = await signIn(managerPhone);
    const stream = await watch(manager);
    await stream.until('"kind":"resync"');
    assertStatus(await manager.call('/api/auth/logout', { method: 'POST', body: {} }), 204);
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/event: error\ndata: .*"code":"UNAUTHENTICATED"/);
  });

  it('is refused to customers, with an id of nobody, and to those who want no events', async () => {
    const [manager, customer] = [await signIn(managerPhone), await signIn()];
    const ask = (token: string | undefined, headers: Record<string, string> = {}) =>
      callRest(stack.urls.gateway, `GET ${path()}`, { ...(token === undefined ? {} : { token }), headers });
    const statuses = [
      await ask(undefined),
      await ask(customer.access),
      await ask(manager.access, { 'last-event-id': 'yesterday' }),
      await ask(manager.access, { accept: 'application/json' }),
    ].map(({ status, body }) => [status, body.code]);
    expect(statuses).toEqual([
      [401, 'UNAUTHENTICATED'],
      [403, 'PERMISSION_DENIED'],
      [400, 'RESUME_ID_INVALID'],
      [406, 'NOT_ACCEPTABLE'],
    ]);
  });
});
