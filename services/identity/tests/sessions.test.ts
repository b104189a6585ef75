import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@mawid/service-kit/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { endSession } from '../src/db/sessions.ts';
import { as, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

const second = 1_000;
const day = 24 * 3_600 * second;
/** How the end of a call is told to its handler. */
const left = new ConnectError('the call was cancelled', Code.Canceled);
const phoneA = { 'x-device-id': 'phone-a' };
const phoneB = { 'x-device-id': 'phone-b' };
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const refresh = (token: string, headers: Record<string, string> = {}) =>
  identity.auth.refreshToken({ refresh: token }, { headers });
/** Holds a lock while `work` runs. */
async function holding<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const client = await identity.ctx.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(lock);
    return await work();
  } finally {
    await client.query('COMMIT');
    client.release();
  }
}

/** Waits for a statement that is held up by a lock; then longer than it takes to cancel one. */
async function heldUp(like: string): Promise<void> {
  const text = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE $1`;
  await waitFor(`${like} held up`, async () => (await identity.rows(text, like)).length > 0);
}

const sessionOf = ({ access }: { access: string }) => String(decodeJwt(access).sid);
const tokensOf = (session: { access: string }) =>
  identity.rows('SELECT used_at FROM refresh_tokens WHERE session_id = $1', sessionOf(session));
const endOf = async (session: { access: string }) =>
  (
    await identity.rows<{ end_reason: string | null }>(
      'SELECT end_reason FROM sessions WHERE id = $1',
      sessionOf(session),
    )
  )[0]?.end_reason;

describe('an access token', () => {
  it('is an at+jwt with the claims that services read', async () => {
    const { access, user } = await identity.signIn();
    const now = identity.clock.now().getTime() / 1000;
    expect(decodeProtectedHeader(access)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(decodeJwt(access)).toEqual({
      iss: 'https://mawid.sa',
      aud: 'mawid',
      sub: user?.id,
      sid: expect.any(String),
      jti: expect.any(String),
      role: 'customer',
      ver: 1,
      iat: now,
      exp: now + 900,
      amr: ['otp', 'sms'],
      auth_time: now,
      client_id: 'mawid-app',
      locale: 'ar',
    });
  });

  it('keeps the time of the sign-in through refreshes', async () => {
    const first = await identity.signIn();
    identity.clock.advance(100 * second);
    const next = await refresh(first.refresh);
    const [before, after] = [decodeJwt(first.access), decodeJwt(next.access)];
    expect(after).toMatchObject({ sid: before.sid, auth_time: before.auth_time, iat: (before.iat ?? 0) + 100 });
    expect(after.jti).not.toBe(before.jti);
  });
});

describe('RefreshToken', () => {
  it('gives a new pair, and keeps hashes only', async () => {
    const first = await identity.signIn();
    const next = await refresh(first.refresh);
    expect(next.refresh).toMatch(/^[\w-]{43}$/);
    expect(next.refresh).not.toBe(first.refresh);
    const stored = JSON.stringify(await identity.rows('SELECT * FROM refresh_tokens'));
    for (const token of [first.refresh, next.refresh]) {
      expect(stored).not.toContain(token);
      expect(stored).not.toContain(JSON.stringify([...Buffer.from(token, 'base64url')]).slice(1, -1));
    }
    expect((await refresh(next.refresh)).access).not.toBe('');
  });

  it.each([['not a token'], ['A'.repeat(43)], ['eyJhbGciOiJub25lIn0.e30.']])('refuses %j', async (token) => {
    expect(await refusalOf(refresh(token))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('refuses an access token, and names a missing one', async () => {
    const { access } = await identity.signIn();
    expect(await refusalOf(refresh(access))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(refresh(''))).toBe('VALIDATION_FAILED refresh:FIELD_REQUIRED');
  });

  it('gives the same successor to the same device for 30 seconds', async () => {
    const first = await identity.signIn(undefined, phoneA);
    const next = await refresh(first.refresh, phoneA);
    identity.clock.advance(10 * second);
    expect((await refresh(first.refresh, phoneA)).refresh).toBe(next.refresh);
    identity.clock.advance(20 * second);
    expect((await refresh(first.refresh, phoneA)).refresh).toBe(next.refresh);
    expect(await tokensOf(first)).toHaveLength(2);
    expect((await refresh(next.refresh, phoneA)).access).not.toBe('');
  });

  it('does so without device ids on either side', async () => {
    const first = await identity.signIn();
    const next = await refresh(first.refresh);
    expect((await refresh(first.refresh)).refresh).toBe(next.refresh);
  });

  it('ends the session when a used token comes again after that', async () => {
    const first = await identity.signIn(undefined, phoneA);
    const next = await refresh(first.refresh, phoneA);
    identity.clock.advance(31 * second);
    expect(await refusalOf(refresh(first.refresh, phoneA))).toBe('REFRESH_TOKEN_INVALID');
    expect(await endOf(first)).toBe('refresh_reuse');
    expect(await refusalOf(refresh(next.refresh, phoneA))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(identity.users.getMe({}, { headers: as(next) }))).toBe('UNAUTHENTICATED');
  });

  it('ends the session when a used token comes from another device, at once', async () => {
    const first = await identity.signIn(undefined, phoneA);
    const next = await refresh(first.refresh, phoneA);
    expect(await refusalOf(refresh(first.refresh, phoneB))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(refresh(next.refresh, phoneA))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('notices a thief at the second use at the latest', async () => {
    const owner = await identity.signIn(undefined, phoneA);
    const thief = await refresh(owner.refresh, phoneB);
    identity.clock.advance(60 * second);
    expect(await refusalOf(refresh(owner.refresh, phoneA))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(refresh(thief.refresh, phoneB))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('ends the session of a thief who has hung up', async () => {
    const owner = await identity.signIn(undefined, phoneA);
    await refresh(owner.refresh, phoneA);
    const leaving = new AbortController();
    await holding(`SELECT FROM sessions WHERE id = '${sessionOf(owner)}' FOR UPDATE`, async () => {
      const options = { headers: phoneB, signal: leaving.signal };
      const stolen = identity.auth.refreshToken({ refresh: owner.refresh }, options);
      stolen.catch(() => undefined);
      await heldUp('UPDATE sessions SET ended_at%');
      leaving.abort(left);
      await wait(400);
    });
    await waitFor('the end', async () => (await endOf(owner)) === 'refresh_reuse');
  });

  it('waits for the keys, whoever of those who wait leaves', async () => {
    const [first, second] = [await identity.signIn(), await identity.signIn()];
    identity.clock.advance(31_000);
    const leaving = new AbortController();
    const answer = await holding('LOCK TABLE signing_keys', async () => {
      const leaver = identity.auth.refreshToken({ refresh: first.refresh }, { signal: leaving.signal });
      leaver.catch(() => undefined);
      await heldUp('%signing_keys%');
      const stayed = refresh(second.refresh);
      leaving.abort(left);
      await wait(400);
      return { stayed };
    });
    expect((await answer.stayed).access).not.toBe('');
  });

  it('gives 20 parallel refreshes one successor', async () => {
    for (let run = 0; run < 5; run++) {
      const first = await identity.signIn(undefined, phoneA);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refresh, phoneA)));
      expect(new Set(answers.map((answer) => answer.refresh)).size).toBe(1);
      expect(await tokensOf(first)).toHaveLength(2);
    }
  });

  it('ends with the session: 30 days, however often it was refreshed', async () => {
    const first = await identity.signIn();
    identity.clock.advance(29 * day);
    const late = await refresh(first.refresh);
    identity.clock.advance(day - second);
    const last = await refresh(late.refresh);
    identity.clock.advance(second);
    expect(await refusalOf(refresh(last.refresh))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('ends after 24 hours for an admin', async () => {
    const phoneNumber = identity.newPhone();
    await identity.admin.bootstrapAdmin({ phoneNumber }, { headers: { 'x-mawid-peer': 'ops' } });
    const first = await identity.signIn(phoneNumber);
    expect(decodeJwt(first.access).role).toBe('admin');
    identity.clock.advance(day - second);
    const last = await refresh(first.refresh);
    identity.clock.advance(second);
    expect(await refusalOf(refresh(last.refresh))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('leaves nothing alive after an end of the session that races it', async () => {
    for (let run = 0; run < 40; run++) {
      const first = await identity.signIn(undefined, phoneA);
      const used = run % 2 === 0 ? first.refresh : (await refresh(first.refresh, phoneA)).refresh;
      const [answer] = await Promise.allSettled([
        refresh(used, phoneA),
        endSession(identity.ctx.database, sessionOf(first), 'logout', identity.clock.now()),
      ]);
      const candidates = [first.refresh, used, ...(answer.status === 'fulfilled' ? [answer.value.refresh] : [])];
      for (const token of candidates) expect(await refusalOf(refresh(token, phoneA))).toBe('REFRESH_TOKEN_INVALID');
    }
  });
});

describe('Logout', () => {
  it('ends the session of the token: its refresh token and its access token here at once', async () => {
    const phoneNumber = identity.newPhone();
    const other = await identity.signIn(phoneNumber);
    identity.clock.advance(60 * second);
    const session = await identity.signIn(phoneNumber);
    await identity.auth.logout({}, { headers: as(session) });
    expect(await endOf(session)).toBe('logout');
    expect(await refusalOf(refresh(session.refresh))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(identity.users.getMe({}, { headers: as(session) }))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(identity.auth.logout({}, { headers: as(session) }))).toBe('UNAUTHENTICATED');
    expect((await identity.users.getMe({}, { headers: as(other) })).phoneNumber).toBe(phoneNumber);
    expect((await refresh(other.refresh)).access).not.toBe('');
  });

  it('needs a signed-in caller', async () => {
    expect(await refusalOf(identity.auth.logout({}))).toBe('UNAUTHENTICATED');
  });
});
