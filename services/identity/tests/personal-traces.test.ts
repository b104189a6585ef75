import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reasonOf } from '@mawid/service-kit';
import { deleteExpiredRows } from '../src/db/expired-rows.ts';
import { deleteForgettableUsers, lockForgettableUsers } from '../src/db/user-states.ts';
import { purgeProvisionalUsers } from '../src/jobs/purge-provisional-users.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';
import { type Account, auditOf, newAccount, newAdmin } from './support/accounts.ts';

const hourMs = 3_600_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '10' });
});
beforeEach(() => identity.clock.advance(1000));
afterAll(() => identity?.close());

const from = (address: string, { on }: Partial<Account> = {}) => {
  const headers = new Headers(on?.headers);
  headers.set('x-client-address', address);
  headers.set('x-device-id', `device-at-${address}`);
  return { headers };
};

async function changeTo(account: Account, phoneNumber: string): Promise<string> {
  const { requestId } = await identity.users.requestPhoneChange({ phoneNumber }, account.on);
  const code = await identity.codeOf(requestId);
  const change = identity.users.verifyPhoneChange({ requestId, code }, account.on);
  return change.then(
    () => 'changed',
    (error: unknown) => reasonOf(error) ?? '',
  );
}

const linesWith = (text: string) =>
  identity.rows<{ kind: string }>('SELECT kind FROM audit_log a WHERE strpos(a::text, $1) > 0', text);

describe('the audit log after an erasure', () => {
  it('holds nothing of an account that was made for the number before, and never verified', async () => {
    const phoneNumber = identity.newPhone();
    await identity.auth.register({ phoneNumber }, from('203.0.113.31'));
    identity.clock.advance(25 * hourMs);
    await purgeProvisionalUsers(identity.ctx);
    const account = await newAccount(identity, phoneNumber);
    expect(await linesWith('203.0.113.31')).not.toEqual([]);
    await identity.users.deleteMe({}, account.on);
    expect(await linesWith('203.0.113.31')).toEqual([]);
    expect(await linesWith(phoneNumber)).toEqual([]);
  });

  it('no longer says whose number it was that another wanted, and still says where that one sat', async () => {
    const [account, other] = [await newAccount(identity), await newAccount(identity)];
    other.on = from('203.0.113.32', other);
    identity.clock.advance(1000);
    expect(await changeTo(other, account.phoneNumber)).toBe('PHONE_NUMBER_TAKEN');
    await identity.users.deleteMe({}, account.on);
    expect(await linesWith(account.phoneNumber)).toEqual([]);
    expect(await auditOf(identity, other.id, 'phone_changed')).toMatchObject([
      { reason: 'PHONE_NUMBER_TAKEN', address: '203.0.113.32', phone_number: null },
    ]);
  });

  it('still says where an operator sat who dealt with the person', async () => {
    const [admin, account] = [await newAdmin(identity), await newAccount(identity)];
    await identity.admin.searchUsers({ query: account.phoneNumber }, from('203.0.113.33', admin));
    await identity.admin.unlockUser({ userId: account.id }, from('203.0.113.33', admin));
    await identity.users.deleteMe({}, account.on);
    expect((await linesWith('203.0.113.33')).map(({ kind }) => kind).sort()).toEqual([
      'user_unlocked',
      'users_searched',
    ]);
    expect(await linesWith(account.phoneNumber)).toEqual([]);
  });

  it('keeps what it says of somebody else who had the number before', async () => {
    const [former, later] = [await newAccount(identity), await newAccount(identity)];
    const number = former.phoneNumber;
    await changeTo(former, identity.newPhone());
    identity.clock.advance(1000);
    await changeTo(later, number);
    await identity.users.deleteMe({}, later.on);
    expect(await auditOf(identity, former.id, 'phone_changed')).toMatchObject([{ phone_number: number }]);
    await identity.users.deleteMe({}, former.on);
    expect(await linesWith(number)).toEqual([]);
  });
});

describe('ExportMe', () => {
  it('tells nothing of a number from before the user had it', async () => {
    const [account, phoneNumber] = [await newAccount(identity), identity.newPhone()];
    await identity.auth.requestVerificationCode({ phoneNumber }, from('203.0.113.34'));
    identity.clock.advance(1000);
    await changeTo(account, phoneNumber);
    const { auditEntries } = await identity.users.exportMe({}, account.on);
    expect(auditEntries.filter(({ address }) => address === '203.0.113.34')).toEqual([]);
  });
});

describe('purgeProvisionalUsers', () => {
  it('spares one to whom a code is sent while it works', async () => {
    const [waiting, gone] = [identity.newPhone(), identity.newPhone()];
    for (const phoneNumber of [waiting, gone]) await identity.auth.register({ phoneNumber });
    identity.clock.advance(25 * hourMs);
    const now = identity.clock.now();
    const deleted = await identity.ctx.database.transaction(async (tx) => {
      const ids = await lockForgettableUsers(tx, { madeBefore: now, now, limit: 100 });
      await identity.auth.requestVerificationCode({ phoneNumber: waiting });
      return deleteForgettableUsers(tx, ids, now);
    });
    const numbers = deleted.map(({ phoneNumber }) => phoneNumber);
    expect([numbers.includes(waiting), numbers.includes(gone)]).toEqual([false, true]);
  });
});

describe('deleteExpiredRows', () => {
  const guess = (phoneNumber: string, lane: string) =>
    identity.rows(
      'INSERT INTO guess_budgets (phone_number, lane, guessed_at, consecutive) VALUES ($1, $2, ARRAY[$3::timestamptz], 7)',
      ...[phoneNumber, lane, identity.clock.now()],
    );
  const clean = () => deleteExpiredRows(identity.ctx.database, new Date(identity.clock.now().getTime() - 48 * hourMs));
  const lanesOf = async (phoneNumber: string) =>
    (
      await identity.rows<{ lane: string }>(
        'SELECT lane FROM guess_budgets WHERE phone_number = $1 ORDER BY lane',
        phoneNumber,
      )
    ).map(({ lane }) => lane);

  it('O5: keeps guesses in a row for as long as somebody has the phone, and those of devices that are known', async () => {
    const { id, phoneNumber } = await newAccount(identity);
    const [device] = await identity.rows<{ device_id: string }>(
      'SELECT device_id FROM known_devices WHERE user_id = $1',
      id,
    );
    const known = device?.device_id ?? '';
    for (const lane of ['', known, 'formerly-known']) await guess(phoneNumber, lane);
    identity.clock.advance(47 * hourMs);
    await clean();
    expect(await lanesOf(phoneNumber)).toHaveLength(3);
    identity.clock.advance(400 * 24 * hourMs);
    await clean();
    expect(await lanesOf(phoneNumber)).toEqual(['', known]);
  });

  it('forgets the guesses at a phone that nobody has, a month after the last', async () => {
    const phoneNumber = identity.newPhone();
    await guess(phoneNumber, '');
    identity.clock.advance(31 * 24 * hourMs);
    await clean();
    expect(await lanesOf(phoneNumber)).toEqual(['']);
    identity.clock.advance(2 * 24 * hourMs);
    await clean();
    expect(await lanesOf(phoneNumber)).toEqual([]);
  });

  it('waits for nobody: what a call holds is left for the next time', async () => {
    const phoneNumber = identity.newPhone();
    await identity.auth.requestVerificationCode({ phoneNumber });
    identity.clock.advance(100 * hourMs);
    const left = `SELECT FROM send_budgets WHERE phone_number = $1`;
    await identity.ctx.database.transaction(async (tx) => {
      await tx.query({ name: 'test.hold', text: `${left} FOR UPDATE`, values: [phoneNumber] });
      await clean();
      expect(await identity.rows(left, phoneNumber)).toHaveLength(1);
    });
    await clean();
    expect(await identity.rows(left, phoneNumber)).toHaveLength(0);
  });
});
