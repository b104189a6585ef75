import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustomer, waitFor } from '@mawid/dev-stack';
import { askForCode, signIn, wrong } from './people.ts';
import { callRest, type RequestParts } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

// What a signed-in person does with the own account: sessions, the change of number, export, erasure.
let stack: TestStack;

beforeAll(async () => {
  // Several codes to one phone within a minute are this file's business, not what it tests.
  stack = await startCheckedStack({ env: { OTP_RESEND_COOLDOWN_SECONDS: '0' } });
}, 120_000);

afterAll(() => stack?.close());

const call = (line: string, parts?: RequestParts) => callRest(stack.urls.gateway, line, parts);
const refresh = (token: string) => call('POST /api/auth/token/refresh/', { body: { refresh: token } });
const inArabic = { headers: { 'accept-language': 'ar' } };

describe('sessions', () => {
  it('are listed, the one that asks marked, and end one by one', async () => {
    const phone = newPhone();
    const [first, second] = [await signIn(stack, phone), await signIn(stack, phone)];
    const { status, body } = await second.call('GET /api/auth/sessions');
    expect([status, body.next_page_token]).toEqual([200, '']);
    expect(body.sessions.map((it: { is_current: boolean }) => it.is_current)).toEqual([true, false]);
    expect(Object.keys(body.sessions[0])).toEqual(expect.arrayContaining(['id', 'amr', 'authenticated_at', 'address']));
    const other = body.sessions[1].id;
    expect((await second.call(`DELETE /api/auth/sessions/${other}`)).status).toBe(204);
    expect((await refresh(first.refresh)).status).toBe(401);
    expect((await second.call(`DELETE /api/auth/sessions/${other}`)).status).toBe(404);
    expect((await refresh(second.refresh)).status).toBe(200);
  });

  it("are nobody else's to end", async () => {
    const [owner, stranger] = [await signIn(stack), await signIn(stack)];
    const [session] = (await owner.call('GET /api/auth/sessions')).body.sessions;
    const answer = await stranger.call(`DELETE /api/auth/sessions/${session.id}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await owner.call('GET /api/auth/me')).status).toBe(200);
  });

  it('need a token', async () => {
    for (const line of ['GET /api/auth/sessions', 'POST /api/auth/logout', 'POST /api/auth/logout-all']) {
      const answer = await call(line, line.startsWith('POST') ? { body: {} } : {});
      expect([line, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        line,
        401,
        expect.stringContaining('Bearer'),
      ]);
    }
  });
});

describe('POST /api/auth/logout and logout-all', () => {
  it('logout ends this session and no other', async () => {
    const phone = newPhone();
    const [first, second] = [await signIn(stack, phone), await signIn(stack, phone)];
    expect((await second.call('POST /api/auth/logout', { body: {} })).status).toBe(204);
    expect((await second.call('GET /api/auth/me')).status).toBe(401);
    expect((await refresh(second.refresh)).status).toBe(401);
    expect((await first.call('GET /api/auth/me')).status).toBe(200);
  });

  it('logout-all ends every session', async () => {
    const phone = newPhone();
    const people = [await signIn(stack, phone), await signIn(stack, phone)];
    expect((await people[0]?.call('POST /api/auth/logout-all', { body: {} }))?.status).toBe(204);
    for (const person of people) {
      expect([(await person.call('GET /api/auth/me')).status, (await refresh(person.refresh)).status]).toEqual([
        401, 401,
      ]);
    }
  });
});

describe('POST /api/auth/phone/change/…', () => {
  const line = 'POST /api/auth/phone/change/request';

  it('replaces the number once the new one is verified, and tells the old one', async () => {
    const [person, elsewhere] = await signInTwice();
    const phoneNumber = newPhone();
    const request = await askForCode(stack, { line, phoneNumber, token: person.access });
    expect(Object.keys(request.body).sort()).toEqual(['channel', 'expires_at', 'request_id', 'resend_after_seconds']);
    expect((await person.call('GET /api/auth/me')).body.phone_number).toBe(person.phoneNumber);
    const proof = { request_id: request.body.request_id, code: request.code };
    const answer = await person.call('POST /api/auth/phone/change/verify', { body: proof });
    expect([answer.status, answer.body.phone_number, answer.body.id]).toEqual([200, phoneNumber, person.user.id]);
    expect((await refresh(elsewhere.refresh)).status).toBe(401);
    const old = createCustomer(stack.urls, person.phoneNumber);
    await waitFor(old.messages, (all) => all.find((it) => it.code === undefined));
    expect((await signIn(stack, phoneNumber)).user.id).toBe(person.user.id);
    expect((await signIn(stack, person.phoneNumber)).user.id).not.toBe(person.user.id);
  });

  it.each([
    ['en', 'Invalid or expired code'],
    ['ar', 'الرمز غير صحيح أو منتهي الصلاحية'],
  ])('says the same of every code that is not right (%s)', async (language, detail) => {
    const person = await signIn(stack);
    const { body, code } = await askForCode(stack, { line, phoneNumber: newPhone(), token: person.access });
    const forSignIn = await askForCode(stack, { phoneNumber: newPhone() });
    const proofs = [
      { request_id: body.request_id, code: wrong(code) },
      { request_id: 'nope', code },
      { request_id: forSignIn.body.request_id, code: forSignIn.code },
    ];
    for (const proof of proofs) {
      const headers = { 'accept-language': language };
      const answer = await person.call('POST /api/auth/phone/change/verify', { body: proof, headers });
      expect([answer.status, answer.body.detail]).toEqual([400, detail]);
    }
    const proof = { request_id: body.request_id, code };
    expect((await call('POST /api/auth/phone/verify/', { body: proof })).body.detail).toBe('Invalid or expired code');
  });

  it('answers the same for a number that somebody has, and refuses its own', async () => {
    const [person, other] = [await signIn(stack), await signIn(stack)];
    const taken = await askForCode(stack, { line, phoneNumber: other.phoneNumber, token: person.access });
    expect(taken.status).toBe(201);
    const proof = { request_id: taken.body.request_id, code: taken.code };
    const refused = await person.call('POST /api/auth/phone/change/verify', { body: proof, ...inArabic });
    expect([refused.status, refused.body.code]).toEqual([409, 'PHONE_NUMBER_TAKEN']);
    expect(refused.body.detail).toBe('رقم الهاتف هذا مرتبط بحساب آخر.');
    const headers = { 'accept-language': 'en' };
    const own = await person.call(line, { body: { phone_number: person.phoneNumber }, headers });
    expect([own.status, own.body.phone_number]).toEqual([400, ['This is your phone number already.']]);
    expect((await person.call(line, { body: { phone_number: '12' } })).status).toBe(400);
    expect((await call(line, { body: { phone_number: newPhone() } })).status).toBe(401);
  });
});

describe('GET /api/auth/me/export and DELETE /api/auth/me/', () => {
  it('hands out what is known of the person', async () => {
    const person = await signIn(stack);
    const { status, body } = await person.call('GET /api/auth/me/export');
    expect([status, body.user]).toEqual([200, person.user]);
    expect(body.sessions).toHaveLength(1);
    expect(body.devices).toHaveLength(1);
    expect(body.identities).toEqual([]);
    expect(body.audit_entries.map((it: { kind: string }) => it.kind)).toContain('signed_in');
    expect(JSON.stringify(body)).not.toContain(person.refresh);
  });

  it('erases the person; the number makes a new one', async () => {
    const person = await signIn(stack, newPhone(), { body: { first_name: 'Sara', email: 'gone@example.com' } });
    expect((await person.call('DELETE /api/auth/me/')).status).toBe(204);
    expect((await person.call('GET /api/auth/me')).status).toBe(401);
    expect((await refresh(person.refresh)).status).toBe(401);
    const next = await signIn(stack, person.phoneNumber, { body: { email: 'gone@example.com' } });
    expect([next.user.id === person.user.id, next.user.first_name]).toEqual([false, '']);
  });
});

describe('/api/auth/me/identities and /api/auth/social/{provider}', () => {
  it('answers 501 for providers that nobody has configured, in both languages', async () => {
    for (const provider of ['google', 'apple', 'myspace']) {
      const path = `POST /api/auth/social/${provider}/`;
      const english = await call(path, { body: { id_token: 'x.y.z' } });
      const arabic = await call(path, { body: { id_token: 'x.y.z', nonce: 'n' }, ...inArabic });
      expect([english.status, english.body.code]).toEqual([501, 'SOCIAL_PROVIDER_NOT_CONFIGURED']);
      expect([english.body.detail, arabic.body.detail]).toEqual([
        'Sign-in with this provider is not available.',
        'تسجيل الدخول عبر هذا المزود غير متاح.',
      ]);
    }
    const person = await signIn(stack);
    const link = await person.call('POST /api/auth/me/identities', { body: { provider: 'google', id_token: 'x.y.z' } });
    expect([link.status, link.body.code]).toEqual([501, 'SOCIAL_PROVIDER_NOT_CONFIGURED']);
  });

  it('lists none, and knows none of a foreign id', async () => {
    const person = await signIn(stack);
    expect((await person.call('GET /api/auth/me/identities')).body).toEqual({ identities: [] });
    expect((await person.call(`DELETE /api/auth/me/identities/${person.user.id}`)).status).toBe(404);
    expect((await call('GET /api/auth/me/identities')).status).toBe(401);
  });
});

async function signInTwice() {
  const phone = newPhone();
  const elsewhere = await signIn(stack, phone);
  return [await signIn(stack, phone), elsewhere] as const;
}
