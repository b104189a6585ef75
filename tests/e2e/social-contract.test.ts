import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SocialStandin, startSocialStandin } from '../../services/identity/tests/support/social-standin.ts';
import { type Person, signIn } from './people.ts';
import { callRest } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let standin: SocialStandin;
let stack: TestStack;

beforeAll(async () => {
  standin = await startSocialStandin();
  stack = await startCheckedStack({ env: { ...standin.env, OTP_RESEND_COOLDOWN_SECONDS: '0' } });
}, 120_000);

afterAll(async () => {
  await stack?.close();
  await standin?.close();
});

type Provider = 'google' | 'apple';

const tokenOf = (provider: Provider, claims: Record<string, unknown>) => standin.idToken(provider, { claims });

const enter = (provider: Provider, id_token: string, language = 'en') =>
  callRest(stack.urls.gateway, `POST /api/auth/social/${provider}/`, {
    body: { id_token },
    headers: { 'accept-language': language },
  });

const link = async (person: Person, provider: Provider, claims: Record<string, unknown>) =>
  person.call('POST /api/auth/me/identities', { body: { provider, id_token: await tokenOf(provider, claims) } });

describe('POST /api/auth/social/{provider}/', () => {
  it('answers 409 LINK_REQUIRED for an identity that nobody has linked, in both languages', async () => {
    const token = await tokenOf('google', { sub: 'unlinked', email: 'sara@example.com', email_verified: true });
    const answers = [await enter('google', token), await enter('google', token, 'ar')];
    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual([
      [409, 'LINK_REQUIRED', 'This account is not linked yet. Sign in with your phone number, then link it.'],
      [409, 'LINK_REQUIRED', 'هذا الحساب غير مرتبط بعد. سجّل الدخول برقم هاتفك ثم اربطه.'],
    ]);
  });

  it.each(['google', 'apple'] as const)(
    'signs in whoever has linked %s, with the members of a sign-in',
    async (provider) => {
      const person = await signIn(stack);
      const linked = await link(person, provider, { sub: `${provider}-1`, email: 'p@example.com' });
      expect(linked.status).toBe(201);
      expect(linked.body).toMatchObject({ provider, email: 'p@example.com' });
      const answer = await enter(provider, await tokenOf(provider, { sub: `${provider}-1` }));
      expect([answer.status, Object.keys(answer.body).sort()]).toEqual([
        200,
        ['access', 'expires_in', 'refresh', 'user'],
      ]);
      expect(answer.body.user).toEqual(person.user);
      const me = await callRest(stack.urls.gateway, 'GET /api/auth/me', { token: answer.body.access });
      expect(me.body.id).toBe(person.user.id);
    },
  );

  it.each([
    ['en', 'The sign-in with this provider could not be confirmed. Please try again.'],
    ['ar', 'تعذر التحقق من تسجيل الدخول عبر هذا المزود. يرجى المحاولة مرة أخرى.'],
  ])('says the same of every token that is not right (%s)', async (language, detail) => {
    const tokens = [
      'garbage',
      await tokenOf('google', { aud: 'another-app' }),
      await tokenOf('google', { iss: 'https://evil.example' }),
      await tokenOf('google', { exp: 1 }),
      await tokenOf('google', { nonce: 'of another sign-in' }),
      await tokenOf('apple', {}),
      (await signIn(stack)).access,
    ];
    for (const token of tokens) {
      const answer = await enter('google', token, language);
      expect([answer.status, answer.body.code, answer.body.detail]).toEqual([400, 'ID_TOKEN_INVALID', detail]);
    }
  });
});

describe('/api/auth/me/identities', () => {
  it('lists and unlinks; the number stays a way in', async () => {
    const person = await signIn(stack);
    const { body } = await link(person, 'google', { sub: 'listed' });
    expect((await person.call('GET /api/auth/me/identities')).body.identities).toEqual([body]);
    expect((await person.call(`DELETE /api/auth/me/identities/${body.id}`)).status).toBe(204);
    expect((await enter('google', await tokenOf('google', { sub: 'listed' }))).status).toBe(409);
  });

  it('gives an identity to one person, and a person one identity of a provider', async () => {
    const [owner, other] = [await signIn(stack, newPhone()), await signIn(stack, newPhone())];
    const first = await link(owner, 'google', { sub: 'owned' });
    expect((await link(owner, 'google', { sub: 'owned' })).body).toEqual(first.body);
    for (const answer of [
      await link(other, 'google', { sub: 'owned' }),
      await link(owner, 'google', { sub: 'second' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'IDENTITY_TAKEN']);
    }
  });
});
