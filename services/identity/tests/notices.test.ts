import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SocialFixture, startSocial } from './support/social-fixture.ts';

let social: SocialFixture;

beforeAll(async () => {
  social = await startSocial();
});
afterAll(() => social?.close());

const unlink = (identityId: string, headers: Headers) =>
  social.identity.identities.unlinkIdentity({ identityId }, { headers });

describe('notices of what can be done over and over', () => {
  it('are ten a day for a person, for each is a message that costs money; the log has them all', async () => {
    const [user, other] = [await social.newUser(), await social.newUser()];
    for (let times = 0; times < 8; times++) {
      const { id } = await social.link(user, 'google', { subject: 'over-and-over' });
      await unlink(id, user.headers);
    }
    expect(await social.noticesOf(user.id)).toBe(10);
    expect(await social.auditOf(user.id, 'identity_unlinked')).toHaveLength(8);
    await social.link(other, 'google', { subject: 'over-and-over' });
    expect(await social.noticesOf(other.id)).toBe(1);
  });
});
