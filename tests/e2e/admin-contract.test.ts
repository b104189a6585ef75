import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@mawid/dev-stack';
import { askForCode, type Person, signIn, wrong } from './people.ts';
import { callRest } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
let admin: Person;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { OTP_RESEND_COOLDOWN_SECONDS: '0' } });
  admin = await signIn(stack, accounts.admin.phoneNumber);
}, 120_000);

afterAll(() => stack?.close());

const suspend = (userId: string) =>
  admin.call(`POST /api/admin/users/${userId}/suspend`, { body: { reason: 'fraud report' } });

describe('GET /api/admin/users', () => {
  it('finds a person by the phone number in any spelling, and by its end', async () => {
    const phone = newPhone();
    const person = await signIn(stack, phone, { body: { first_name: 'Lama', last_name: 'Al-Amri' } });
    const spellings = [phone, phone.replace('+966', '0'), phone.slice(4), phone.slice(-5), 'Al-Amri'];
    for (const query of spellings) {
      const { status, body } = await admin.call(`GET /api/admin/users?query=${encodeURIComponent(query)}`);
      expect([query, status, body.users[0]?.user.id]).toEqual([query, 200, person.user.id]);
    }
    const account = (await admin.call(`GET /api/admin/users/${person.user.id}`)).body;
    expect(account).toMatchObject({ user: person.user, state: 'active', suspension_reason: '' });
  });

  it('narrows by role and pages', async () => {
    const first = (await admin.call('GET /api/admin/users?role=staff&page_size=4')).body;
    expect(first.users).toHaveLength(4);
    const query = `role=staff&page_size=4&page_token=${encodeURIComponent(first.next_page_token)}`;
    const second = (await admin.call(`GET /api/admin/users?${query}`)).body;
    const ids = [...first.users, ...second.users].map((it: { user: { id: string } }) => it.user.id);
    expect([ids.length, new Set(ids).size, second.next_page_token]).toEqual([6, 6, '']);
  });
});

describe('POST /api/admin/users/{user_id}/suspend', () => {
  it('keeps a person from signing in, in both languages, until reinstated', async () => {
    const person = await signIn(stack);
    const answer = await suspend(person.user.id);
    expect(answer.body).toMatchObject({ state: 'suspended', suspension_reason: 'fraud report' });
    expect((await person.call('GET /api/auth/me')).status).toBe(401);
    const refresh = { body: { refresh: person.refresh } };
    expect((await callRest(stack.urls.gateway, 'POST /api/auth/token/refresh/', refresh)).status).toBe(401);
    for (const [language, detail] of [
      ['en', 'This account is suspended. Please contact support.'],
      ['ar', 'هذا الحساب موقوف. يرجى التواصل مع الدعم.'],
    ] as const) {
      const { body, code } = await askForCode(stack, { phoneNumber: person.phoneNumber });
      const parts = { body: { request_id: body.request_id, code }, headers: { 'accept-language': language } };
      const refused = await callRest(stack.urls.gateway, 'POST /api/auth/phone/verify/', parts);
      expect([refused.status, refused.body.code, refused.body.detail]).toEqual([403, 'ACCOUNT_SUSPENDED', detail]);
    }
    expect((await admin.call(`POST /api/admin/users/${person.user.id}/reinstate`, { body: {} })).body.state).toBe(
      'active',
    );
    expect((await signIn(stack, person.phoneNumber)).user.id).toBe(person.user.id);
  });

  it('is nothing an admin can do to the own account', async () => {
    const answer = await suspend(admin.user.id);
    expect([answer.status, answer.body.code]).toEqual([409, 'OWN_ACCOUNT']);
  });
});

describe('what else operators do', () => {
  it('sees and ends the sessions of a person, and forgets wrong guesses', async () => {
    const person = await signIn(stack);
    const path = `/api/admin/users/${person.user.id}`;
    expect((await admin.call(`GET ${path}/sessions`)).body.sessions).toHaveLength(1);
    expect((await admin.call(`POST ${path}/end-sessions`, { body: {} })).body).toEqual({ ended_count: 1 });
    expect((await person.call('GET /api/auth/me')).status).toBe(401);
    expect((await admin.call(`POST ${path}/unlock`, { body: {} })).status).toBe(200);
  });

  it('gives roles by phone number, also to people who have no account yet', async () => {
    const phone_number = newPhone();
    const body = { phone_number: phone_number.replace('+966', '0'), role: 'staff', first_name: 'Reem' };
    const answer = await admin.call('POST /api/admin/users/role', { body });
    expect(answer.body).toMatchObject({ phone_number, role: 'staff', first_name: 'Reem' });
    const own = { phone_number: admin.phoneNumber, role: 'customer' };
    const last = await admin.call('POST /api/admin/users/role', { body: own });
    expect([last.status, last.body.code]).toEqual([409, 'LAST_ADMIN']);
  });

  it('reads who did what in the audit log, with no code and no token in it', async () => {
    const phoneNumber = newPhone();
    const { body, code } = await askForCode(stack, { phoneNumber });
    const verify = (guess: string) =>
      callRest(stack.urls.gateway, 'POST /api/auth/phone/verify/', {
        body: { request_id: body.request_id, code: guess },
      });
    expect((await verify(wrong(code))).status).toBe(400);
    const tokens = (await verify(code)).body;
    const log = await admin.call(`GET /api/admin/audit-log?phone_number=${encodeURIComponent(phoneNumber)}`);
    const told = log.body.entries.map((it: { kind: string; outcome: string }) => `${it.kind} ${it.outcome}`);
    expect(told.toReversed()).toEqual(
      expect.arrayContaining(['code_requested ok', 'code_checked refused', 'code_checked ok', 'signed_in ok']),
    );
    for (const secret of [code, wrong(code), tokens.access, tokens.refresh]) expect(log.text).not.toContain(secret);
    expect(log.body.entries[0]).toMatchObject({ address: '127.0.0.1', actor_kind: expect.any(String) });
  });

  it('is for nobody else', async () => {
    const customer = await signIn(stack);
    const lines = ['users', 'audit-log', `users/${customer.user.id}`, `users/${customer.user.id}/sessions`];
    const posts = ['suspend', 'reinstate', 'unlock', 'end-sessions'].map((it) => `users/${customer.user.id}/${it}`);
    for (const [method, paths] of Object.entries({ GET: lines, POST: [...posts, 'users/role'] })) {
      for (const path of paths) {
        const parts = method === 'POST' ? { body: { reason: 'x', phone_number: newPhone(), role: 'admin' } } : {};
        const answer = await customer.call(`${method} /api/admin/${path}`, parts);
        expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'PERMISSION_DENIED']);
        expect((await callRest(stack.urls.gateway, `${method} /api/admin/${path}`, parts)).status).toBe(401);
      }
    }
  });
});
