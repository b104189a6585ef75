import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  SecurityNoticeKind,
  SecurityNoticeSchema,
  SessionEndedSchema,
  UserErasedSchema,
  UserUpdatedSchema,
} from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { decodeJwt } from 'jose';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';
import { type Account, factsOf, newAccount, newAdmin } from './support/accounts.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '10' });
});
afterAll(() => identity?.close());

const erase = (account: Account) => identity.users.deleteMe({}, account.on);

/** The tables whose rows hold one of the texts, as text or in bytes, of all that there are. */
async function tablesWith(texts: readonly string[]): Promise<string[]> {
  const tables = await identity.rows<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  const needles = texts.flatMap((text) => [text.toLowerCase(), Buffer.from(text).toString('hex')]);
  const found: string[] = [];
  for (const { name } of tables) {
    const hits = await identity.rows(
      `SELECT FROM ${name} t WHERE EXISTS (SELECT FROM unnest($1::text[]) AS n WHERE strpos(lower(t::text), n) > 0)`,
      needles,
    );
    if (hits.length > 0) found.push(name);
  }
  return found;
}

describe('DeleteMe', () => {
  it('leaves nothing of the person in any table but what was sent, until the windows pass, and the outbox', async () => {
    const first = identity.newPhone();
    const headers = {
      'x-device-id': 'device-of-hessa',
      'x-client-agent': 'HessaPhone/1',
      'x-client-address': '203.0.113.77',
    };
    const session = await identity.signIn(first, headers);
    const account = await newAccount(identity, first);
    const profile = { email: 'hessa@example.com', firstName: 'Hessa', lastName: 'Alotaibi' };
    await identity.users.updateMe(profile, account.on);
    const second = identity.newPhone();
    const { requestId } = await identity.users.requestPhoneChange({ phoneNumber: second }, account.on);
    const code = await identity.codeOf(requestId);
    await refusalOf(identity.users.verifyPhoneChange({ requestId, code: wrong(code) }, account.on));
    await identity.users.verifyPhoneChange({ requestId, code, keepOtherSessions: true }, account.on);
    await identity.auth.requestVerificationCode({ phoneNumber: second });
    const traces = ['203.0.113.77', 'HessaPhone', 'device-of-hessa'];
    for (const trace of traces)
      expect([trace, await tablesWith([trace])]).toContainEqual(expect.arrayContaining(['audit_log']));
    const personal = [first, second, 'Hessa', 'hessa@', 'Alotaibi', ...traces, session.user?.id ?? ''];
    expect(await tablesWith(personal)).toEqual(
      expect.arrayContaining(['audit_log', 'code_requests', 'sessions', 'users']),
    );

    await erase(account);
    // Codes sent to a number that the person has left die by themselves, and are deleted with all others.
    await identity.rows('DELETE FROM code_requests WHERE phone_number = $1', first);
    const counted = ['budgets', 'send_budgets'];
    const left = (await tablesWith(personal.slice(0, -1))).filter((table) => !counted.includes(table));
    expect(left).toEqual(['outbox']);
    // What happened stays written down, under an id that leads to nobody.
    expect((await tablesWith([account.id])).filter((table) => !counted.includes(table))).toEqual([
      'audit_log',
      'outbox',
    ]);
  });

  it('ends every session everywhere, tells the person, and is the last fact about them', async () => {
    const account = await newAccount(identity);
    await identity.users.updateMe({ firstName: 'Maha' }, account.on);
    await erase(account);
    expect(await refusalOf(identity.users.getMe({}, account.on))).toBe('UNAUTHENTICATED');
    const { refresh } = account.session;
    expect(await refusalOf(identity.auth.refreshToken({ refresh }))).toBe('REFRESH_TOKEN_INVALID');

    const mine = { name: 'userId', value: account.id };
    const [erased] = await factsOf(identity, UserErasedSchema, mine);
    const updates = await factsOf(identity, UserUpdatedSchema, {
      name: '$typeName',
      value: UserUpdatedSchema.typeName,
    });
    const versions = updates.flatMap(({ contact }) => (contact?.userId === account.id ? [contact.version] : []));
    expect(versions.every((version) => version < (erased?.version ?? 0n))).toBe(true);
    const { ver } = decodeJwt<{ ver: number }>(account.session.access);
    expect((await factsOf(identity, SessionEndedSchema, mine)).at(-1)).toMatchObject({
      ...{ sessionId: '', reason: 'erased', sessionVersion: ver + 1 },
    });
    expect(await factsOf(identity, SecurityNoticeSchema, mine)).toMatchObject([
      { kind: SecurityNoticeKind.ACCOUNT_ERASED, phoneNumber: account.phoneNumber },
    ]);
    expect(
      await identity.rows(
        'SELECT kind, actor_id, outcome FROM audit_log WHERE user_id = $1 AND kind = $2',
        account.id,
        'user_erased',
      ),
    ).toEqual([{ kind: 'user_erased', actor_id: account.id, outcome: 'ok' }]);
  });

  it('happens once, however often it is asked for at once', async () => {
    const account = await newAccount(identity);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => erase(account)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(refusals.filter((text) => !text.includes('[unauthenticated]'))).toEqual([]);
    expect(await factsOf(identity, UserErasedSchema, { name: 'userId', value: account.id })).toHaveLength(1);
  });

  it('meets everything else that happens to the person, and nothing waits for ever', async () => {
    for (let run = 0; run < 15; run++) {
      const account = await newAccount(identity);
      const { phoneNumber } = account;
      const change = await identity.users.requestPhoneChange({ phoneNumber: identity.newPhone() }, account.on);
      const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber });
      const codes = [await identity.codeOf(change.requestId), await identity.codeOf(requestId)];
      const results = await Promise.allSettled([
        identity.users.verifyPhoneChange({ requestId: change.requestId, code: codes[0] ?? '' }, account.on),
        identity.auth.verifyPhoneCode({ requestId, code: codes[1] ?? '' }),
        erase(account),
        identity.auth.requestPhoneCode({ phoneNumber }),
        identity.auth.refreshToken({ refresh: account.session.refresh }),
        identity.users.exportMe({}, account.on),
        identity.auth.register({ phoneNumber }),
      ]);
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
      const usual = /\[unauthenticated\]|Invalid or expired code/;
      expect(refusals.filter((text) => !usual.test(text))).toEqual([]);
      expect(await identity.rows('SELECT FROM users WHERE id = $1', account.id)).toEqual([]);
    }
  });

  it('makes room: the same phone is a new user, and the e-mail address is free', async () => {
    const account = await newAccount(identity);
    await identity.users.updateMe({ email: 'room@example.com' }, account.on);
    await erase(account);
    const again = await newAccount(identity, account.phoneNumber);
    expect(again.id).not.toBe(account.id);
    expect((await identity.users.updateMe({ email: 'room@example.com' }, again.on)).email).toBe('room@example.com');
  });

  it('refills no budget: what was sent to the phone stays counted', async () => {
    const account = await newAccount(identity);
    const sendAgain = () => identity.auth.requestPhoneCode({ phoneNumber: account.phoneNumber });
    for (let sends = 1; sends < 10; sends++) await sendAgain();
    await erase(account);
    expect(await refusalOf(sendAgain())).toBe('CODE_BUDGET_SPENT');
  });

  it('kills codes that are on their way', async () => {
    const account = await newAccount(identity);
    const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber: account.phoneNumber });
    const code = await identity.codeOf(requestId);
    await erase(account);
    expect(await refusalOf(identity.auth.verifyPhoneCode({ requestId, code }))).toBe('CODE_INVALID');
  });

  it('deletes linked identities, and leaves what Apple granted to be revoked there', async () => {
    const account = await newAccount(identity);
    await identity.rows(
      `INSERT INTO identities (id, user_id, provider, issuer, subject, sealed_refresh_token, client_id, linked_at)
       VALUES (uuidv7(), $1, 'apple', 'https://appleid.apple.com', 'subject-of-one', 'sealed', 'app', now())`,
      account.id,
    );
    await erase(account);
    expect(await tablesWith(['subject-of-one'])).toEqual([]);
    expect(await identity.rows('SELECT client_id FROM apple_revocations')).toEqual([{ client_id: 'app' }]);
  });

  it('is refused to the last admin, who can still sign in', async () => {
    const admin = await newAdmin(identity);
    expect(await refusalOf(erase(admin))).toBe('LAST_ADMIN');
    expect((await identity.users.getMe({}, admin.on)).id).toBe(admin.id);
    await newAdmin(identity);
    await erase(admin);
  });
});

describe('ExportMe', () => {
  it('holds the profile, sessions, devices and the log, and is written down itself', async () => {
    const account = await newAccount(identity);
    const ended = await newAccount(identity, account.phoneNumber);
    await identity.auth.logout({}, ended.on);
    await identity.users.updateMe({ firstName: 'Amal', email: 'amal@example.com' }, account.on);
    const data = await identity.users.exportMe({}, account.on);
    expect(data.user).toMatchObject({ id: account.id, phoneNumber: account.phoneNumber, email: 'amal@example.com' });
    expect(data.sessions.map(({ isCurrent, endReason }) => [isCurrent, endReason]).sort()).toEqual([
      [false, 'logout'],
      [true, ''],
    ]);
    expect(data.devices.length).toBeGreaterThan(0);
    expect(data.auditEntries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['signed_in', 'profile_changed', 'data_exported']),
    );
    const others = data.auditEntries.filter(({ userId }) => userId !== '' && userId !== account.id);
    expect(others).toEqual([]);
  });

  it('hides who the operator was, and where, in what operators did', async () => {
    const [admin, account] = [await newAdmin(identity), await newAccount(identity)];
    await identity.admin.getUser({ userId: account.id }, admin.on);
    const { auditEntries } = await identity.users.exportMe({}, account.on);
    const [read] = auditEntries.filter(({ kind }) => kind === 'user_read');
    expect(read).toMatchObject({ actorKind: 'user', actorId: '', address: '', deviceId: '', userAgent: '' });
  });
});
