import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  SecurityNoticeKind,
  SecurityNoticeSchema,
  SessionEndedSchema,
} from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { decodeJwt } from 'jose';
import { as, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { type OpenedSession, openSessions, type Sessions } from './support/sessions.ts';

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const phoneA = { deviceId: 'phone-a' };
let identity: IdentityFixture;
let sessions: Sessions;

beforeAll(async () => {
  identity = await startIdentity();
  sessions = openSessions(identity);
});
afterAll(() => identity?.close());

const open = async (caller = {}) => sessions.open(await sessions.newUser(), caller);
const refresh = (token: string, deviceId?: string) => sessions.refresh(token, deviceId);
const invalid = 'REFRESH_TOKEN_INVALID';
const noticesTo = async (userId: string) => {
  const rows = await identity.rows<{ payload: Buffer }>(
    `SELECT payload FROM outbox WHERE subject = 'identity.security.v1.noticed' ORDER BY id`,
  );
  return rows
    .map(({ payload }) => fromBinary(SecurityNoticeSchema, new Uint8Array(payload)))
    .filter((notice) => notice.userId === userId);
};

describe('RefreshToken', () => {
  it('T3: a token is 256 bits of its own, and only its hash is kept', async () => {
    const first = await open();
    const next = await refresh(first.refresh);
    for (const token of [first.refresh, next.refresh]) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(new Set([first.refresh, next.refresh, (await open()).refresh]).size).toBe(3);
    const stored = await identity.rows<{ token_hash: Buffer }>('SELECT * FROM refresh_tokens');
    const text = JSON.stringify([stored, await identity.rows('SELECT * FROM sessions')]);
    for (const token of [first.refresh, next.refresh]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(JSON.stringify([...Buffer.from(token, 'base64url')]).slice(1, -1));
    }
    expect(stored.every(({ token_hash }) => token_hash.length === 32)).toBe(true);
    expect((await refresh(next.refresh)).access).not.toBe('');
  });

  it('T3: a customer is out after 30 days, however often they refreshed', async () => {
    const first = await open();
    identity.clock.advance(29 * day);
    const late = await refresh(first.refresh);
    identity.clock.advance(day - second);
    const last = await refresh(late.refresh);
    expect(last.expiresIn).toBe(1);
    identity.clock.advance(second);
    expect(await refusalOf(refresh(last.refresh))).toBe(invalid);
  });

  it.each(['staff', 'manager', 'admin'] as const)('T3: %s are out after 24 hours, however often', async (role) => {
    let session: Pick<OpenedSession, 'refresh'> = await sessions.open(await sessions.newUser(role));
    for (let passed = 0; passed < 24 * hour - 30 * 60 * second; passed += 30 * 60 * second) {
      identity.clock.advance(30 * 60 * second);
      session = await refresh(session.refresh);
    }
    identity.clock.advance(30 * 60 * second);
    expect(await refusalOf(refresh(session.refresh))).toBe(invalid);
  });

  it.each(['staff', 'manager', 'admin'] as const)('T3: %s are out after an hour without a refresh', async (role) => {
    const session = await sessions.open(await sessions.newUser(role));
    identity.clock.advance(hour - second);
    const next = await refresh(session.refresh);
    identity.clock.advance(hour);
    expect(await refusalOf(refresh(next.refresh))).toBe(invalid);
    expect(await sessions.endOf(session.id)).toBe('idle');
    expect(await sessions.auditOf(session.userId)).toMatchObject([
      { kind: 'session_ended', details: { end_reason: 'idle' } },
    ]);
    expect(await sessions.eventsOf('identity.session.v1.ended', session.id)).toHaveLength(1);
  });

  it('T4: a used token after the window kills the family, with an event, a message and an audit line, once', async () => {
    const first = await open(phoneA);
    const next = await refresh(first.refresh, 'phone-a');
    identity.clock.advance(31 * second);
    expect(await refusalOf(refresh(first.refresh, 'phone-a'))).toBe(invalid);
    for (const token of [next.refresh, first.refresh]) {
      await Promise.all([refresh(token, 'phone-a'), refresh(token)].map(refusalOf));
    }
    expect(await sessions.endOf(first.id)).toBe('refresh_reuse');
    expect(await refusalOf(identity.users.getMe({}, { headers: as(next) }))).toBe('UNAUTHENTICATED');
    const [event, ...more] = await sessions.eventsOf('identity.session.v1.ended', first.id);
    expect(more).toEqual([]);
    expect(fromBinary(SessionEndedSchema, new Uint8Array(event?.payload ?? []))).toMatchObject({
      ...{ userId: first.userId, sessionId: first.id, reason: 'refresh_reuse' },
    });
    expect(await noticesTo(first.userId)).toMatchObject([{ kind: SecurityNoticeKind.SESSION_COMPROMISED }]);
    expect(await sessions.auditOf(first.userId)).toMatchObject([
      { kind: 'refresh_token_reused', outcome: 'refused', details: { session_id: first.id } },
    ]);
  });

  it('T4: of parallel replays one ends the session and tells its user', async () => {
    const first = await open(phoneA);
    await refresh(first.refresh, 'phone-a');
    await Promise.all(Array.from({ length: 20 }, () => refusalOf(refresh(first.refresh, 'thief'))));
    expect(await noticesTo(first.userId)).toHaveLength(1);
    expect(await sessions.auditOf(first.userId)).toHaveLength(1);
  });

  it('T5: the same device gets the same successor for 30 seconds', async () => {
    const first = await open(phoneA);
    const next = await refresh(first.refresh, 'phone-a');
    for (const seconds of [10, 20]) {
      identity.clock.advance(seconds * second);
      expect((await refresh(first.refresh, 'phone-a')).refresh).toBe(next.refresh);
    }
    expect(await sessions.tokensOf(first.id)).toHaveLength(2);
    expect((await refresh(next.refresh, 'phone-a')).access).not.toBe('');
  });

  it('T5: another device gets nothing, and ends the session', async () => {
    const first = await open(phoneA);
    const next = await refresh(first.refresh, 'phone-a');
    expect(await refusalOf(refresh(first.refresh, 'phone-b'))).toBe(invalid);
    expect(await refusalOf(refresh(next.refresh, 'phone-a'))).toBe(invalid);
  });

  it('T5: 20 parallel refreshes get one successor, and the family grows by one', async () => {
    for (let run = 0; run < 20; run++) {
      const first = await open(phoneA);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refresh, 'phone-a')));
      expect(new Set(answers.map((answer) => answer.refresh)).size).toBe(1);
      expect(await sessions.tokensOf(first.id)).toHaveLength(2);
    }
  });

  it.each([
    [10, true],
    [31, false],
  ])('T6: whose answer was lost tries again after %i seconds: %p', async (seconds, works) => {
    const first = await open();
    const lost = await refresh(first.refresh);
    identity.clock.advance(seconds * second);
    const again = refresh(first.refresh);
    if (works) expect((await again).refresh).toBe(lost.refresh);
    else expect(await refusalOf(again)).toBe(invalid);
  });

  it('T8: a thief who takes turns with the owner is found at the second use outside the window', async () => {
    const stolen = await open(phoneA);
    const thief = await refresh(stolen.refresh, 'phone-b');
    identity.clock.advance(60 * second);
    expect(await refusalOf(refresh(stolen.refresh, 'phone-a'))).toBe(invalid);
    expect(await refusalOf(refresh(thief.refresh, 'phone-b'))).toBe(invalid);

    const owner = await open(phoneA);
    const next = await refresh(owner.refresh, 'phone-a');
    identity.clock.advance(60 * second);
    expect(await refusalOf(refresh(owner.refresh, 'phone-b'))).toBe(invalid);
    expect(await refusalOf(refresh(next.refresh, 'phone-a'))).toBe(invalid);
  });

  it.each(['suspended', 'erased'])('refuses a user who is %s', async (state) => {
    const session = await open();
    const suspend = `UPDATE users SET suspended_at = now(), suspension_reason = 'x' WHERE id = $1`;
    await identity.rows(state === 'erased' ? 'DELETE FROM users WHERE id = $1' : suspend, session.userId);
    expect(await refusalOf(refresh(session.refresh))).toBe(invalid);
  });

  it.each([['not a token'], ['A'.repeat(43)], ['eyJhbGciOiJub25lIn0.e30.']])('refuses %j', async (token) => {
    expect(await refusalOf(refresh(token))).toBe(invalid);
  });

  it('refuses an access token, and names a missing one', async () => {
    const { access } = await open();
    expect(await refusalOf(refresh(access))).toBe(invalid);
    expect(await refusalOf(refresh(''))).toBe('VALIDATION_FAILED refresh:FIELD_REQUIRED');
  });

  it('gives an access token that lives no longer than its session', async () => {
    const first = await open();
    identity.clock.advance(30 * day - 100 * second);
    const next = await refresh(first.refresh);
    const { iat = 0, exp = 0 } = decodeJwt(next.access);
    expect([exp - iat, next.expiresIn]).toEqual([100, 100]);
  });
});
