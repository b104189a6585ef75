import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { UserState } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { purgeProvisionalUsers } from '../src/jobs/purge-provisional-users.ts';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { auditOf, factsOf, newAccount, newAdmin, Role } from './support/accounts.ts';

const hourMs = 3_600_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '10' });
});
afterAll(() => identity?.close());

const isThere = async (phoneNumber: string) =>
  (await identity.rows('SELECT FROM users WHERE phone_number = $1', phoneNumber)).length === 1;

describe('a provisional user', () => {
  it('is deleted a day after it was made, not before', async () => {
    const phoneNumber = identity.newPhone();
    await identity.auth.register({ phoneNumber, email: 'gone@example.com' });
    identity.clock.advance(24 * hourMs - 1000);
    await purgeProvisionalUsers(identity.ctx);
    expect(await isThere(phoneNumber)).toBe(true);
    identity.clock.advance(2000);
    await purgeProvisionalUsers(identity.ctx);
    expect(await isThere(phoneNumber)).toBe(false);
  });

  it('stays while a code is on its way, and is verified with it', async () => {
    const phoneNumber = identity.newPhone();
    await identity.auth.register({ phoneNumber, firstName: 'Late' });
    identity.clock.advance(25 * hourMs);
    const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber });
    await purgeProvisionalUsers(identity.ctx);
    const { user } = await identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });
    expect(user).toMatchObject({ firstName: 'Late', isPhoneVerified: true });
    identity.clock.advance(48 * hourMs);
    await purgeProvisionalUsers(identity.ctx);
    expect(await isThere(phoneNumber)).toBe(true);
  });

  it('stays when an operator gave it a role; a former one is gone from the other services too', async () => {
    const admin = await newAdmin(identity);
    const [staff, former] = [identity.newPhone(), identity.newPhone()];
    await identity.admin.setUserRole({ phoneNumber: staff, role: Role.STAFF }, admin.on);
    const { id } = await identity.admin.setUserRole({ phoneNumber: former, role: Role.STAFF }, admin.on);
    await identity.admin.setUserRole({ phoneNumber: former, role: Role.CUSTOMER }, admin.on);
    identity.clock.advance(25 * hourMs);
    await purgeProvisionalUsers(identity.ctx);
    expect([await isThere(staff), await isThere(former)]).toEqual([true, false]);
    expect(await factsOf(identity, UserErasedSchema, { name: 'userId', value: id })).toMatchObject([{ version: 3n }]);
    expect(await auditOf(identity, id, 'user_purged')).toMatchObject([{ outcome: 'ok', reason: 'never_verified' }]);
  });

  it('goes however many there are, and holds no e-mail address against others', async () => {
    const made = new Date(identity.clock.now().getTime() - 25 * hourMs);
    await identity.rows(
      `INSERT INTO users (id, phone_number, email, created_at, updated_at)
       SELECT uuidv7(), '+96659' || lpad(n::text, 7, '0'), 'held@example.com', $1, $1 FROM generate_series(1, 450) n`,
      made,
    );
    const account = await newAccount(identity);
    expect((await identity.users.updateMe({ email: 'held@example.com' }, account.on)).email).toBe('held@example.com');
    await purgeProvisionalUsers(identity.ctx);
    expect(await identity.rows(`SELECT FROM users WHERE phone_number LIKE '+96659%'`)).toHaveLength(0);
  });
});

describe('a suspended user', () => {
  it('has no session any more, and is told so after a right code, which is used up', async () => {
    const [admin, account] = [await newAdmin(identity), await newAccount(identity)];
    const answer = await identity.admin.suspendUser({ userId: account.id, reason: ' Fraud at salon 12 ' }, admin.on);
    expect(answer).toMatchObject({ state: UserState.SUSPENDED, suspensionReason: 'Fraud at salon 12' });
    expect(await refusalOf(identity.users.getMe({}, account.on))).toBe('UNAUTHENTICATED');
    const { refresh } = account.session;
    expect(await refusalOf(identity.auth.refreshToken({ refresh }))).toBe('REFRESH_TOKEN_INVALID');
    const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber: account.phoneNumber });
    const verify = async () =>
      refusalOf(identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) }));
    expect([await verify(), await verify()]).toEqual(['ACCOUNT_SUSPENDED', 'CODE_INVALID']);
  });

  it('stays so for the first reason when it is suspended twice, and signs in again once reinstated', async () => {
    const [admin, account] = [await newAdmin(identity), await newAccount(identity)];
    const userId = account.id;
    const first = await identity.admin.suspendUser({ userId, reason: 'One' }, admin.on);
    identity.clock.advance(1000);
    expect(await identity.admin.suspendUser({ userId, reason: 'Two' }, admin.on)).toEqual(first);
    const back = await identity.admin.reinstateUser({ userId }, admin.on);
    expect(back).toMatchObject({ state: UserState.ACTIVE, suspensionReason: '' });
    expect(await identity.admin.reinstateUser({ userId }, admin.on)).toEqual(back);
    expect((await newAccount(identity, account.phoneNumber)).id).toBe(userId);
    expect(await auditOf(identity, userId, 'user_suspended')).toMatchObject([
      { reason: 'One', actor_id: admin.id, details: { changed: 'true' } },
      { reason: 'Two', actor_id: admin.id, details: { changed: 'false' } },
    ]);
  });

  it('leaves no session to a sign-in that meets the suspension', async () => {
    const admin = await newAdmin(identity);
    for (let run = 0; run < 10; run++) {
      const account = await newAccount(identity);
      const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber: account.phoneNumber });
      const code = await identity.codeOf(requestId);
      await Promise.allSettled([
        identity.auth.verifyPhoneCode({ requestId, code }),
        identity.auth.refreshToken({ refresh: account.session.refresh }),
        identity.admin.suspendUser({ userId: account.id, reason: 'Race' }, admin.on),
      ]);
      const live = await identity.rows('SELECT FROM sessions WHERE user_id = $1 AND ended_at IS NULL', account.id);
      expect(live).toHaveLength(0);
    }
  });

  it('is never the operator, and needs a reason', async () => {
    const [admin, account] = [await newAdmin(identity), await newAccount(identity)];
    const suspend = (userId: string, reason: string) =>
      refusalOf(identity.admin.suspendUser({ userId, reason }, admin.on));
    expect(await suspend(admin.id, 'Me')).toBe('OWN_ACCOUNT');
    expect(await suspend(account.id, '   ')).toBe('VALIDATION_FAILED reason:FIELD_REQUIRED');
    expect(await suspend('01890000-0000-7000-8000-000000000000', 'Nobody')).toBe('NOT_FOUND');
    expect(await auditOf(identity, admin.id, 'user_suspended')).toMatchObject([
      { outcome: 'refused', reason: 'OWN_ACCOUNT' },
    ]);
  });
});
