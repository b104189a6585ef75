import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, testToken } from '@mawid/service-kit/testing';
import { decodeJwt } from 'jose';
import { refusalOf } from './identity-fixture.ts';
import { type SignedIn, type SocialFixture, startSocial } from './support/social-fixture.ts';

let social: SocialFixture;
let subjects = 0;

beforeAll(async () => {
  social = await startSocial();
});
afterEach(() => social.identity.clock.advance(60_000));
afterAll(() => social?.close());

interface Start {
  sessionId: string;
  refresh: string;
  /** Our name for the device, with its signature. */
  device: string;
}

interface Started {
  access: string;
  refresh: string;
}

/** A sign-in on a device of its own, or on one that has a name of ours. */
async function start(call: (options: object) => Promise<Started>, device?: string): Promise<Start> {
  let name = device ?? '';
  const { access, refresh } = await call({
    headers: device ? { 'x-device-id': device } : {},
    onHeader: (headers: Headers) => {
      name = headers.get('x-device-id') ?? name;
    },
  });
  return { sessionId: String(decodeJwt(access).sid), refresh, device: name };
}

async function byGoogle(subject: string, device?: string): Promise<Start> {
  const idToken = await social.standin.idToken('google', { claims: { sub: subject } });
  const request = { provider: 'google', idToken };
  return start((options) => social.identity.auth.signInWithIdToken(request, options), device);
}

async function byCode({ phoneNumber }: SignedIn, device?: string): Promise<Start> {
  social.identity.clock.advance(60_000);
  const headers = device ? { 'x-device-id': device } : {};
  const { requestId } = await social.identity.auth.requestPhoneCode({ phoneNumber }, { headers });
  const code = await social.identity.codeOf(requestId);
  return start((options) => social.identity.auth.verifyPhoneCode({ requestId, code }, options), device);
}

async function linked(): Promise<SignedIn & { identityId: string; subject: string }> {
  const subject = `federated-${++subjects}`;
  const user = await social.newUser();
  const { id: identityId } = await social.link(user, 'google', { subject });
  return { ...user, identityId, subject };
}

const unlink = (identityId: string, headers: Headers) =>
  social.identity.identities.unlinkIdentity({ identityId }, { headers });
const refresh = ({ refresh: token, device }: Start) =>
  social.identity.auth.refreshToken({ refresh: token }, { headers: { 'x-device-id': device } });
const isKnown = async (userId: string, { device }: Start) =>
  (
    await social.identity.rows(
      'SELECT FROM known_devices WHERE user_id = $1 AND device_id = $2',
      ...[userId, device.split('.').slice(0, 2).join('.')],
    )
  ).length > 0;

describe('an unlinked identity', () => {
  it('T12: takes the sessions with it that it began, and no other; what they were is in the log', async () => {
    const user = await linked();
    const [thief, owner] = [await byGoogle(user.subject), await byCode(user)];
    await unlink(user.identityId, user.headers);
    expect(await refusalOf(refresh(thief))).toBe('REFRESH_TOKEN_INVALID');
    expect((await refresh(owner)).access).not.toBe('');
    const ended = await social.identity.rows<{ payload: Buffer }>(
      `SELECT payload FROM outbox WHERE subject = 'identity.session.v1.ended' AND aggregate_id = $1`,
      thief.sessionId,
    );
    expect(ended).toHaveLength(1);
    const details = { session_id: thief.sessionId, end_reason: 'revoked' };
    expect(await social.auditOf(user.id, 'session_ended')).toMatchObject([{ outcome: 'ok', details }]);
  });

  it('T12: takes the devices with it that are known by nothing else, ended sessions or not', async () => {
    const user = await linked();
    const [left, thief, owner] = [await byGoogle(user.subject), await byGoogle(user.subject), await byCode(user)];
    await byGoogle(user.subject, owner.device);
    await social.identity.rows(
      `UPDATE sessions SET ended_at = now(), end_reason = 'logout' WHERE id = $1`,
      left.sessionId,
    );
    const known = () => Promise.all([left, thief, owner].map((each) => isKnown(user.id, each)));
    expect(await known()).toEqual([true, true, true]);
    await unlink(user.identityId, user.headers);
    expect(await known()).toEqual([false, false, true]);
  });

  it('leaves the session that unlinks it, and its device', async () => {
    const user = await linked();
    const own = await byCode(user, (await byGoogle(user.subject)).device);
    const headers = headersOf({ token: testToken({ userId: user.id, sessionId: own.sessionId }) });
    headers.set('x-device-id', own.device);
    await unlink(user.identityId, headers);
    expect((await refresh(own)).access).not.toBe('');
    expect(await isKnown(user.id, own)).toBe(true);
  });
});
