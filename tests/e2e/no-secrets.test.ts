import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  accounts,
  assertStatus,
  createCustomer,
  findSalon,
  findService,
  listSlots,
  payOnPage,
  type RestBooking,
  type RestPayment,
} from '@mawid/dev-stack';
import { askForCode, signIn, wrong } from './people.ts';
import { callRest, type RequestParts } from './rest-call.ts';
import { newPhone, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack | undefined;

afterEach(() => stack?.close());

/** Everything is said that can be said. */
const talkative = {
  LOG_LEVEL: 'trace',
  GATEWAY_ACCESS_LOG: 'all',
  OTP_RESEND_COOLDOWN_SECONDS: '0',
  OTP_MAX_PER_WINDOW: '1000',
};

async function start(): Promise<TestStack> {
  stack = await startTestStack({ env: talkative });
  return stack;
}

const callOf =
  ({ urls }: TestStack) =>
  (line: string, parts?: RequestParts) =>
    callRest(urls.gateway, line, parts);

// The stack scans its own logs and spans when it closes, as in every file; here much more is said, and much goes wrong.
describe('logs and spans at their most talkative', () => {
  it('O10: hold no code, token, device name, number or address of a sign-in, right or wrong', async () => {
    const system = await start();
    await signInInEveryWay(system);
    await guess(system);
    await replayTokens(system);
    await sendNonsense(system);
    await system.close();
  }, 240_000);

  it('O10: hold none of a change of number, an erasure, or what an operator does', async () => {
    const system = await start();
    await changeNumber(system);
    await operate(system);
    await system.close();
  }, 240_000);

  it('O10: hold none of a journey from booking to payment, with a provider that fails', async () => {
    const system = await start();
    await bookAndPay(system);
    await system.close();
  }, 240_000);

  it('O10: a code that does stand in a log fails the file', async () => {
    const system = await start();
    const { code } = await askForCode(system, { phoneNumber: newPhone() });
    const file = join(system.dataFolder, 'logs/identity.log');
    await appendFile(file, `{"level":"debug","msg":"checked ${code}"}\n`);
    await expect(system.close()).rejects.toThrow(/logs\/identity\.log:\d+: one-time code/);
    stack = undefined;
  });
});

async function signInInEveryWay(system: TestStack): Promise<void> {
  const call = callOf(system);
  const phone = newPhone();
  const spellings = [phone.replace('+966', '0'), phone.replace('+', '00'), `${phone.slice(0, 4)} ${phone.slice(4)}`];
  for (const spelling of spellings) {
    const body = { phone_number: spelling, email: 'sara.alharbi@example.com', channel: 'whatsapp' };
    await askForCode(system, { phoneNumber: phone, body });
  }
  const person = await signIn(system, phone, { body: { email: 'sara.alharbi@example.com' } });
  await call('POST /api/auth/phone/request/', {
    body: { phone_number: newPhone(), email: 'Sara.Alharbi@example.com' },
  });
  const password = 'correct horse battery';
  await call('POST /api/auth/register/', { body: { phone_number: phone, password, email: 'other@example.com' } });
  await call('POST /api/auth/token/', { body: { username: phone, password } });
  const { body, code } = await askForCode(system, { phoneNumber: phone, line: 'POST /api/auth/otp/request/' });
  await call('POST /api/auth/otp/verify/', { body: { request_id: body.request_id, code } });
  await person.call('PATCH /api/auth/me/', { body: { email: 'sara.alharbi@example.com', first_name: 'سارة' } });
  await person.call('GET /api/auth/me/export');
}

async function guess(system: TestStack): Promise<void> {
  const phoneNumber = newPhone();
  const { body, code } = await askForCode(system, { phoneNumber });
  const verify = (guessed: unknown, request_id = body.request_id) =>
    callOf(system)('POST /api/auth/phone/verify/', { body: { request_id, code: guessed } });
  for (const each of [wrong(code), Number(code), `${code} `, code.repeat(30), code.split(''), { code }])
    await verify(each);
  await verify(code, phoneNumber);
  await verify(code, `${body.request_id}${code}`);
}

async function replayTokens(system: TestStack): Promise<void> {
  const call = callOf(system);
  const { access, refresh, device } = await signIn(system);
  const next = await call('POST /api/auth/token/refresh/', { body: { refresh } });
  // Another device with a used token: somebody has stolen it.
  await call('POST /api/auth/token/refresh/', { body: { refresh }, headers: { 'x-device-id': 'thief' } });
  await call('POST /api/auth/token/refresh/', { body: { refresh: next.body.refresh } });
  await call('POST /api/auth/token/refresh/', { body: { refresh: access } });
  await call('GET /api/auth/me', { token: refresh });
  await call('GET /api/auth/me', { token: `${access}x` });
  await call(`GET /api/auth/me?access_token=${access}`, { headers: { authorization: access } });
  await call('GET /api/auth/sessions', { headers: { 'x-device-id': device, cookie: `refresh=${refresh}` } });
  for (const provider of ['google', 'apple']) {
    await call(`POST /api/auth/social/${provider}/`, { body: { id_token: access, nonce: refresh } });
  }
}

async function sendNonsense(system: TestStack): Promise<void> {
  const call = callOf(system);
  const { phoneNumber, access, refresh } = await signIn(system);
  const text = `{"phone_number":"${phoneNumber}","refresh":"${refresh}",`;
  for (const line of ['POST /api/auth/phone/request/', 'POST /api/auth/token/refresh/', 'POST /api/bookings']) {
    await call(line, { body: text, token: access });
    await call(line, { body: { [phoneNumber]: refresh, refresh: [refresh], phone_number: { of: phoneNumber } } });
  }
  const encoded = encodeURIComponent(phoneNumber);
  await call(`GET /api/salons/${encoded}`);
  await call(`GET /api/nothing/${encoded}/${access}`);
  await call(`GET /api/salons?text=${encoded}&page_token=${refresh}`);
  const body = { phoneNumber, refresh };
  for (const url of Object.values(system.urls.http)) {
    await callRest(url, 'POST /mawid.identity.v1.AuthService/RefreshToken', { body });
    await callRest(url, 'POST /mawid.identity.v1.AuthService/RequestPhoneCode', { body });
  }
}

async function changeNumber(system: TestStack): Promise<void> {
  const person = await signIn(system, newPhone(), { body: { email: 'noura@example.com', first_name: 'Noura' } });
  const line = 'POST /api/auth/phone/change/request';
  const { body, code } = await askForCode(system, { line, phoneNumber: newPhone(), token: person.access });
  for (const each of [wrong(code), code]) {
    await person.call('POST /api/auth/phone/change/verify', { body: { request_id: body.request_id, code: each } });
  }
  await person.call('DELETE /api/auth/me/');
  await system.settled();
}

async function operate(system: TestStack): Promise<void> {
  const [admin, person] = [await signIn(system, accounts.admin.phoneNumber), await signIn(system)];
  const phone = encodeURIComponent(person.phoneNumber);
  for (const path of [`users?query=${phone}`, 'users?query=noura%40example.com', `audit-log?phone_number=${phone}`]) {
    await admin.call(`GET /api/admin/${path}`);
    await person.call(`GET /api/admin/${path}`);
  }
  await admin.call(`POST /api/admin/users/${person.user.id}/suspend`, {
    body: { reason: `calls from ${person.phoneNumber}` },
  });
  const { body, code } = await askForCode(system, { phoneNumber: person.phoneNumber });
  await callOf(system)('POST /api/auth/phone/verify/', { body: { request_id: body.request_id, code } });
  await system.settled();
}

async function bookAndPay(system: TestStack): Promise<void> {
  const customer = createCustomer(system.urls, newPhone(), 'ar');
  await customer.signIn();
  await callRest(system.urls.messages, 'POST /_control', { body: { mode: 'error', status: 503, times: 2 } });
  const salon = (await findSalon(customer, 'in_advance')).body;
  const service = (await findService(customer, salon.id)).body;
  const { slots } = (await listSlots(customer, { salonId: salon.id, serviceId: service.id, daysAhead: 3 })).body;
  const order = {
    ...{ salon_id: salon.id, items: [{ service_id: service.id }], start_at: slots[0]?.start_at },
    customer_note: `call ${customer.phoneNumber}`,
  };
  const booking = assertStatus(await customer.call<RestBooking>('/api/bookings', { method: 'POST', body: order }), 201);
  const body = { booking_id: booking.body.id, method: 'hosted_invoice' };
  const payment = assertStatus(await customer.call<RestPayment>('/api/payments', { method: 'POST', body }), 201).body;
  await payOnPage(payment.payment_url);
  await customer.waitForMessage((it) => it.body.includes('تأكيد'));
  await customer.call(`/api/bookings/${booking.body.id}/cancel`, {
    method: 'POST',
    body: { reason: customer.phoneNumber },
  });
  await customer.waitForMessage((it) => it.body.includes('استرداد'));
  await system.settled();
  // The last of it is in the log by now.
  expect(await readFile(join(system.dataFolder, 'logs/notify.log'), 'utf8')).toContain('a message was sent');
}
