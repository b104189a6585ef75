import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionEndedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { UserState } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { as, type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';
import { type Account, auditOf, factsOf, newAccount, newAdmin, newColleague, Role } from './support/accounts.ts';

const nobody = '01890000-0000-7000-8000-000000000000';
let identity: IdentityFixture;
let admin: Account;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '20', OTP_MAX_PER_DAY: '20' });
  admin = await newAdmin(identity);
});
afterAll(() => identity?.close());

type Options = { headers: Headers } | undefined;

/** Every call that is for admins alone. */
const calls: readonly [string, (userId: string, options: Options) => Promise<unknown>][] = [
  [
    'SetUserRole',
    (_, options) => identity.admin.setUserRole({ phoneNumber: '+966551112233', role: Role.ADMIN }, options),
  ],
  ['SearchUsers', (_, options) => identity.admin.searchUsers({}, options)],
  ['GetUser', (userId, options) => identity.admin.getUser({ userId }, options)],
  ['SuspendUser', (userId, options) => identity.admin.suspendUser({ userId, reason: 'Why' }, options)],
  ['ReinstateUser', (userId, options) => identity.admin.reinstateUser({ userId }, options)],
  ['UnlockUser', (userId, options) => identity.admin.unlockUser({ userId }, options)],
  ['ListUserSessions', (userId, options) => identity.admin.listUserSessions({ userId }, options)],
  ['EndUserSessions', (userId, options) => identity.admin.endUserSessions({ userId }, options)],
  ['ListAuditEntries', (_, options) => identity.admin.listAuditEntries({}, options)],
];

describe.each(calls)('%s', (name, call) => {
  it('is for admins only: customers, staff and managers are refused, and so is one who is not signed in', async () => {
    const target = await newAccount(identity);
    expect(await refusalOf(call(target.id, undefined))).toBe('UNAUTHENTICATED');
    const callers = [
      await newAccount(identity),
      await newColleague(identity, admin, Role.STAFF),
      await newColleague(identity, admin, Role.MANAGER),
    ];
    for (const { on } of callers) expect(await refusalOf(call(target.id, on))).toBe('PERMISSION_DENIED');
    expect((await identity.users.getMe({}, target.on)).role).toBe(Role.CUSTOMER);
  });

  it('is refused to an admin whose session has ended, and to one who is none any more whatever the token says', async () => {
    const [former, target] = [await newAdmin(identity), await newAccount(identity)];
    await identity.rows(`UPDATE users SET role = 'customer' WHERE id = $1`, former.id);
    expect(await refusalOf(call(target.id, former.on))).toBe('PERMISSION_DENIED');
    await identity.auth.logout({}, former.on);
    expect(await refusalOf(call(target.id, former.on))).toBe('UNAUTHENTICATED');
  });

  it('knows nobody of an id that nobody has', async () => {
    if (['SetUserRole', 'SearchUsers', 'ListAuditEntries'].includes(name)) return;
    expect(await refusalOf(call(nobody, admin.on))).toBe('NOT_FOUND');
  });
});

describe('GetUser', () => {
  it('shows the account with its state, and the phone number where there is no name', async () => {
    const account = await newAccount(identity);
    await identity.users.updateMe({ email: 'shown@example.com' }, account.on);
    const seen = await identity.admin.getUser({ userId: account.id }, admin.on);
    expect(seen).toMatchObject({ state: UserState.ACTIVE, suspensionReason: '' });
    expect(seen.suspendedAt).toBeUndefined();
    expect(seen.user).toMatchObject({ email: 'shown@example.com', displayName: account.phoneNumber });
    expect(await auditOf(identity, account.id, 'user_read')).toMatchObject([{ actor_id: admin.id, outcome: 'ok' }]);
  });
});

describe('UnlockUser', () => {
  it('forgets the wrong guesses of one whom strangers have locked out', async () => {
    const account = await newAccount(identity);
    const { phoneNumber } = account;
    const request = async () => (await identity.auth.requestPhoneCode({ phoneNumber })).requestId;
    for (let round = 0; round < 3; round++) {
      const requestId = await request();
      const code = wrong(await identity.codeOf(requestId));
      for (let guess = 0; guess < 5; guess++) await refusalOf(identity.auth.verifyPhoneCode({ requestId, code }));
    }
    const requestId = await request();
    const verify = async () => identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });
    expect(await refusalOf(verify())).toBe('CODE_INVALID');
    expect((await identity.admin.unlockUser({ userId: account.id }, admin.on)).user?.id).toBe(account.id);
    expect((await verify()).user?.id).toBe(account.id);
    expect(await auditOf(identity, account.id, 'user_unlocked')).toMatchObject([{ actor_id: admin.id }]);
  });
});

describe('ListUserSessions', () => {
  it("lists the sessions that live, page by page, and says that none is the operator's", async () => {
    const account = await newAccount(identity);
    await identity.signIn(account.phoneNumber);
    await identity.signIn(account.phoneNumber);
    const { userId, pageSize } = { userId: account.id, pageSize: 2 };
    const first = await identity.admin.listUserSessions({ userId, pageSize }, admin.on);
    const pageToken = first.nextPageToken;
    const second = await identity.admin.listUserSessions({ userId, pageSize, pageToken }, admin.on);
    const all = [...first.sessions, ...second.sessions];
    expect([first.sessions.length, second.sessions.length, second.nextPageToken]).toEqual([2, 1, '']);
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    expect(all.some(({ isCurrent }) => isCurrent)).toBe(false);
    const stranger = await newAdmin(identity);
    expect(await refusalOf(identity.admin.listUserSessions({ userId, pageToken }, stranger.on))).toBe(
      'PAGE_TOKEN_INVALID',
    );
  });
});

describe('EndUserSessions', () => {
  it('ends all of them here and everywhere; the user can sign in again', async () => {
    const account = await newAccount(identity);
    const other = await identity.signIn(account.phoneNumber);
    expect((await identity.admin.endUserSessions({ userId: account.id }, admin.on)).endedCount).toBe(2);
    expect(await refusalOf(identity.users.getMe({}, { headers: as(other) }))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(identity.auth.refreshToken({ refresh: other.refresh }))).toBe('REFRESH_TOKEN_INVALID');
    const ends = await factsOf(identity, SessionEndedSchema, { name: 'userId', value: account.id });
    expect(ends.at(-1)).toMatchObject({ sessionId: '', reason: 'operator', sessionVersion: 2 });
    expect((await identity.admin.endUserSessions({ userId: account.id }, admin.on)).endedCount).toBe(0);
    expect((await newAccount(identity, account.phoneNumber)).id).toBe(account.id);
    expect(await auditOf(identity, account.id, 'all_sessions_ended')).toMatchObject([
      { actor_id: admin.id, details: { ended_count: '2' } },
      { actor_id: admin.id, details: { ended_count: '0' } },
    ]);
  });
});
