import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0' });
});
afterAll(() => identity?.close());

const request = (phoneNumber: string) => identity.auth.requestPhoneCode({ phoneNumber });
const verify = (requestId: string, code: string) => identity.auth.verifyPhoneCode({ requestId, code });

interface Line {
  kind: string;
  outcome: string;
  reason: string;
  user_id: string | null;
  details: Record<string, string>;
}

const linesOf = (requestId: string) =>
  identity.rows<Line>(
    `SELECT kind, outcome, reason, user_id, details FROM audit_log
      WHERE details->>'request_id' = $1 AND kind = 'code_checked' ORDER BY id`,
    requestId,
  );

describe('the audit log of codes', () => {
  it('has a line for every check: why it was refused, of whom and for what', async () => {
    const phone = identity.newPhone();
    const { requestId } = await request(phone);
    const code = await identity.codeOf(requestId);
    await refusalOf(verify(requestId, wrong(code)));
    await refusalOf(identity.auth.verifyVerificationCode({ requestId, code }));
    const { user } = await verify(requestId, code);
    await refusalOf(verify(requestId, code));
    const refused = { kind: 'code_checked', outcome: 'refused', reason: 'CODE_INVALID', user_id: user?.id };
    expect(await linesOf(requestId)).toEqual([
      { ...refused, details: { purpose: 'auth', cause: 'wrong', request_id: requestId } },
      { ...refused, details: { purpose: 'verify', cause: 'other_purpose', request_id: requestId } },
      { ...refused, outcome: 'ok', reason: '', details: { purpose: 'auth', request_id: requestId } },
      { ...refused, details: { purpose: 'auth', cause: 'used', request_id: requestId } },
    ]);
  });

  it('says which request nobody made, and nothing that was typed into the wrong field', async () => {
    const unknown = '01900000-0000-7000-8000-000000000000';
    await refusalOf(verify(unknown, '123456'));
    expect((await linesOf(unknown)).map(({ details }) => details.cause)).toEqual(['unknown']);
    await refusalOf(verify('987654', '987654'));
    const lines = await identity.rows<{ text: string }>('SELECT a::text AS text FROM audit_log a');
    expect(lines.filter(({ text }) => /(?<![\d.])987654(?!\d)/.test(text))).toEqual([]);
  });

  it('says who signed in, how, and into which session', async () => {
    const { user } = await identity.signIn();
    expect(
      await identity.rows(
        `SELECT a.outcome, a.details->>'method' AS method, s.user_id FROM audit_log a
           JOIN sessions s ON s.id = (a.details->>'session_id')::uuid WHERE a.kind = 'signed_in' AND a.user_id = $1`,
        user?.id,
      ),
    ).toEqual([{ outcome: 'ok', method: 'sms', user_id: user?.id }]);
  });
});

describe('a suspended user', () => {
  it('is told so after a right code only, which is used up, and gets no session', async () => {
    const { user } = await identity.signIn();
    const phone = user?.phoneNumber ?? '';
    await identity.rows("UPDATE users SET suspended_at = now(), suspension_reason = 'x' WHERE id = $1", user?.id);
    const { requestId } = await request(phone);
    const code = await identity.codeOf(requestId);
    expect(await refusalOf(verify(requestId, wrong(code)))).toBe('CODE_INVALID');
    expect(await refusalOf(verify(requestId, code))).toBe('ACCOUNT_SUSPENDED');
    expect(await refusalOf(verify(requestId, code))).toBe('CODE_INVALID');
    expect(await identity.rows('SELECT FROM sessions WHERE user_id = $1', user?.id)).toHaveLength(1);
    expect(
      await identity.rows(
        "SELECT reason FROM audit_log WHERE user_id = $1 AND outcome = 'refused' AND kind = 'signed_in'",
        user?.id,
      ),
    ).toEqual([{ reason: 'ACCOUNT_SUSPENDED' }]);
  });
});
