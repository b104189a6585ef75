import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { createTestTransport } from '@mawid/service-kit/testing';
import { routes } from '../src/rpc/index.ts';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { openSessions, type Sessions } from './support/sessions.ts';

let identity: IdentityFixture;
let sessions: Sessions;

beforeAll(async () => {
  identity = await startIdentity();
  sessions = openSessions(identity);
});
afterAll(() => identity?.close());

const refresh = (token: string, deviceId?: string) => sessions.refresh(token, deviceId);

describe('a client that was given a name of ours', () => {
  it('gets it with its tokens', async () => {
    const auth = createClient(AuthService, createTestTransport(routes(identity.ctx)));
    const { requestId } = await auth.requestPhoneCode({ phoneNumber: identity.newPhone() });
    let given: string | null = null;
    const onHeader = (header: Headers) => {
      given = header.get('x-device-id');
    };
    await auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) }, { onHeader });
    expect(given).toMatch(/^md1\.[\w-]{22}\.[\w-]{22}$/);
  });

  it.each([['phone-a'], [undefined]])('T5: may ignore it for ever and call itself %j', async (name) => {
    let session = await sessions.open(await sessions.newUser(), { deviceId: name });
    for (let round = 0; round < 3; round++) {
      const next = await refresh(session.refresh, name);
      identity.clock.advance(30_000);
      expect((await refresh(session.refresh, name)).refresh).toBe(next.refresh);
      session = { ...session, refresh: next.refresh };
    }
  });

  it.each([['phone-a'], [undefined]])('T5: may take it up after it was %j', async (name) => {
    const session = await sessions.open(await sessions.newUser(), { deviceId: name });
    const next = await refresh(session.refresh, session.deviceToken);
    identity.clock.advance(30_000);
    expect((await refresh(session.refresh, session.deviceToken)).refresh).toBe(next.refresh);
    const last = await refresh(next.refresh, session.deviceToken);
    expect((await refresh(next.refresh, session.deviceToken)).refresh).toBe(last.refresh);
  });

  it('T5: may take it up between an answer that was lost and the next try, and in one tab before the other', async () => {
    const session = await sessions.open(await sessions.newUser(), { deviceId: 'phone-a' });
    const next = await refresh(session.refresh, 'phone-a');
    expect((await refresh(session.refresh, session.deviceToken)).refresh).toBe(next.refresh);
    const last = await refresh(next.refresh, session.deviceToken);
    expect((await refresh(next.refresh, 'phone-a')).refresh).toBe(last.refresh);
  });

  it('T5: is not mistaken for one that sends its name without our signature, or has another of ours', async () => {
    const userId = await sessions.newUser();
    const other = await sessions.open(userId);
    const forge = (token: string | undefined) => String(token).split('.').slice(0, 2).join('.');
    for (const wrong of [forge, () => other.deviceToken, () => undefined]) {
      const session = await sessions.open(userId, { deviceId: 'phone-a' });
      await refresh(session.refresh, session.deviceToken);
      expect(await refusalOf(refresh(session.refresh, wrong(session.deviceToken)))).toBe('REFRESH_TOKEN_INVALID');
      expect(await sessions.endOf(session.id)).toBe('refresh_reuse');
    }
  });
});

describe('a sign-in on a device of ours', () => {
  it('ends what the user had open on it, and nothing else', async () => {
    const userId = await sessions.newUser();
    const first = await sessions.open(userId);
    const deviceId = first.deviceToken;
    const others = [await sessions.open(userId), await sessions.open(await sessions.newUser(), { deviceId })];
    const second = await sessions.open(userId, { deviceId });
    expect(second.deviceToken).toBeUndefined();
    expect(await sessions.endOf(first.id)).toBe('replaced');
    expect(await refusalOf(refresh(first.refresh, deviceId))).toBe('REFRESH_TOKEN_INVALID');
    for (const { id } of [...others, second]) expect(await sessions.endOf(id)).toBeUndefined();
    expect(await sessions.eventsOf('identity.session.v1.ended', first.id)).toHaveLength(1);
    expect(await sessions.auditOf(userId)).toMatchObject([
      { kind: 'session_ended', details: { session_id: first.id, end_reason: 'replaced' } },
    ]);
  });

  it('ends nothing where the device names itself: anybody could', async () => {
    const userId = await sessions.newUser();
    const first = await sessions.open(userId, { deviceId: 'phone-a' });
    await sessions.open(userId, { deviceId: 'phone-a' });
    expect(await sessions.endOf(first.id)).toBeUndefined();
  });
});
