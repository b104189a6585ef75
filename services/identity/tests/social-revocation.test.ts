import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { leaseRevocations } from '../src/db/apple-revocations.ts';
import { mostRevocationAttempts } from '../src/domain/social-revocation.ts';
import { createAppleClient } from '../src/social/apple-client.ts';
import { queueAppleRevocations } from '../src/social/queue-apple-revocations.ts';
import { revokeAppleTokens } from '../src/social/revoke-apple-tokens.ts';
import { refusalOf } from './identity-fixture.ts';
import type { AppleFault } from './support/apple-desk.ts';
import { type SignedIn, type SocialFixture, startSocial } from './support/social-fixture.ts';

let social: SocialFixture;
let subjects = 0;

beforeAll(async () => {
  social = await startSocial();
});
afterEach(async () => {
  social.standin.apple.onCall = undefined;
  setFault('none');
  social.standin.apple.calls.length = 0;
  await social.identity.rows('DELETE FROM apple_revocations');
});
afterAll(() => social?.close());

/** Only where Apple is never to answer is there no need to wait for it. */
function setFault(fault: AppleFault): void {
  const { ctx, clock } = social.identity;
  social.standin.apple.fault = fault;
  const { apple } = ctx.config.social;
  const timeoutMs = fault === 'hang' || fault === 'late' ? 300 : 4_000;
  ctx.social.apple = apple && createAppleClient(apple, { clock, timeoutMs });
}

/** A user with an Apple identity, linked with an authorization code. */
async function newAppleUser(
  codeOf = (subject: string) => subject,
): Promise<SignedIn & { identityId: string; token: string }> {
  const subject = `apple-${++subjects}`;
  const user = await social.newUser();
  social.standin.apple.codes.set(`code-${subject}`, codeOf(subject));
  const { id } = await social.link(user, 'apple', { subject, authorizationCode: `code-${subject}` });
  return { ...user, identityId: id, token: `refresh-of-code-${subject}` };
}

async function unlink({ headers, identityId }: { headers: Headers; identityId: string }): Promise<void> {
  await social.identity.identities.unlinkIdentity({ identityId }, { headers });
}

const grantsOf = (user: SignedIn) =>
  social.identity.rows<{ sealed_refresh_token: Buffer | null; client_id: string | null }>(
    'SELECT sealed_refresh_token, client_id FROM identities WHERE user_id = $1',
    user.id,
  );
const queued = () =>
  social.identity.rows<{
    id: string;
    attempts: number;
    last_error: string | null;
    dead_at: Date | null;
    next_attempt_at: Date;
  }>('SELECT id, attempts, last_error, dead_at, next_attempt_at FROM apple_revocations ORDER BY id');
const run = () => revokeAppleTokens(social.identity.ctx);

describe('an authorization code of Apple', () => {
  it('becomes a refresh token that lies sealed, with the client it was given to', async () => {
    const user = await newAppleUser();
    const [grant] = await grantsOf(user);
    expect(grant?.client_id).toBe('sa.mawid.ios');
    expect(grant?.sealed_refresh_token?.includes(user.token)).toBe(false);
    expect(social.standin.apple.granted.get(user.token)).toBe('sa.mawid.ios');
  });

  it.each(['error', 'refuse', 'hang', 'drop', 'late'] as const)(
    'does not stop the link when Apple fails: %s',
    async (fault) => {
      social.standin.apple.fault = fault;
      const user = await newAppleUser();
      expect(await grantsOf(user)).toEqual([{ sealed_refresh_token: null, client_id: null }]);
      expect(social.standin.apple.calls).toEqual(['/auth/token']);
      await unlink(user);
      expect(await queued()).toEqual([]);
    },
  );

  it('of another account is not kept: their grant would be revoked one day', async () => {
    const user = await newAppleUser(() => 'somebody-else');
    expect(await grantsOf(user)).toEqual([{ sealed_refresh_token: null, client_id: null }]);
  });

  it('that comes with the same identity again replaces what was kept', async () => {
    const user = await newAppleUser();
    const subject = `apple-${subjects}`;
    social.standin.apple.codes.set('again', subject);
    await social.link(user, 'apple', { subject, authorizationCode: 'again' });
    await unlink(user);
    await run();
    expect([...social.standin.apple.revoked]).toContain('refresh-of-again');
  });

  it('is exchanged, and a token revoked, with no transaction open', async () => {
    // A transaction keeps its locks until it ends.
    const held: string[][] = [];
    social.standin.apple.onCall = async () => {
      const rows = await social.identity.rows<{ relname: string }>(
        `SELECT DISTINCT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
          WHERE c.relname IN ('users', 'sessions', 'identities', 'apple_revocations') AND l.pid <> pg_backend_pid()`,
      );
      held.push(rows.map(({ relname }) => relname));
    };
    await unlink(await newAppleUser());
    await run();
    expect(held).toEqual([[], []]);
  });
});

describe('a link that does not come about', () => {
  /** Tries to link with a code, while something happens in the middle of its exchange. */
  async function linkMeanwhile(user: SignedIn, subject: string, meanwhile: () => Promise<unknown>): Promise<string> {
    social.standin.apple.codes.set(`code-${subject}`, subject);
    social.standin.apple.onCall = async () => {
      await meanwhile();
    };
    const refusal = await refusalOf(social.link(user, 'apple', { subject, authorizationCode: `code-${subject}` }));
    social.standin.apple.onCall = undefined;
    return refusal;
  }
  const isRevoked = (subject: string) => social.standin.apple.revoked.has(`refresh-of-code-${subject}`);

  it('T12: is refused to whoever was signed out on the way, and what Apple gave for it is revoked', async () => {
    const user = await social.newUser();
    const subject = `apple-${++subjects}`;
    const { rows } = social.identity;
    const end = `UPDATE sessions SET ended_at = now(), end_reason = 'logout_all' WHERE user_id = $1`;
    expect(await linkMeanwhile(user, subject, () => rows(end, user.id))).toBe('UNAUTHENTICATED');
    expect(await grantsOf(user)).toEqual([]);
    expect(await social.noticesOf(user.id)).toBe(0);
    await run();
    expect(isRevoked(subject)).toBe(true);
  });

  it('has nothing revoked where the account is linked to another: that one’s grant would end with it', async () => {
    const [user, other] = [await social.newUser(), await social.newUser()];
    const subject = `apple-${++subjects}`;
    expect(await linkMeanwhile(user, subject, () => social.link(other, 'apple', { subject }))).toBe('IDENTITY_TAKEN');
    await run();
    expect(isRevoked(subject)).toBe(false);
  });

  it('does not ask Apple where it can be known before', async () => {
    const [first, other] = [await newAppleUser(), await social.newUser()];
    const taken = `apple-${subjects}`;
    social.standin.apple.calls.length = 0;
    const untouched = async () => {};
    expect(await linkMeanwhile(other, taken, untouched)).toBe('IDENTITY_TAKEN');
    expect(await linkMeanwhile(first, `apple-${++subjects}`, untouched)).toBe('IDENTITY_TAKEN');
    expect(social.standin.apple.calls).toEqual([]);
  });
});

describe('revocation at Apple', () => {
  it('follows an unlink', async () => {
    const user = await newAppleUser();
    await unlink(user);
    expect(social.standin.apple.revoked.has(user.token)).toBe(false);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
    expect(await queued()).toEqual([]);
  });

  it('follows an erasure, and only one that is committed', async () => {
    const { ctx } = social.identity;
    const user = await newAppleUser();
    const erase = (end: () => void) =>
      ctx.database.transaction(async (tx) => {
        await queueAppleRevocations(tx, user.id);
        await tx.query({ name: 'test.erase', text: 'DELETE FROM users WHERE id = $1', values: [user.id] });
        end();
      });
    const abort = () => {
      throw new Error('rolled back');
    };
    await expect(erase(abort)).rejects.toThrow('rolled back');
    expect(await queued()).toEqual([]);
    await erase(() => undefined);
    expect(await queued()).toHaveLength(1);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
    expect(await queued()).toEqual([]);
  });

  it('follows the erasure of oneself, which leaves no identity behind', async () => {
    const user = await newAppleUser();
    await social.identity.users.deleteMe({}, { headers: user.headers });
    expect(await grantsOf(user)).toEqual([]);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
  });

  it.each(['error', 'refuse', 'hang', 'drop'] as const)(
    'is tried again, later each time, while Apple fails: %s',
    async (fault) => {
      const user = await newAppleUser();
      await unlink(user);
      social.standin.apple.fault = fault;
      const waits: number[] = [];
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await run();
        await run();
        const [row] = await queued();
        expect(row).toMatchObject({ attempts: attempt, dead_at: null });
        waits.push(((row?.next_attempt_at.getTime() ?? 0) - social.identity.clock.now().getTime()) / 60_000);
        social.identity.clock.set(row?.next_attempt_at ?? '');
      }
      expect(waits).toEqual([1, 2, 4]);
      setFault('none');
      await run();
      expect(social.standin.apple.revoked.has(user.token)).toBe(true);
      expect(await queued()).toEqual([]);
    },
  );

  it('is asked for once more when Apple acted and the answer was lost', async () => {
    const user = await newAppleUser();
    await unlink(user);
    setFault('late');
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
    expect(await queued()).toMatchObject([{ attempts: 1, last_error: 'Apple did not answer' }]);
    setFault('none');
    social.identity.clock.advance(60_000);
    await run();
    expect(await queued()).toEqual([]);
  });

  it('goes on after a process that was killed in the middle, once its lease has run out', async () => {
    const { ctx, clock, rows } = social.identity;
    const user = await newAppleUser();
    await unlink(user);
    expect(await leaseRevocations(ctx.database, { leaseId: uuidv7(), now: clock.now(), limit: 8 })).toHaveLength(1);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(false);
    await rows(`UPDATE apple_revocations SET leased_until = now() - interval '1 second'`);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
  });

  it('is given up after many attempts, for an operator to see', async () => {
    await unlink(await newAppleUser());
    setFault('refuse');
    for (let attempt = 0; attempt < mostRevocationAttempts + 2; attempt += 1) {
      await run();
      social.identity.clock.advance(86_400_000);
    }
    const [row] = await queued();
    expect(row).toMatchObject({
      attempts: mostRevocationAttempts,
      last_error: '/auth/revoke answered 400 invalid_grant',
    });
    expect(row?.dead_at).toBeInstanceOf(Date);
    const { values } = await social.identity.ctx.metrics.appleCalls.get();
    expect(values.find(({ labels }) => labels.call === 'revoke' && labels.outcome === 'dead')?.value).toBe(1);
    social.identity.clock.advance(91 * 86_400_000);
    await run();
    expect(await queued()).toEqual([]);
  });

  it('is done once by many workers at once', async () => {
    for (let made = 0; made < 20; made += 1) await unlink(await newAppleUser());
    social.standin.apple.calls.length = 0;
    await Promise.all([run(), run(), run(), run()]);
    expect(social.standin.apple.calls).toHaveLength(20);
    expect(await queued()).toEqual([]);
  });

  it('waits where identity has no key of Apple', async () => {
    const { ctx } = social.identity;
    const user = await newAppleUser();
    await unlink(user);
    const { apple } = ctx.social;
    ctx.social.apple = undefined;
    await run();
    expect(await queued()).toMatchObject([{ attempts: 1, last_error: 'there is no key of ours at Apple' }]);
    ctx.social.apple = apple;
    social.identity.clock.advance(60_000);
    await run();
    expect(social.standin.apple.revoked.has(user.token)).toBe(true);
  });
});
