import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  SecurityNoticeKind,
  SecurityNoticeSchema,
  SessionEndedSchema,
  UserErasedSchema,
  UserUpdatedSchema,
} from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { as, type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';
import { type Account, auditOf, factsOf, newAccount, newAdmin, Role } from './support/accounts.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '10' });
});
afterAll(() => identity?.close());

const ask = (account: Account, phoneNumber: string) =>
  identity.users.requestPhoneChange({ phoneNumber }, account.on).then(({ requestId }) => requestId);

async function change(account: Account, phoneNumber: string, rest: { keepOtherSessions?: boolean } = {}) {
  const requestId = await ask(account, phoneNumber);
  return identity.users.verifyPhoneChange({ requestId, code: await identity.codeOf(requestId), ...rest }, account.on);
}

const holderOf = async (phoneNumber: string) =>
  (await identity.rows<{ id: string }>('SELECT id FROM users WHERE phone_number = $1', phoneNumber))[0]?.id;

describe('RequestPhoneChange', () => {
  it('T11: needs a sign-in of the last five minutes, and so does the verification', async () => {
    const account = await newAccount(identity);
    const requestId = await ask(account, identity.newPhone());
    identity.clock.advance(5 * 60_000 + 1000);
    expect(await refusalOf(ask(account, identity.newPhone()))).toBe('REAUTHENTICATION_REQUIRED');
    const verification = identity.users.verifyPhoneChange({ requestId, code: '123456' }, account.on);
    expect(await refusalOf(verification)).toBe('REAUTHENTICATION_REQUIRED');
  });

  it('T11: answers the same for a number that somebody has as for one that nobody has', async () => {
    const [account, other] = [await newAccount(identity), await newAccount(identity)];
    const free = await identity.users.requestPhoneChange({ phoneNumber: identity.newPhone() }, account.on);
    const taken = await identity.users.requestPhoneChange({ phoneNumber: other.phoneNumber }, account.on);
    const ids = { requestId: '', expiresAt: undefined };
    expect({ ...taken, ...ids }).toEqual({ ...free, ...ids });
  });

  it('writes to the new number in the language of who asks, whoever has it', async () => {
    const [account, other] = [await newAccount(identity), await newAccount(identity)];
    await identity.users.updateMe({ preferredLanguage: 'en' }, account.on);
    expect((await identity.otpOf(await ask(account, other.phoneNumber)))?.language).toBe('en');
  });

  it('refuses the number that the user has, in any spelling', async () => {
    const account = await newAccount(identity);
    const own = `0${account.phoneNumber.slice(4)}`;
    expect(await refusalOf(ask(account, own))).toBe('VALIDATION_FAILED phone_number:PHONE_NUMBER_UNCHANGED');
  });
});

describe('VerifyPhoneChange', () => {
  it('T11: moves the user, tells the old number, and ends other sessions and forgets other devices', async () => {
    const account = await newAccount(identity);
    const other = await identity.signIn(account.phoneNumber);
    const phoneNumber = identity.newPhone();
    const user = await change(account, phoneNumber);
    expect(user).toMatchObject({ id: account.id, phoneNumber, isPhoneVerified: true });

    expect(await identity.users.getMe({}, account.on)).toMatchObject({ id: account.id, phoneNumber });
    expect(await refusalOf(identity.users.getMe({}, { headers: as(other) }))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(identity.auth.refreshToken({ refresh: other.refresh }))).toBe('REFRESH_TOKEN_INVALID');
    const ends = await factsOf(identity, SessionEndedSchema, { name: 'userId', value: account.id });
    expect(ends.filter(({ reason }) => reason === 'phone_change')).toHaveLength(1);
    expect(await identity.rows('SELECT FROM known_devices WHERE user_id = $1', account.id)).toHaveLength(0);

    const notices = await factsOf(identity, SecurityNoticeSchema, { name: 'userId', value: account.id });
    expect(notices).toMatchObject([
      {
        kind: SecurityNoticeKind.PHONE_CHANGED,
        phoneNumber: account.phoneNumber,
        detail: `+9665*****${phoneNumber.slice(-3)}`,
      },
    ]);
    const updates = await factsOf(identity, UserUpdatedSchema, {
      name: '$typeName',
      value: UserUpdatedSchema.typeName,
    });
    const own = updates.filter(({ contact }) => contact?.userId === account.id);
    expect(own.at(-1)?.contact).toMatchObject({ phoneNumber, isPhoneVerified: true, version: 3n });
    expect(await auditOf(identity, account.id, 'phone_changed')).toMatchObject([
      { outcome: 'ok', actor_id: account.id, phone_number: account.phoneNumber },
    ]);
  });

  it('T11: keeps other sessions and devices where the user says so', async () => {
    const account = await newAccount(identity);
    const other = await identity.signIn(account.phoneNumber);
    await change(account, identity.newPhone(), { keepOtherSessions: true });
    expect((await identity.users.getMe({}, { headers: as(other) })).id).toBe(account.id);
    expect(await identity.rows('SELECT FROM known_devices WHERE user_id = $1', account.id)).not.toHaveLength(0);
  });

  it('T11: the device that makes the change stays known', async () => {
    const phoneNumber = identity.newPhone();
    const account = await newAccount(identity, phoneNumber);
    const [first] = await identity.rows<{ device_id: string }>(
      'SELECT device_id FROM known_devices WHERE user_id = $1',
      account.id,
    );
    await identity.rows(
      `INSERT INTO known_devices (user_id, device_id, first_seen_at, last_seen_at) VALUES ($1, 'mine', now(), now())`,
      account.id,
    );
    account.on.headers.set('x-device-id', 'mine');
    await change(account, identity.newPhone());
    expect(first?.device_id).toBeDefined();
    expect(await identity.rows('SELECT device_id FROM known_devices WHERE user_id = $1', account.id)).toEqual([
      { device_id: 'mine' },
    ]);
  });

  it('T11: signs in by the new number from then on; codes for the old one are dead', async () => {
    const account = await newAccount(identity);
    const { phoneNumber: old } = account;
    const signIn = await identity.auth.requestPhoneCode({ phoneNumber: old });
    const proof = await identity.auth.requestVerificationCode({ phoneNumber: old });
    const phoneNumber = identity.newPhone();
    await change(account, phoneNumber);
    const late = async ({ requestId }: { requestId: string }) => ({
      requestId,
      code: await identity.codeOf(requestId),
    });
    expect(await refusalOf(identity.auth.verifyPhoneCode(await late(signIn)))).toBe('CODE_INVALID');
    expect(await refusalOf(identity.auth.verifyVerificationCode(await late(proof)))).toBe('CODE_INVALID');
    expect((await identity.signIn(phoneNumber)).user?.id).toBe(account.id);
    expect((await identity.signIn(account.phoneNumber)).user?.id).not.toBe(account.id);
  });

  it('T11: a code that another user asked for is refused like a wrong one', async () => {
    const [account, thief] = [await newAccount(identity), await newAccount(identity)];
    const requestId = await ask(account, identity.newPhone());
    const code = await identity.codeOf(requestId);
    expect(await refusalOf(identity.users.verifyPhoneChange({ requestId, code }, thief.on))).toBe('CODE_INVALID');
    const guess = identity.users.verifyPhoneChange({ requestId, code: wrong(code) }, account.on);
    expect(await refusalOf(guess)).toBe('CODE_INVALID');
    expect((await identity.users.verifyPhoneChange({ requestId, code }, account.on)).id).toBe(account.id);
  });

  it('T11: a number waits for one user at a time: a later request of another takes its place', async () => {
    const [account, other, phoneNumber] = [await newAccount(identity), await newAccount(identity), identity.newPhone()];
    const [first, second] = [await ask(account, phoneNumber), await ask(other, phoneNumber)];
    const verify = async ({ on }: Account, requestId: string) =>
      identity.users.verifyPhoneChange({ requestId, code: await identity.codeOf(requestId) }, on);
    expect(await refusalOf(verify(account, first))).toBe('CODE_INVALID');
    expect(await verify(other, second)).toMatchObject({ id: other.id, phoneNumber });
  });

  it('T11: tells the holder of a number that another account has it; the code is used up', async () => {
    const [account, other] = [await newAccount(identity), await newAccount(identity)];
    const requestId = await ask(account, other.phoneNumber);
    const verify = async () =>
      refusalOf(identity.users.verifyPhoneChange({ requestId, code: await identity.codeOf(requestId) }, account.on));
    expect(await verify()).toBe('PHONE_NUMBER_TAKEN');
    expect(await verify()).toBe('CODE_INVALID');
    expect(await holderOf(other.phoneNumber)).toBe(other.id);
    expect(await auditOf(identity, account.id, 'phone_changed')).toMatchObject([
      { outcome: 'refused', reason: 'PHONE_NUMBER_TAKEN', phone_number: other.phoneNumber },
    ]);
  });

  it('T11: takes a number over from an account that never verified it, not from one with a role', async () => {
    const account = await newAccount(identity);
    const [registered, staff] = [identity.newPhone(), identity.newPhone()];
    await identity.auth.register({ phoneNumber: registered, email: 'squatter@example.com' });
    await identity.admin.setUserRole({ phoneNumber: staff, role: Role.STAFF }, (await newAdmin(identity)).on);
    await change(account, registered);
    expect(await holderOf(registered)).toBe(account.id);
    expect(await identity.rows(`SELECT FROM users WHERE email = 'squatter@example.com'`)).toHaveLength(0);
    expect(await refusalOf(change(account, staff))).toBe('PHONE_NUMBER_TAKEN');
  });

  it('T11: leaves its old number to somebody for whom its devices are strangers', async () => {
    let name = '';
    const number = identity.newPhone();
    const first = await identity.auth.requestPhoneCode({ phoneNumber: number });
    const onHeader = (headers: Headers) => {
      name = headers.get('x-device-id') ?? '';
    };
    const code = await identity.codeOf(first.requestId);
    const session = await identity.auth.verifyPhoneCode({ requestId: first.requestId, code }, { onHeader });
    const former: Account = { id: session.user?.id ?? '', phoneNumber: number, session, on: { headers: as(session) } };
    const laneAt = async (phoneNumber: string) => {
      const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber }, { headers: { 'x-device-id': name } });
      const [row] = await identity.rows<{ lane: string }>('SELECT lane FROM code_requests WHERE id = $1', requestId);
      return row?.lane;
    };
    const own = await laneAt(number);
    expect(own).not.toBe('');
    const next = identity.newPhone();
    await change(former, next, { keepOtherSessions: true });
    expect(await laneAt(number)).toBe('');
    await newAccount(identity, number);
    expect([await laneAt(number), await laneAt(next)]).toEqual(['', own]);
  });

  it('tells the other services when an account they have heard of is taken over', async () => {
    const [admin, account, phoneNumber] = [await newAdmin(identity), await newAccount(identity), identity.newPhone()];
    const { id } = await identity.admin.setUserRole({ phoneNumber, role: Role.STAFF }, admin.on);
    await identity.admin.setUserRole({ phoneNumber, role: Role.CUSTOMER }, admin.on);
    await change(account, phoneNumber);
    expect(await factsOf(identity, UserErasedSchema, { name: 'userId', value: id })).toMatchObject([{ version: 3n }]);
  });
});

describe('changes of number that meet', () => {
  it('T11: change nothing once all sessions have ended', async () => {
    const admin = await newAdmin(identity);
    for (let run = 0; run < 10; run++) {
      const [account, phoneNumber] = [await newAccount(identity), identity.newPhone()];
      const requestId = await ask(account, phoneNumber);
      const code = await identity.codeOf(requestId);
      const change = identity.users.verifyPhoneChange({ requestId, code }, account.on).then(
        () => 'changed',
        () => 'refused',
      );
      await identity.admin.endUserSessions({ userId: account.id }, admin.on);
      const holder = await holderOf(phoneNumber);
      await change;
      expect(await holderOf(phoneNumber)).toBe(holder);
    }
  });

  it('T11: of users who want one number, one gets it', async () => {
    for (let run = 0; run < 10; run++) {
      const phoneNumber = identity.newPhone();
      const accounts = [await newAccount(identity), await newAccount(identity)];
      const attempts: { account: Account; requestId: string }[] = [];
      for (const account of accounts) attempts.push({ account, requestId: await ask(account, phoneNumber) });
      // Both codes live, as if the two had asked on known devices of their own.
      await identity.rows(
        `UPDATE code_requests SET superseded_at = NULL, lane = id::text WHERE phone_number = $1`,
        phoneNumber,
      );
      const results = await Promise.allSettled(
        attempts.map(async ({ account, requestId }) =>
          identity.users.verifyPhoneChange({ requestId, code: await identity.codeOf(requestId) }, account.on),
        ),
      );
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
      expect(winners).toEqual([await holderOf(phoneNumber)]);
      const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason));
      expect(refused).toEqual([expect.stringContaining('belongs to another account')]);
    }
  });

  it('T11: a first sign-in at the number and a change to it leave one user there', async () => {
    for (let run = 0; run < 10; run++) {
      const [account, phoneNumber] = [await newAccount(identity), identity.newPhone()];
      const requestId = await ask(account, phoneNumber);
      const code = await identity.codeOf(requestId);
      const results = await Promise.allSettled([
        identity.users.verifyPhoneChange({ requestId, code }, account.on),
        identity.signIn(phoneNumber),
        identity.auth.register({ phoneNumber }),
      ]);
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
      expect(refusals.filter((text) => !/another account|Invalid or expired code/.test(text))).toEqual([]);
      expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phoneNumber)).toHaveLength(1);
    }
  });
});
