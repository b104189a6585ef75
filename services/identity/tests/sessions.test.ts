import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { as, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { type OpenedSession, openSessions, type Sessions } from './support/sessions.ts';

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
let identity: IdentityFixture;
let sessions: Sessions;

beforeAll(async () => {
  identity = await startIdentity();
  sessions = openSessions(identity);
});
afterAll(() => identity?.close());

const open = async (userId?: string, caller = {}) => sessions.open(userId ?? (await sessions.newUser()), caller);
const list = (session: OpenedSession, page = {}) => sessions.client.listSessions(page, { headers: as(session) });
const idsOf = async (session: OpenedSession) => (await list(session)).sessions.map(({ id }) => id);
const end = (session: OpenedSession, sessionId: string) =>
  sessions.client.endSession({ sessionId }, { headers: as(session) });

describe('an access token', () => {
  it('T2: is an at+jwt with the claims that services read, for 15 minutes', async () => {
    const { access, user, expiresIn } = await identity.signIn();
    const now = identity.clock.now().getTime() / 1000;
    expect(expiresIn).toBe(900);
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

  it('T2: keeps the time of the sign-in through refreshes', async () => {
    const first = await open();
    identity.clock.advance(100 * second);
    const next = await sessions.refresh(first.refresh);
    const [before, after] = [decodeJwt(first.access), decodeJwt(next.access)];
    expect(after).toMatchObject({ sid: before.sid, auth_time: before.auth_time, iat: (before.iat ?? 0) + 100 });
    expect(after.jti).not.toBe(before.jti);
  });
});

describe('ListSessions', () => {
  it('shows own sessions that live, the one used last first', async () => {
    const caller = { deviceId: 'phone-a', address: '203.0.113.7', userAgent: 'Mawid/1 iOS' };
    const first = await open(undefined, caller);
    identity.clock.advance(second);
    const newer = await open(first.userId);
    await open();
    identity.clock.advance(second);
    await sessions.refresh(first.refresh, 'phone-a');
    const { sessions: listed, nextPageToken } = await list(newer);
    expect(nextPageToken).toBe('');
    expect(listed.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [first.id, false],
      [newer.id, true],
    ]);
    expect(listed[0]).toMatchObject({ ...caller, amr: ['otp'], endReason: '' });
    expect(listed[1]).toMatchObject({ deviceId: '', address: '', userAgent: '' });
    const lived = Number(listed[0]?.expiresAt?.seconds) - Number(listed[0]?.authenticatedAt?.seconds);
    expect(lived * second).toBe(30 * day);
  });

  it('leaves out what has ended, expired or lies idle', async () => {
    const userId = await sessions.newUser('staff');
    await open(userId);
    identity.clock.advance(hour);
    const ended = await open(userId);
    const session = await open(userId);
    await end(session, ended.id);
    expect(await idsOf(session)).toEqual([session.id]);

    const customer = await open();
    identity.clock.advance(30 * day);
    expect(await idsOf(await open(customer.userId))).toHaveLength(1);
  });

  it('gives pages, whose tokens are good for nobody else', async () => {
    const session = await open();
    const opened = [session];
    for (let count = 1; count < 5; count++) opened.unshift(await open(session.userId));
    const found: string[] = [];
    let pageToken = '';
    do {
      const page = await list(session, { pageSize: 2, pageToken });
      found.push(...page.sessions.map(({ id }) => id));
      if (page.nextPageToken) {
        expect(await refusalOf(list(await open(), { pageToken: page.nextPageToken }))).toBe('PAGE_TOKEN_INVALID');
      }
      pageToken = page.nextPageToken;
    } while (pageToken);
    // All were used at the same moment: the newer id goes first.
    expect(found).toEqual(opened.map(({ id }) => id));
    expect(await refusalOf(list(session, { pageToken: 'x' }))).toBe('PAGE_TOKEN_INVALID');
  });
});

describe('EndSession', () => {
  it('ends one of several: its tokens are dead, the others live', async () => {
    const [session, other] = [await open(), await open()];
    const lost = await open(session.userId);
    await end(session, lost.id);
    expect(await sessions.endOf(lost.id)).toBe('revoked');
    expect(await refusalOf(sessions.refresh(lost.refresh))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(list(lost))).toBe('UNAUTHENTICATED');
    expect(await idsOf(session)).toEqual([session.id]);
    expect(await idsOf(other)).toEqual([other.id]);
    expect(await sessions.eventsOf('identity.session.v1.ended', lost.id)).toHaveLength(1);
    expect(await sessions.auditOf(session.userId)).toMatchObject([
      { kind: 'session_ended', outcome: 'ok', details: { session_id: lost.id, end_reason: 'revoked' } },
    ]);
    await end(session, session.id);
    expect(await refusalOf(list(session))).toBe('UNAUTHENTICATED');
  });

  it('finds neither the sessions of others, nor ended ones, nor none', async () => {
    const [session, other] = [await open(), await open()];
    const ended = await open(session.userId);
    await end(session, ended.id);
    for (const id of [other.id, ended.id, uuidv7()]) expect(await refusalOf(end(session, id))).toBe('NOT_FOUND');
    expect(await sessions.endOf(other.id)).toBeUndefined();
    expect(await refusalOf(end(session, 'x'))).toContain('VALIDATION_FAILED session_id');
  });
});

describe('LogoutAll', () => {
  it('ends every session of the user and moves the session version on', async () => {
    const [session, other] = [await open(), await open()];
    const newer = await open(session.userId);
    await sessions.client.logoutAll({}, { headers: as(session) });
    for (const { id, refresh } of [session, newer]) {
      expect(await sessions.endOf(id)).toBe('logout_all');
      expect(await refusalOf(sessions.refresh(refresh))).toBe('REFRESH_TOKEN_INVALID');
    }
    expect(await sessions.endOf(other.id)).toBeUndefined();
    expect(decodeJwt((await open(session.userId)).access).ver).toBe(2);
    expect(await sessions.eventsOf('identity.session.v1.ended', session.userId)).toHaveLength(1);
    expect(await sessions.auditOf(session.userId)).toMatchObject([
      { kind: 'all_sessions_ended', details: { ended_count: '2', end_reason: 'logout_all' } },
    ]);
  });
});

describe('Logout', () => {
  it('ends the session of the token: its refresh token and its access token here at once', async () => {
    const session = await open();
    const other = await open(session.userId);
    await identity.auth.logout({}, { headers: as(session) });
    expect(await sessions.endOf(session.id)).toBe('logout');
    expect(await refusalOf(sessions.refresh(session.refresh))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(identity.users.getMe({}, { headers: as(session) }))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(identity.auth.logout({}, { headers: as(session) }))).toBe('UNAUTHENTICATED');
    expect(await idsOf(other)).toEqual([other.id]);
    expect(await sessions.auditOf(session.userId)).toMatchObject([
      { kind: 'session_ended', details: { session_id: session.id, end_reason: 'logout' } },
    ]);
  });
});

describe('CheckSession', () => {
  const check = ({ userId, id }: OpenedSession, sessionVersion = 1, peer = 'booking') =>
    sessions.client.checkSession({ userId, sessionId: id, sessionVersion }, { headers: { 'x-mawid-peer': peer } });
  const isLive = async (session: OpenedSession, version?: number) => (await check(session, version)).isLive;

  it('says whether the session of a token lives', async () => {
    const [session, other] = [await open(), await open()];
    expect(await isLive(session)).toBe(true);
    expect(await isLive({ ...session, userId: other.userId })).toBe(false);
    expect(await isLive({ ...session, id: uuidv7() })).toBe(false);
    await identity.auth.logout({}, { headers: as(session) });
    expect(await isLive(session)).toBe(false);
    await identity.rows(`UPDATE users SET suspended_at = now(), suspension_reason = 'x' WHERE id = $1`, other.userId);
    expect(await isLive(other)).toBe(false);
  });

  it('knows an old session version, and an expired session', async () => {
    const session = await open();
    await identity.rows('UPDATE users SET session_version = 3 WHERE id = $1', session.userId);
    expect([await isLive(session, 2), await isLive(session, 3)]).toEqual([false, true]);
    identity.clock.advance(30 * day);
    expect(await isLive(session, 3)).toBe(false);
  });

  it('is for services', async () => {
    const session = await open();
    expect(await refusalOf(check(session, 1, ''))).not.toBe('');
    expect(await refusalOf(sessions.client.checkSession({}, { headers: as(session) }))).toBe('PERMISSION_DENIED');
  });
});

it('needs a signed-in caller for all but that', async () => {
  const calls = [identity.auth.logout({}), sessions.client.logoutAll({}), sessions.client.listSessions({})];
  for (const call of calls) expect(await refusalOf(call)).toBe('UNAUTHENTICATED');
});
