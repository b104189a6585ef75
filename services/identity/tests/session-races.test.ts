import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@mawid/service-kit/testing';
import { decodeJwt } from 'jose';
import { growSessionVersion } from '../src/db/session-versions.ts';
import { endAllSessions } from '../src/sessions/end-sessions.ts';
import { as, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { type OpenedSession, openSessions, type Sessions } from './support/sessions.ts';

/** How the end of a call is told to its handler. */
const left = new ConnectError('the call was cancelled', Code.Canceled);
const phoneA = { deviceId: 'phone-a' };
const invalid = 'REFRESH_TOKEN_INVALID';
let identity: IdentityFixture;
let sessions: Sessions;

beforeAll(async () => {
  identity = await startIdentity();
  sessions = openSessions(identity);
});
afterAll(() => identity?.close());

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

const logout = (session: OpenedSession) => identity.auth.logout({}, { headers: as(session) });
const logoutAll = (session: OpenedSession) => sessions.client.logoutAll({}, { headers: as(session) });
const suspend = (session: OpenedSession) =>
  identity.ctx.database.transaction(async (tx) => {
    const user = await growSessionVersion(tx, session.userId);
    if (user) await endAllSessions(tx, { user, reason: 'suspended', now: identity.clock.now() });
  });
const stealing = (token: string) => async () => {
  expect(await refusalOf(sessions.refresh(token, 'thief'))).toBe(invalid);
};

describe('an end of a session that meets a refresh', () => {
  /** One race; the successor of the refresh where it won. */
  async function race(run: number, userId: string, end: (session: OpenedSession, used: string) => Promise<unknown>) {
    const session = await sessions.open(userId, phoneA);
    const next = await sessions.refresh(session.refresh, 'phone-a');
    // One half of the refreshes exchange a token, the other half ask for a lost answer again.
    const presented = run % 2 === 0 ? next.refresh : session.refresh;
    const refreshed = sessions.refresh(presented, 'phone-a').then(
      (answer) => answer.refresh,
      () => undefined,
    );
    // The end has been answered: from here on nothing may live, whatever the refresh still brings.
    await end(session, session.refresh);
    const successor = await refreshed;
    for (const token of [next.refresh, successor, session.refresh]) {
      if (token !== undefined) expect(await refusalOf(sessions.refresh(token, 'phone-a'))).toBe(invalid);
    }
    return successor === undefined ? 'ended first' : 'refreshed first';
  }

  it.each<[string, (session: OpenedSession, used: string) => Promise<unknown>]>([
    ['logout', logout],
    ['logout-all', logoutAll],
    ['a suspension', suspend],
    ['a reuse', (_, used) => stealing(used)()],
  ])(
    'T7: after %s no token lives, 252 times, 1,008 with the others',
    async (_, end) => {
      const outcomes = new Map<string, number>();
      const userIds = await Promise.all(Array.from({ length: 4 }, () => sessions.newUser()));
      for (let run = 0; run < 63; run++) {
        const results = await Promise.all(userIds.map((userId) => race(run, userId, end)));
        for (const result of results) outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
      }
      // Otherwise there was no race.
      expect([...outcomes.keys()].sort()).toEqual(['ended first', 'refreshed first']);
      const alive = await identity.rows('SELECT FROM sessions WHERE ended_at IS NULL AND user_id = ANY ($1)', userIds);
      expect(alive).toEqual([]);
    },
    600_000,
  );

  it('T7: a sign-in that meets a logout-all ends with the others or belongs to what comes after', async () => {
    for (let run = 0; run < 100; run++) {
      const userId = await sessions.newUser();
      const session = await sessions.open(userId);
      const [late] = await Promise.all([sessions.open(userId), logoutAll(session)]);
      const version = decodeJwt(late.access).ver;
      expect(await sessions.endOf(late.id)).toBe(version === 2 ? undefined : 'logout_all');
      expect(await sessions.endOf(session.id)).toBe('logout_all');
    }
  });

  it('T4: holds for a thief who has hung up', async () => {
    const owner = await sessions.open(await sessions.newUser(), phoneA);
    await sessions.refresh(owner.refresh, 'phone-a');
    const leaving = new AbortController();
    await holding(`SELECT FROM sessions WHERE id = '${owner.id}' FOR UPDATE`, async () => {
      const options = { headers: { 'x-device-id': 'thief' }, signal: leaving.signal };
      const stolen = identity.auth.refreshToken({ refresh: owner.refresh }, options);
      stolen.catch(() => undefined);
      await heldUp('UPDATE sessions SET ended_at%');
      leaving.abort(left);
      await wait(400);
    });
    await waitFor('the end', async () => (await sessions.endOf(owner.id)) === 'refresh_reuse');
  });
});

describe('RefreshToken', () => {
  it('waits for the keys, whoever of those who wait leaves', async () => {
    const userId = await sessions.newUser();
    const [first, second] = [await sessions.open(userId), await sessions.open(userId)];
    identity.clock.advance(31_000);
    const leaving = new AbortController();
    const answer = await holding('LOCK TABLE signing_keys', async () => {
      const leaver = identity.auth.refreshToken({ refresh: first.refresh }, { signal: leaving.signal });
      leaver.catch(() => undefined);
      await heldUp('%signing_keys%');
      const stayed = sessions.refresh(second.refresh);
      leaving.abort(left);
      await wait(400);
      return { stayed };
    });
    expect((await answer.stayed).access).not.toBe('');
  });
});

describe('sign-ins on one device that meet', () => {
  it('leave one session, without waiting for each other for ever', async () => {
    for (let run = 0; run < 20; run++) {
      const userId = await sessions.newUser();
      const deviceId = (await sessions.open(userId)).deviceToken;
      const opened = await Promise.all(Array.from({ length: 8 }, () => sessions.open(userId, { deviceId })));
      const ends = await Promise.all(opened.map(({ id }) => sessions.endOf(id)));
      expect(ends.filter((end) => end === undefined)).toHaveLength(1);
      expect(ends.filter((end) => end === 'replaced')).toHaveLength(7);
    }
  });
});
