import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { refusalOf } from './identity-fixture.ts';
import { type SignedIn, type SocialFixture, startSocial } from './support/social-fixture.ts';

let social: SocialFixture;

beforeAll(async () => {
  social = await startSocial();
});
afterEach(() => social.identity.clock.advance(60_000));
afterAll(() => social?.close());

const listOf = async ({ headers }: SignedIn) =>
  (await social.identity.identities.listLinkedIdentities({}, { headers })).identities;
const unlink = ({ headers }: SignedIn, identityId: string) =>
  social.identity.identities.unlinkIdentity({ identityId }, { headers });
const ownersOf = (subject: string) =>
  social.identity.rows<{ user_id: string }>('SELECT user_id FROM identities WHERE subject = $1', subject);

describe('LinkIdentity', () => {
  it('T12: needs somebody who is signed in, and has been for five minutes at most', async () => {
    const user = await social.newUser();
    const idToken = await social.standin.idToken('google', { claims: { sub: 'fresh-1' } });
    const link = { provider: 'google', idToken };
    expect(await refusalOf(social.identity.identities.linkIdentity(link))).toBe('UNAUTHENTICATED');
    social.identity.clock.advance(300_001);
    expect(await refusalOf(social.identity.identities.linkIdentity(link, { headers: user.headers }))).toBe(
      'REAUTHENTICATION_REQUIRED',
    );
    expect(await ownersOf('fresh-1')).toEqual([]);
  });

  it('T12: is not for a session that began by a provider, nor are unlinking and a change of number', async () => {
    const { identities, users, rows } = social.identity;
    const user = await social.newUser();
    const { id } = await social.link(user, 'google', { subject: 'taken-over' });
    await rows(`UPDATE sessions SET amr = '{fed}' WHERE user_id = $1`, user.id);
    const { headers } = user;
    const idToken = await social.standin.idToken('apple', { claims: { sub: 'of-the-thief' } });
    const refused = [
      identities.linkIdentity({ provider: 'apple', idToken }, { headers }),
      identities.unlinkIdentity({ identityId: id }, { headers }),
      users.requestPhoneChange({ phoneNumber: social.identity.newPhone() }, { headers }),
      users.verifyPhoneChange({ requestId: id, code: '123456' }, { headers }),
    ];
    const reasons = await Promise.all(refused.map(refusalOf));
    expect(reasons).toEqual(Array.from(refused, () => 'REAUTHENTICATION_REQUIRED'));
    expect(await listOf(user)).toMatchObject([{ id }]);
  });

  it('links once, tells the person, and answers the same to the same again', async () => {
    const user = await social.newUser();
    const first = await social.link(user, 'google', { subject: 'once', claims: { email: 'g@example.com' } });
    expect(first).toMatchObject({ provider: 'google', email: 'g@example.com' });
    expect(await social.link(user, 'google', { subject: 'once', claims: { email: 'g@example.com' } })).toEqual(first);
    expect(await listOf(user)).toEqual([first]);
    expect(await social.noticesOf(user.id)).toBe(1);
    expect(await social.auditOf(user.id, 'identity_linked')).toEqual([
      { outcome: 'ok', reason: '', details: { provider: 'google' } },
    ]);
  });

  it('refuses an identity of another, and a second one of a provider', async () => {
    const [owner, other] = [await social.newUser(), await social.newUser()];
    await social.link(owner, 'google', { subject: 'taken' });
    expect(await refusalOf(social.link(other, 'google', { subject: 'taken' }))).toBe('IDENTITY_TAKEN');
    expect(await refusalOf(social.link(owner, 'google', { subject: 'second' }))).toBe('IDENTITY_TAKEN');
    expect(await listOf(other)).toEqual([]);
    expect(await social.noticesOf(other.id)).toBe(0);
    expect(await social.auditOf(other.id, 'identity_linked')).toMatchObject([
      { outcome: 'refused', reason: 'IDENTITY_TAKEN' },
    ]);
  });

  it('T12: checks the token as a sign-in does', async () => {
    const user = await social.newUser();
    for (const claims of [{ aud: 'other' }, { iss: 'https://evil.example' }, { nonce: 'n' }]) {
      expect(await refusalOf(social.link(user, 'google', { claims }))).toBe('ID_TOKEN_INVALID');
    }
    const unknown = { provider: 'github', idToken: 'x' };
    expect(await refusalOf(social.identity.identities.linkIdentity(unknown, { headers: user.headers }))).toBe(
      'SOCIAL_PROVIDER_NOT_CONFIGURED',
    );
  });

  it('has one owner after 50 links of one identity by two users at once', async () => {
    const [left, right] = [await social.newUser(), await social.newUser()];
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        social.link(index % 2 ? left : right, 'google', { subject: 'raced' }).then(
          ({ id }) => id,
          (error: unknown) => refusalOf(Promise.reject(error)),
        ),
      ),
    );
    const owners = await ownersOf('raced');
    expect(owners).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'IDENTITY_TAKEN')).toHaveLength(25);
    expect(new Set(outcomes).size).toBe(2);
    expect((await social.noticesOf(left.id)) + (await social.noticesOf(right.id))).toBe(1);
  });

  it('leaves one identity of a provider after two were linked by one user at once', async () => {
    const user = await social.newUser();
    const links = Array.from({ length: 10 }, (_, index) =>
      social.link(user, 'google', { subject: `many-${index}` }).then(
        () => 'linked',
        (error: unknown) => refusalOf(Promise.reject(error)),
      ),
    );
    expect((await Promise.all(links)).filter((outcome) => outcome === 'linked')).toHaveLength(1);
    expect(await listOf(user)).toHaveLength(1);
  });
});

describe('UnlinkIdentity', () => {
  it('T12: needs a fresh sign-in; the identity signs nobody in any more, and the person is told', async () => {
    const user = await social.newUser();
    const { id } = await social.link(user, 'google', { subject: 'unlinked' });
    expect(await refusalOf(social.identity.identities.unlinkIdentity({ identityId: id }))).toBe('UNAUTHENTICATED');
    await unlink(user, id);
    expect(await refusalOf(social.signIn('google', { sub: 'unlinked' }))).toBe('LINK_REQUIRED');
    expect(await social.noticesOf(user.id)).toBe(2);
    expect(await social.auditOf(user.id, 'identity_unlinked')).toMatchObject([{ outcome: 'ok' }]);
    expect(await refusalOf(unlink(user, id))).toBe('NOT_FOUND');
    const { id: next } = await social.link(user, 'google', { subject: 'unlinked' });
    social.identity.clock.advance(300_001);
    expect(await refusalOf(unlink(user, next))).toBe('REAUTHENTICATION_REQUIRED');
  });

  it('does not know the identities of others', async () => {
    const [owner, other] = [await social.newUser(), await social.newUser()];
    const { id } = await social.link(owner, 'google', { subject: 'foreign' });
    expect(await refusalOf(unlink(other, id))).toBe('NOT_FOUND');
    expect(await listOf(owner)).toHaveLength(1);
  });

  it('T12: leaves the last way in, which a verified phone is too', async () => {
    const user = await social.newUser();
    const google = await social.link(user, 'google', { subject: 'last' });
    const apple = await social.link(user, 'apple', { subject: 'last' });
    await social.identity.rows('UPDATE users SET verified_at = NULL WHERE id = $1', user.id);
    await unlink(user, google.id);
    expect(await refusalOf(unlink(user, apple.id))).toBe('LAST_SIGN_IN_METHOD');
    expect((await listOf(user)).map(({ provider }) => provider)).toEqual(['apple']);
    expect(await social.auditOf(user.id, 'identity_unlinked')).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'refused', reason: 'LAST_SIGN_IN_METHOD' },
    ]);
    await social.identity.rows('UPDATE users SET verified_at = now() WHERE id = $1', user.id);
    await unlink(user, apple.id);
    expect(await listOf(user)).toEqual([]);
  });

  it('T12: leaves one of two that are unlinked at once', async () => {
    for (let run = 0; run < 10; run += 1) {
      const user = await social.newUser();
      const subject = `unlink-race-${run}`;
      const linked = [await social.link(user, 'google', { subject }), await social.link(user, 'apple', { subject })];
      await social.identity.rows('UPDATE users SET verified_at = NULL WHERE id = $1', user.id);
      const outcomes = await Promise.all(
        linked.map(({ id }) =>
          unlink(user, id).then(
            () => 'gone',
            (error: unknown) => refusalOf(Promise.reject(error)),
          ),
        ),
      );
      expect(outcomes.sort()).toEqual(['LAST_SIGN_IN_METHOD', 'gone']);
      expect(await listOf(user)).toHaveLength(1);
    }
  });

  it('does not deadlock with sign-ins by the identity', async () => {
    const user = await social.newUser();
    for (let run = 0; run < 10; run += 1) {
      const { id } = await social.link(user, 'google', { subject: 'busy' });
      const signIns = Array.from({ length: 6 }, () =>
        social.signIn('google', { sub: 'busy' }).then(
          () => 'in',
          (error: unknown) => refusalOf(Promise.reject(error)),
        ),
      );
      await unlink(user, id);
      expect((await Promise.all(signIns)).filter((each) => each !== 'in' && each !== 'LINK_REQUIRED')).toEqual([]);
    }
  });
});
