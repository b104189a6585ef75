import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertStatus,
  createCustomer,
  findSalon,
  findService,
  listSlots,
  payOnPage,
  type RestBooking,
  type RestPayment,
  waitFor,
} from '@mawid/dev-stack';
import pg from 'pg';
import { newPhone, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;

interface HeldBooking extends RestBooking {
  readonly hold_expires_at: string;
}

beforeAll(async () => {
  // A payment whose webhook was lost is asked for after this time, a minute otherwise.
  stack = await startTestStack({ env: { PAYMENT_POLL_MS: '3000' } });
}, 120_000);

afterAll(() => stack?.close());

async function choose(policy: 'at_salon' | 'in_advance') {
  const customer = createCustomer(stack.urls, newPhone(), 'ar');
  await customer.signIn();
  const salon = (await findSalon(customer, policy)).body;
  const service = (await findService(customer, salon.id)).body;
  const { slots } = (await listSlots(customer, { salonId: salon.id, serviceId: service.id, daysAhead: 4 })).body;
  const slot = slots[0];
  if (slot === undefined) throw new Error('no free time');
  const body = {
    salon_id: salon.id,
    items: [{ service_id: service.id, staff_id: slot.staff_ids[0] }],
    start_at: slot.start_at,
  };
  return { customer, body };
}

describe('two bookings of one time', () => {
  it('gives it to one and SLOT_TAKEN to the other', async () => {
    const [first, second] = [await choose('at_salon'), await choose('at_salon')];
    const answers = await Promise.all(
      [first, second].map(({ customer }) => customer.call('/api/bookings', { method: 'POST', body: first.body })),
    );
    expect(answers.map((it) => it.status).sort()).toEqual([201, 409]);
    const loser = answers.find((it) => it.status === 409);
    expect(loser?.body).toMatchObject({ code: 'SLOT_TAKEN', status: 409, detail: expect.stringContaining('حجز') });
  });

  it('is refused by the database itself, around the application', async () => {
    const { customer, body } = await choose('at_salon');
    assertStatus(await customer.call('/api/bookings', { method: 'POST', body }), 201);
    const client = new pg.Client(stack.databaseUrls.booking);
    await client.connect();
    try {
      const copy = `insert into claims (subject, during, booking_id)
        select subject, during, booking_id from claims where active and booking_id is not null limit 1`;
      await expect(client.query(copy)).rejects.toMatchObject({ code: '23P01' });
    } finally {
      await client.end();
    }
  });
});

describe('kill -9 of notify', () => {
  it('loses no confirmation and sends none twice', async () => {
    const { customer, body } = await choose('in_advance');
    const booking = assertStatus(await customer.call<RestBooking>('/api/bookings', { method: 'POST', body }), 201).body;
    const pay = { method: 'POST', body: { booking_id: booking.id, method: 'hosted_invoice' } };
    const payment = assertStatus(await customer.call<RestPayment>('/api/payments', pay), 201).body;
    stack.services.notify.kill('SIGKILL');
    await stack.services.notify.exited;
    await payOnPage(payment.payment_url);
    const read = () => customer.call<RestBooking>(`/api/bookings/${booking.id}`);
    await waitFor(read, (it) => (it.body.state === 'confirmed' ? it : undefined));
    await stack.services.notify.restart();
    await customer.waitForMessage((it) => it.body.includes('تأكيد'));
    await stack.settled();
    expect((await customer.messages()).filter((it) => it.body.includes('تأكيد'))).toHaveLength(1);
  });

  it('sends once when it dies again and again while messages are on their way', async () => {
    const bookings = [];
    for (let n = 0; n < 3; n += 1) {
      const { customer, body } = await choose('at_salon');
      bookings.push(customer);
      assertStatus(await customer.call('/api/bookings', { method: 'POST', body }), 201);
      stack.services.notify.kill('SIGKILL');
      await stack.services.notify.exited;
      await stack.services.notify.restart();
    }
    for (const customer of bookings) {
      await customer.waitForMessage((it) => it.body.includes('تأكيد'), 30_000);
    }
    await stack.settled();
    for (const customer of bookings) {
      expect((await customer.messages()).filter((it) => it.body.includes('تأكيد'))).toHaveLength(1);
    }
  });
});

describe('kill -9 of booking while its payer is sent to the bank’s page', () => {
  it('still keeps the time for them a little longer, and lets them pay', async () => {
    const { customer, body } = await choose('in_advance');
    const booking = assertStatus(await customer.call<HeldBooking>('/api/bookings', { method: 'POST', body }), 201).body;
    const pay = { method: 'POST', body: { booking_id: booking.id, method: 'hosted_invoice' } };
    const payment = assertStatus(await customer.call<RestPayment>('/api/payments', pay), 201).body;
    const { booking: bookingService } = stack.services;
    bookingService.kill('SIGKILL');
    await bookingService.exited;
    await bookingService.restart();
    const read = () => customer.call<HeldBooking>(`/api/bookings/${booking.id}`);
    const isLonger = (it: HeldBooking) => Date.parse(it.hold_expires_at) > Date.parse(booking.hold_expires_at);
    await waitFor(read, (it) => (isLonger(it.body) ? it : undefined), 60_000);
    await payOnPage(payment.payment_url);
    await waitFor(read, (it) => (it.body.state === 'confirmed' ? it : undefined), 60_000);
  });
});

describe('kill -9 of payments and booking while money moves', () => {
  it('still confirms what was paid', async () => {
    const { customer, body } = await choose('in_advance');
    const booking = assertStatus(await customer.call<RestBooking>('/api/bookings', { method: 'POST', body }), 201).body;
    const pay = { method: 'POST', body: { booking_id: booking.id, method: 'hosted_invoice' } };
    const payment = assertStatus(await customer.call<RestPayment>('/api/payments', pay), 201).body;
    await payOnPage(payment.payment_url);
    const { payments, booking: bookingService } = stack.services;
    payments.kill('SIGKILL');
    bookingService.kill('SIGKILL');
    await Promise.all([payments.exited, bookingService.exited]);
    await Promise.all([payments.restart(), bookingService.restart()]);
    const read = () => customer.call<RestBooking>(`/api/bookings/${booking.id}`);
    // The webhook may have met a dead service; the provider repeats it after a minute, we ask on our own before.
    await waitFor(read, (it) => (it.body.state === 'confirmed' ? it : undefined), 60_000);
    await stack.settled();
    expect((await customer.messages()).filter((it) => it.body.includes('تأكيد'))).toHaveLength(1);
  });
});
