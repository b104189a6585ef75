import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode, signIn, wrong } from './people.ts';
import { callRest, type Reply, type RequestParts } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

// The words and members of the refusals of sign-in, beside sign-in-contract.test.ts.
let stack: TestStack;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { OTP_MAX_PER_WINDOW: '2', OTP_RESEND_COOLDOWN_SECONDS: '1' } });
}, 120_000);

afterAll(() => stack?.close());

const call = (line: string, parts?: RequestParts) => callRest(stack.urls.gateway, line, parts);

/** The same call by somebody who reads English and by somebody who reads Arabic. */
function inBoth(line: string, body: unknown, token?: string): Promise<Reply[]> {
  const parts = { body, ...(token === undefined ? {} : { token }) };
  return Promise.all(
    ['en', 'ar-SA'].map((language) => call(line, { ...parts, headers: { 'accept-language': language } })),
  );
}

const detailsOf = (replies: readonly Reply[]) => replies.map(({ status, body }) => [status, body.code, body.detail]);

describe('429 of a request for a code', () => {
  it.each(['/api/auth/phone/request/', '/api/auth/otp/request/'])(
    'of %s tells the wait in both languages',
    async (path) => {
      const phone_number = newPhone();
      const line = `POST ${path}`;
      expect((await call(line, { body: { phone_number } })).status).toBe(201);
      await untilAllowed(line, phone_number);
      const replies = await inBoth(line, { phone_number });
      for (const { body, headers } of replies) {
        const seconds = body.retry_after_seconds;
        expect(Number.isInteger(seconds) && seconds > 0).toBe(true);
        expect([body.status, body.code, headers.get('retry-after')]).toEqual([
          429,
          'CODE_BUDGET_SPENT',
          String(seconds),
        ]);
        expect(headers.get('ratelimit')).toMatch(/^"[\w-]+";r=0;t=\d+$/);
      }
      expect(replies.map(({ body }) => body.detail.replace(/\d+/, 'N'))).toEqual([
        'Too many codes were requested. Try again in N seconds.',
        'تم طلب رموز كثيرة. حاول مرة أخرى بعد N ثانية.',
      ]);
    },
  );
});

/** Asks again until the cooldown is over: the second code of the window. */
async function untilAllowed(line: string, phone_number: string): Promise<void> {
  for (let status = 429; status !== 201; ) {
    const reply = await call(line, { body: { phone_number } });
    status = reply.status;
    if (status === 429) expect(reply.body.code).toBe('CODE_COOLDOWN');
  }
}

describe('POST /api/auth/otp/verify/', () => {
  it('says the same of every code that is not right, and verifies by the right one without a sign-in', async () => {
    const phoneNumber = newPhone();
    const line = 'POST /api/auth/otp/request/';
    const { body, code } = await askForCode(stack, { line, phoneNumber });
    const verify = 'POST /api/auth/otp/verify/';
    for (const proof of [
      { request_id: body.request_id, code: wrong(code) },
      { request_id: 'nope', code },
    ]) {
      expect(detailsOf(await inBoth(verify, proof))).toEqual([
        [400, 'CODE_INVALID', 'Invalid or expired code'],
        [400, 'CODE_INVALID', 'الرمز غير صحيح أو منتهي الصلاحية'],
      ]);
    }
    const answer = await call(verify, { body: { request_id: body.request_id, code } });
    expect([answer.status, answer.body]).toEqual([200, { verified: true, phone_number: phoneNumber }]);
  });

  it.each(['phone', 'otp'])('asks %s/verify for what is missing, by name', async (kind) => {
    const { status, body } = await call(`POST /api/auth/${kind}/verify/`, { body: {} });
    expect([status, body.request_id]).toEqual([400, ['This field is required.']]);
  });
});

describe('e-mail addresses', () => {
  it('that another has verified are refused everywhere, in both languages', async () => {
    const email = 'one@example.com';
    const owner = await signIn(stack, newPhone(), { body: { email } });
    expect(owner.user.email).toBe(email);
    const other = await signIn(stack);
    const taken = [
      [400, 'EMAIL_TAKEN', 'This e-mail address is already in use.'],
      [400, 'EMAIL_TAKEN', 'البريد الإلكتروني مستخدم بالفعل.'],
    ];
    expect(detailsOf(await inBoth('POST /api/auth/phone/request/', { phone_number: newPhone(), email }))).toEqual(
      taken,
    );
    expect(detailsOf(await inBoth('POST /api/auth/register/', { phone_number: newPhone(), email }))).toEqual(taken);
    expect(detailsOf(await inBoth('PATCH /api/auth/me/', { email }, other.access))).toEqual(taken);
  });

  it('that nobody has verified are held against nobody', async () => {
    const email = 'two@example.com';
    await call('POST /api/auth/register/', { body: { phone_number: newPhone(), email } });
    expect((await signIn(stack, newPhone(), { body: { email } })).user.email).toBe(email);
  });
});

describe('what is signed in only', () => {
  it.each([
    ['GET /api/auth/me/'],
    ['PATCH /api/auth/me/'],
    ['DELETE /api/auth/me/'],
    ['GET /api/auth/me/export'],
    ['POST /api/auth/phone/change/verify'],
    ['POST /api/auth/me/identities'],
    ['GET /api/admin/users'],
  ])('%s is a problem of status 401 without a token, and with one that is none', async (line) => {
    for (const token of [undefined, 'nobody', 'a.b.c']) {
      const body = /^(POST|PATCH)/.test(line) ? {} : undefined;
      const reply = await call(line, { ...(body && { body }), ...(token && { token }) });
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')]);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
      expect(reply.body).toMatchObject({
        ...{ type: '/docs/errors/UNAUTHENTICATED', status: 401, code: 'UNAUTHENTICATED' },
        ...{ title: expect.any(String), detail: expect.any(String), trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      });
    }
  });
});

describe('PATCH /api/auth/me/', () => {
  it('changes what is sent, and names what it does not take', async () => {
    const person = await signIn(stack);
    const patch = (body: object) => person.call('PATCH /api/auth/me/', { body });
    expect((await patch({ first_name: 'Noura' })).body).toMatchObject({ first_name: 'Noura', last_name: '' });
    expect((await patch({ last_name: 'Al-Harbi' })).body.display_name).toBe('Noura Al-Harbi');
    for (const [field, value] of Object.entries({
      email: 'no',
      preferred_language: 'fr',
      first_name: 'x'.repeat(151),
    })) {
      const { status, body } = await patch({ [field]: value });
      expect([field, status, body[field]]).toEqual([field, 400, [expect.any(String)]]);
    }
    const unchanged = { phone_number: newPhone(), role: 'admin', is_phone_verified: false };
    expect((await patch(unchanged)).body).toMatchObject({ phone_number: person.phoneNumber, role: 'customer' });
  });
});
