import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteExpiredRows } from '../src/db/expired-rows.ts';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  // Without a cooldown, so that requests of one phone really meet.
  identity = await startIdentity({
    OTP_RESEND_COOLDOWN_SECONDS: '0',
    OTP_MAX_PER_WINDOW: '10',
  });
});
afterAll(() => identity?.close());

const request = (phoneNumber: string, rest: object = {}) => identity.auth.requestPhoneCode({ phoneNumber, ...rest });
const verify = async (requestId: string) =>
  identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });

describe('calls for one phone that meet', () => {
  it('O12: make one user and one live code of two first requests, and both are answered', async () => {
    const phone = identity.newPhone();
    const receipts = await Promise.all([request(phone, { firstName: 'A' }), request(phone, { firstName: 'B' })]);
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phone)).toHaveLength(1);
    const results = await Promise.allSettled(receipts.map(({ requestId }) => verify(requestId)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('O12: verify a new phone once where two codes of it come back at once, and answer both', async () => {
    for (let run = 0; run < 10; run++) {
      const phoneNumber = identity.newPhone();
      const [signIn, check] = await Promise.all([
        request(phoneNumber),
        identity.auth.requestVerificationCode({ phoneNumber }),
      ]);
      const code = await identity.codeOf(check.requestId);
      const [started, checked] = await Promise.all([
        verify(signIn.requestId),
        identity.auth.verifyVerificationCode({ requestId: check.requestId, code }),
      ]);
      expect([started.user?.isPhoneVerified, checked.verified]).toEqual([true, true]);
      expect(
        await identity.rows(
          `SELECT u.id FROM users u JOIN outbox o ON o.aggregate_id = u.id::text AND o.subject = 'identity.user.v1.verified'
            WHERE u.phone_number = $1`,
          phoneNumber,
        ),
      ).toHaveLength(1);
    }
  });

  it('let exactly as many sends through as the window has', async () => {
    const phone = identity.newPhone();
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => request(phone)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10);
    expect(await refusalOf(request(phone))).toBe('CODE_BUDGET_SPENT');
  });

  it('never wait for each other for ever', async () => {
    for (let run = 0; run < 20; run++) {
      const phone = identity.newPhone();
      const { requestId } = await request(phone);
      const results = await Promise.allSettled([
        ...Array.from({ length: 5 }, () => verify(requestId)),
        ...Array.from({ length: 5 }, () => request(phone)),
        identity.auth.requestVerificationCode({ phoneNumber: phone }),
        identity.admin.bootstrapAdmin({ phoneNumber: phone }, { headers: { 'x-mawid-peer': 'ops' } }),
      ]);
      const refusals = results.filter((result) => result.status === 'rejected').map((result) => String(result.reason));
      expect(refusals.filter((text) => !text.includes('Invalid or expired code'))).toEqual([]);
    }
  });

  it('leave an e-mail address to one of two who verify at once', async () => {
    for (let run = 0; run < 15; run++) {
      const email = `pair-${run}@example.com`;
      const receipts = [await request(identity.newPhone(), { email }), await request(identity.newPhone(), { email })];
      const verified = await Promise.all(receipts.map(({ requestId }) => verify(requestId)));
      expect(verified.map(({ user }) => user?.email).sort()).toEqual(['', email]);
    }
  });
});

describe('deleteExpiredRows', () => {
  it('deletes what is over and keeps what is not', async () => {
    const old = await identity.signIn();
    identity.clock.advance(31 * 24 * 3_600_000);
    const fresh = await identity.signIn();
    await deleteExpiredRows(identity.ctx.database, new Date(identity.clock.now().getTime() - 1000));
    for (const table of ['code_requests', 'send_budgets', 'sessions', 'refresh_tokens']) {
      expect(await identity.rows(`SELECT FROM ${table}`)).toHaveLength(1);
    }
    expect(await refusalOf(identity.auth.refreshToken({ refresh: old.refresh }))).toBe('REFRESH_TOKEN_INVALID');
    expect((await identity.auth.refreshToken({ refresh: fresh.refresh })).access).not.toBe('');
  });
});
