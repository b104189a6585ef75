import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListAuditEntriesRequest } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { deleteOldAuditEntries } from '../src/jobs/delete-old-audit-entries.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';
import { type Account, newAccount, newAdmin, Role } from './support/accounts.ts';

let identity: IdentityFixture;
let admin: Account;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0', OTP_MAX_PER_WINDOW: '10' });
  admin = await newAdmin(identity);
});
afterAll(() => identity?.close());

type Query = Partial<Omit<ListAuditEntriesRequest, '$typeName' | '$unknown'>>;
const list = (query: Query) => identity.admin.listAuditEntries(query, admin.on);

async function insertLine(at: Date, kind = 'registered'): Promise<string> {
  const [line] = await identity.rows<{ id: string }>(
    `INSERT INTO audit_log (id, at, kind, outcome, actor_kind, phone_number, address)
     VALUES (uuidv7(), $1, $2, 'ok', 'anonymous', '+966550000000', '203.0.113.5') RETURNING id`,
    at,
    kind,
  );
  return line?.id ?? '';
}

describe('ListAuditEntries', () => {
  it('lists newest first, page by page, while the log goes on growing', async () => {
    const account = await newAccount(identity);
    for (const firstName of ['A', 'B', 'C', 'D', 'E']) {
      identity.clock.advance(1000);
      await identity.users.updateMe({ firstName }, account.on);
    }
    const times: (bigint | undefined)[] = [];
    let pageToken = '';
    do {
      const page = await list({ userId: account.id, kind: 'profile_changed', pageSize: 2, pageToken });
      times.push(...page.entries.map(({ time }) => time?.seconds));
      pageToken = page.nextPageToken;
      identity.clock.advance(1000);
      if (times.length === 2) await identity.users.updateMe({ firstName: 'F' }, account.on);
    } while (pageToken !== '');
    const sorted = [...times].sort((a, b) => Number((b ?? 0n) - (a ?? 0n)));
    expect([times.length, new Set(times).size]).toEqual([5, 5]);
    expect(times).toEqual(sorted);
  });

  it('narrows by user, actor, phone number in any spelling, kind and time', async () => {
    const account = await newAccount(identity);
    identity.clock.advance(10_000);
    const middle = timestampFromDate(identity.clock.now());
    await identity.admin.setUserRole({ phoneNumber: account.phoneNumber, role: Role.STAFF }, admin.on);
    const kinds = async (query: Query) => (await list({ ...query, pageSize: 100 })).entries.map(({ kind }) => kind);
    const userId = account.id;
    expect(await kinds({ userId, actorId: admin.id, kind: 'role_changed' })).toEqual(['role_changed']);
    const about = await kinds({ phoneNumber: `0${account.phoneNumber.slice(4)}`, to: middle });
    expect(about).toEqual(expect.arrayContaining(['code_requested', 'code_checked']));
    expect(about).not.toContain('role_changed');
    expect(await kinds({ userId, from: middle })).not.toContain('signed_in');
    expect(await kinds({ userId, to: middle })).toContain('signed_in');
  });

  it('is itself written down, with who read and by which filters', async () => {
    const account = await newAccount(identity);
    await list({ userId: account.id, kind: 'signed_in' });
    const { entries } = await list({ kind: 'audit_log_read', userId: account.id });
    expect(entries).toMatchObject([{ actorKind: 'user', actorId: admin.id, details: { kind: 'signed_in' } }]);
  });

  it('does not keep what was typed into the wrong filter', async () => {
    const account = await newAccount(identity);
    const userId = account.id;
    await list({ userId, kind: 'noor@example.com', actorId: account.phoneNumber });
    await list({ userId, kind: 'signed_in', actorId: userId });
    const { entries } = await list({ kind: 'audit_log_read', userId });
    const details = entries.map((entry) => entry.details);
    expect(details).toHaveLength(2);
    expect(details).toEqual(expect.arrayContaining([{}, { kind: 'signed_in', actor_id: userId }]));
  });

  it('refuses a page token of other filters', async () => {
    const { nextPageToken } = await list({ pageSize: 1 });
    expect(await refusalOf(list({ kind: 'signed_in', pageToken: nextPageToken }))).toBe('PAGE_TOKEN_INVALID');
  });
});

describe('the audit log', () => {
  it('lets no line be changed, except that it loses what tells of a person', async () => {
    const id = await insertLine(new Date());
    const change = (assignment: string) => identity.rows(`UPDATE audit_log SET ${assignment} WHERE id = $1`, id);
    for (const assignment of [
      ...[`outcome = 'refused'`, `kind = 'signed_in'`, `at = now()`, `actor_id = 'x'`, `user_id = uuidv7()`],
      ...[`details = '{"a":"b"}'`, `phone_number = '+966551111111'`, `address = NULL, reason = 'x'`, `trace_id = 'x'`],
    ]) {
      await expect(change(assignment)).rejects.toThrow('can only lose what tells of a person');
    }
    await change('phone_number = NULL, address = NULL, device_id = NULL, user_agent = NULL');
    expect(await identity.rows('SELECT phone_number, kind FROM audit_log WHERE id = $1', id)).toEqual([
      { phone_number: null, kind: 'registered' },
    ]);
  });

  it('lets no line be deleted before its time, and is never emptied', async () => {
    const id = await insertLine(new Date(Date.now() - 364 * 86_400_000));
    await expect(identity.rows('DELETE FROM audit_log WHERE id = $1', id)).rejects.toThrow('is kept for 365 days');
    await expect(identity.rows('TRUNCATE audit_log')).rejects.toThrow('cannot be emptied');
    const young = await insertLine(new Date(Date.now() - 29 * 86_400_000));
    await expect(
      identity.ctx.database.transaction(async (tx) => {
        await tx.query({ name: 'test.keep_nothing', text: `SET LOCAL mawid.audit_retention_days = '0'` });
        await tx.query({ name: 'test.delete', text: 'DELETE FROM audit_log WHERE id = $1', values: [young] });
      }),
    ).rejects.toThrow('is kept for 30 days');
  });

  it('is kept for AUDIT_RETENTION_DAYS', async () => {
    const days = (count: number) => new Date(identity.clock.now().getTime() - count * 86_400_000);
    const [old, young] = [await insertLine(days(366)), await insertLine(days(364))];
    await deleteOldAuditEntries(identity.ctx);
    expect(await identity.rows('SELECT id FROM audit_log WHERE id = ANY ($1::uuid[])', [old, young])).toEqual([
      { id: young },
    ]);
    const config = { ...identity.ctx.config, auditRetentionDays: 90 };
    await deleteOldAuditEntries({ ...identity.ctx, config });
    expect(await identity.rows('SELECT FROM audit_log WHERE id = $1', young)).toEqual([]);
  });

  it("never holds a code, a token or a device's token, after everything that can happen to a person", async () => {
    const phoneNumber = identity.newPhone();
    const secrets: string[] = [];
    await identity.auth.register({ phoneNumber, email: 'journey@example.com', password: 'hunter2-hunter2' });
    const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber });
    const code = await identity.codeOf(requestId);
    await refusalOf(identity.auth.verifyPhoneCode({ requestId, code: wrong(code) }));
    const account = await newAccount(identity, phoneNumber);
    const { access, refresh } = account.session;
    const next = await identity.auth.refreshToken({ refresh });
    identity.clock.advance(60_000);
    await refusalOf(identity.auth.refreshToken({ refresh }));
    const again = await newAccount(identity, phoneNumber);
    await identity.users.updateMe({ firstName: 'Jawaher' }, again.on);
    const change = await identity.users.requestPhoneChange({ phoneNumber: identity.newPhone() }, again.on);
    const changeCode = await identity.codeOf(change.requestId);
    await identity.users.verifyPhoneChange({ requestId: change.requestId, code: changeCode }, again.on);
    await refusalOf(
      identity.auth.signInWithIdToken({ provider: 'google', idToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' }),
    );
    secrets.push(code, wrong(code), changeCode, access, refresh, next.access, next.refresh, again.session.refresh);
    secrets.push(access.split('.')[2] ?? '', 'hunter2', 'eyJ', 'Jawaher', 'journey@example.com');
    const lines = await identity.rows<{ id: string }>('SELECT * FROM audit_log');
    expect(new Set(lines.map((line) => (line as unknown as { kind: string }).kind)).size).toBeGreaterThan(6);
    for (const { id, ...line } of lines) {
      const text = JSON.stringify(line);
      // Six digits are in many an id: a code stands alone, or not at all.
      for (const secret of secrets) {
        const isThere = /^\d{6}$/.test(secret)
          ? new RegExp(`(?<![\\w-])${secret}(?![\\w-])`).test(text)
          : text.includes(secret);
        expect([id, isThere]).toEqual([id, false]);
      }
    }
  });
});
