import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { decodeJwt } from 'jose';
import { createSocial } from '../src/social/create-social.ts';
import { errorOf, refusalOf } from './identity-fixture.ts';
import { type SocialFixture, startSocial } from './support/social-fixture.ts';
import { createKey } from './support/social-standin.ts';

let social: SocialFixture;

beforeAll(async () => {
  social = await startSocial();
});
afterEach(() => {
  social.standin.keys.fault = 'none';
  social.identity.clock.advance(60_000);
});
afterAll(() => social?.close());

const presentRaw = (idToken: string, nonce = '') =>
  refusalOf(social.identity.auth.signInWithIdToken({ provider: 'google', idToken, nonce }));

describe('SignInWithIdToken', () => {
  it('T12: signs in whom the identity is linked to, and nobody else', async () => {
    const user = await social.newUser();
    expect(await refusalOf(social.signIn('google', { sub: 'sign-in-1' }))).toBe('LINK_REQUIRED');
    await social.link(user, 'google', { subject: 'sign-in-1' });
    const answer = await social.signIn('google', { sub: 'sign-in-1' });
    expect(answer.user).toMatchObject({ id: user.id, phoneNumber: user.phoneNumber });
    const { sid, ...claims } = decodeJwt(answer.access);
    expect(claims).toMatchObject({ sub: user.id, amr: ['fed'] });
    expect((await social.identity.auth.refreshToken({ refresh: answer.refresh })).access).not.toBe('');
    expect(await social.auditOf(user.id, 'signed_in')).toContainEqual(
      expect.objectContaining({ outcome: 'ok', details: { provider: 'google', method: 'fed', session_id: sid } }),
    );
  });

  it('T12: merges nobody by e-mail, verified or not, at one provider or two', async () => {
    const email = 'same@example.com';
    const owner = await social.newUser();
    await social.identity.users.updateMe({ email }, { headers: owner.headers });
    const claims = { email, email_verified: true };
    expect(await refusalOf(social.signIn('google', { ...claims, sub: 'mail-1' }))).toBe('LINK_REQUIRED');
    expect(await refusalOf(social.signIn('apple', { ...claims, sub: 'mail-1' }))).toBe('LINK_REQUIRED');
    social.identity.clock.advance(60_000);
    const other = await social.newUser();
    await social.link(other, 'google', { subject: 'mail-1', claims });
    await social.link(owner, 'apple', { subject: 'mail-2', claims });
    expect((await social.signIn('google', { ...claims, sub: 'mail-1' })).user?.id).toBe(other.id);
    expect((await social.signIn('apple', { ...claims, sub: 'mail-2' })).user?.id).toBe(owner.id);
  });

  it('T12: takes the same subject at two issuers for two people, and two spellings of one issuer for one', async () => {
    const [first, second] = [await social.newUser(), await social.newUser()];
    await social.link(first, 'google', { subject: 'same-sub' });
    await social.link(second, 'apple', { subject: 'same-sub' });
    expect((await social.signIn('google', { sub: 'same-sub' })).user?.id).toBe(first.id);
    expect((await social.signIn('apple', { sub: 'same-sub' })).user?.id).toBe(second.id);
    expect((await social.signIn('google', { sub: 'same-sub', iss: 'accounts.google.com' })).user?.id).toBe(first.id);
  });

  it('T12: asks for the nonce that the token carries, and for a token that carries the nonce', async () => {
    const user = await social.newUser();
    await social.link(user, 'apple', { subject: 'nonce-1' });
    const hashed = createHash('sha256').update('n').digest('hex');
    expect((await social.signIn('apple', { sub: 'nonce-1', nonce: hashed }, 'n')).user?.id).toBe(user.id);
    expect((await social.signIn('apple', { sub: 'nonce-1', nonce: 'n' }, 'n')).user?.id).toBe(user.id);
    for (const [inToken, given] of [
      ['n', ''],
      ['n', 'm'],
      [undefined, 'n'],
      [hashed, 'm'],
    ] as const) {
      expect(await refusalOf(social.signIn('apple', { sub: 'nonce-1', nonce: inToken }, given))).toBe(
        'ID_TOKEN_INVALID',
      );
    }
  });

  it('is closed to a suspended user', async () => {
    const user = await social.newUser();
    await social.link(user, 'google', { subject: 'suspended' });
    await social.identity.rows(`UPDATE users SET suspended_at = now(), suspension_reason = 'x' WHERE id = $1`, user.id);
    expect(await refusalOf(social.signIn('google', { sub: 'suspended' }))).toBe('ACCOUNT_SUSPENDED');
    expect(await social.auditOf(user.id, 'signed_in')).toContainEqual(
      expect.objectContaining({ outcome: 'refused', reason: 'ACCOUNT_SUSPENDED' }),
    );
  });

  it('neither verifies a phone nor gives guesses back', async () => {
    const user = await social.newUser();
    await social.link(user, 'google', { subject: 'unverified' });
    await social.identity.rows('UPDATE users SET verified_at = NULL WHERE id = $1', user.id);
    await social.identity.rows(
      'INSERT INTO guess_budgets (phone_number, guessed_at, consecutive) VALUES ($1, $2, 7)',
      user.phoneNumber,
      [social.identity.clock.now()],
    );
    expect((await social.signIn('google', { sub: 'unverified' })).user?.isPhoneVerified).toBe(false);
    const left = 'SELECT consecutive FROM guess_budgets WHERE phone_number = $1';
    expect(await social.identity.rows(left, user.phoneNumber)).toEqual([{ consecutive: 7 }]);
  });

  it('T12: tells nobody why a token is refused, nor the log what was in it', async () => {
    const claims = { aud: 'other', email: 'who@example.com' };
    const error = await errorOf(social.signIn('google', claims));
    expect(error.rawMessage).toBe('The sign-in with this provider could not be confirmed. Please try again.');
    const idToken = await social.standin.idToken('google', { claims });
    const verify = social.identity.ctx.social.verifiers.get('google');
    const cause: unknown = await verify?.({ idToken, nonce: '' }).catch((thrown: unknown) => thrown);
    expect(inspect(cause, { depth: 9 })).toContain('an ID token was refused: claim aud');
    expect(inspect(cause, { depth: 9 })).not.toContain('who@example.com');
  });

  it('can only wait for keys that were never there', async () => {
    const { identity, standin } = social;
    const { social: before } = identity.ctx;
    identity.ctx.social = createSocial(identity.ctx.config.social, identity.clock);
    standin.keys.fault = 'error';
    const error = await errorOf(social.signIn('google', { sub: 'sign-in-1' }));
    identity.ctx.social = before;
    expect([reasonOf(error), error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds]).toEqual(['UNAVAILABLE', 30n]);
    expect((await social.signIn('google', { sub: 'sign-in-1' })).access).not.toBe('');
  });

  it.each(['facebook', 'Google', '', '__proto__'])('has no sign-in by %j', async (provider) => {
    expect(await refusalOf(social.identity.auth.signInWithIdToken({ provider, idToken: 'x' }))).toBe(
      'SOCIAL_PROVIDER_NOT_CONFIGURED',
    );
  });
});

describe('a forged ID token', () => {
  const subject = 'forged-1';
  const now = () => Math.floor(social.identity.clock.now().getTime() / 1000);

  beforeAll(async () => {
    await social.link(await social.newUser(), 'google', { subject });
  });

  it('T1: is refused by its signature or header', async () => {
    const { standin } = social;
    const key = standin.keyOf('google');
    const good = await standin.idToken('google', { claims: { sub: subject } });
    const [head = '', body = '', signature = ''] = good.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${encode({ alg: 'none', kid: key.kid })}.${body}.`;
    const foreign = createKey('evil');
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    const signed = (header: object) =>
      standin.idToken('google', { claims: { sub: subject }, key: foreign, header: { ...header } });
    const forged = [
      none,
      `${encode({ alg: 'none' })}.${body}.${signature}`,
      withPublicKeyAsSecret(encode, { body, kid: key.kid }),
      await signed({ kid: key.kid }),
      await signed({ kid: 'unknown' }),
      await signed({ kid: undefined }),
      await signed({ kid: key.kid, jwk }),
      await signed({ kid: key.kid, jku: `${standin.url}/apple/keys` }),
      await signed({ kid: key.kid, x5u: `${standin.url}/apple/keys` }),
      await standin.idToken('google', { claims: { sub: subject }, header: { kid: undefined } }),
      await standin.idToken('google', { claims: { sub: subject }, header: { typ: 'at+jwt' } }),
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}.${encode({ ...decodeJwt(good), sub: 'somebody' })}.${signature}`,
      ...['', 'x', '..', 'null', '{}'],
    ];
    for (const token of forged) expect([token, await presentRaw(token)]).toEqual([token, 'ID_TOKEN_INVALID']);
    expect((await social.identity.auth.signInWithIdToken({ provider: 'google', idToken: good })).access).not.toBe('');
  });

  it('T12: is refused by its claims', async () => {
    const wrong: Record<string, unknown>[] = [
      { iss: 'https://evil.example' },
      { iss: 'https://accounts.google.com/' },
      { iss: 'https://appleid.apple.com' },
      { iss: undefined },
      { aud: 'somebody-else' },
      { aud: 'sa.mawid.ios' },
      { aud: undefined },
      { aud: ['google-web', 'somebody-else'], azp: 'google-web' },
      { aud: ['google-web', 'google-ios'] },
      { azp: 'somebody-else' },
      { exp: now() - 31 },
      { exp: undefined },
      { iat: now() - 631 },
      { iat: now() + 120 },
      { iat: undefined },
      { nbf: now() + 120 },
      { sub: undefined },
      { sub: '' },
      { sub: 5 },
      { sub: 'x'.repeat(256) },
    ];
    for (const claims of wrong) {
      expect([claims, await refusalOf(social.signIn('google', { sub: subject, ...claims }))]).toEqual([
        claims,
        'ID_TOKEN_INVALID',
      ]);
    }
  });

  it('T1: an access token of ours is no ID token', async () => {
    const { access } = await social.signIn('google', { sub: subject });
    expect(await presentRaw(access)).toBe('ID_TOKEN_INVALID');
  });

  it('is good for each of our clients, within the clocks’ difference', async () => {
    for (const claims of [
      { aud: 'google-ios' },
      { aud: ['google-web'], azp: 'google-ios' },
      { iat: now() - 590 },
      { iat: now() + 20 },
    ]) {
      expect((await social.signIn('google', { sub: subject, ...claims })).user).toBeDefined();
    }
  });
});

/** HS256 with the published key as its secret. */
function withPublicKeyAsSecret(
  encode: (value: object) => string,
  { body, kid }: { body: string; kid: string },
): string {
  const head = encode({ alg: 'HS256', kid });
  const pem = String(social.standin.keyOf('google').publicKey.export({ format: 'pem', type: 'spki' }));
  return `${head}.${body}.${createHmac('sha256', pem).update(`${head}.${body}`).digest('base64url')}`;
}
