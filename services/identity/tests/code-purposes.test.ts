import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '@mawid/service-kit';
import { compactDecrypt } from 'jose';
import { draftCode } from '../src/codes/draft-code.ts';
import { redeemCode } from '../src/codes/redeem-code.ts';
import type { CodePurpose } from '../src/crypto/one-time-code.ts';
import { insertCodeRequest } from '../src/db/code-requests.ts';
import { parsePhoneNumber } from '../src/domain/phone-number.ts';
import { errors } from '../src/errors.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_RESEND_COOLDOWN_SECONDS: '0' });
});
afterAll(() => identity?.close());

const nobody: Caller = { kind: 'anonymous', locale: 'en' };

/** A code of any purpose, as it lies in the database and as it comes to the phone. */
async function makeCode(purpose: CodePurpose, phoneNumber = identity.newPhone(), userId?: string) {
  const phone = parsePhoneNumber(phoneNumber);
  if (phone === undefined) throw new Error(`${phoneNumber} is no phone number`);
  const draft = await draftCode(identity.ctx, { phone, purpose });
  const { requestId: id, now, expiresAt, keyId, codeHmac } = draft;
  await insertCodeRequest(identity.ctx.database, {
    ...{ id, phoneNumber, purpose, channel: 'sms', deviceId: undefined, lane: '', keyId, codeHmac, now, expiresAt },
    ...{ userId, riskScore: 0, riskReasons: [] },
  });
  const { plaintext } = await compactDecrypt(draft.sealedCode, identity.ctx.config.codes.envelopeKey);
  return { requestId: id, code: new TextDecoder().decode(plaintext) };
}

const redeem = (purpose: CodePurpose, made: { requestId: string; code: string }, userId?: string) =>
  redeemCode(identity.ctx, {
    ...{ ...made, purpose, userId, caller: nobody },
    effect: async (_tx, { phone_number }, user) => ({ value: { phone_number, user } }),
  });

describe('a code', () => {
  it.each<[CodePurpose, CodePurpose]>([
    ['auth', 'verify'],
    ['auth', 'change'],
    ['verify', 'auth'],
    ['verify', 'change'],
    ['change', 'auth'],
    ['change', 'verify'],
  ])('O7: made for %s is refused for %s, and stays good', async (made, presented) => {
    const { user } = await identity.signIn();
    const userOf = (purpose: CodePurpose) => (purpose === 'change' ? user?.id : undefined);
    const code = await makeCode(made, identity.newPhone(), userOf(made));
    expect(await refusalOf(redeem(presented, code, userOf(presented)))).toBe('CODE_INVALID');
    expect(await redeem(made, code, userOf(made))).toBeDefined();
  });

  it('O7: of one request is refused in another, at the cost of one guess there', async () => {
    const [first, second] = [await makeCode('auth'), await makeCode('auth')];
    const mixed = { requestId: second.requestId, code: first.code === second.code ? wrong(first.code) : first.code };
    expect(await refusalOf(redeem('auth', mixed))).toBe('CODE_INVALID');
    expect(await identity.rows('SELECT attempts FROM code_requests WHERE id = $1', second.requestId)).toEqual([
      { attempts: 1 },
    ]);
  });

  it('O7: of a change of number is refused to another user, and to nobody in particular', async () => {
    const [owner, other] = [await identity.signIn(), await identity.signIn()];
    const code = await makeCode('change', identity.newPhone(), owner.user?.id);
    expect(await refusalOf(redeem('change', code, other.user?.id))).toBe('CODE_INVALID');
    expect(await refusalOf(redeem('change', code))).toBe('CODE_INVALID');
    expect(await redeem('change', code, owner.user?.id)).toMatchObject({ user: undefined });
  });

  it('of a change of number does not verify whoever has the number now', async () => {
    const { user } = await identity.signIn();
    const phoneNumber = identity.newPhone();
    await identity.auth.register({ phoneNumber });
    await redeem('change', await makeCode('change', phoneNumber, user?.id), user?.id);
    expect(await identity.rows('SELECT verified_at FROM users WHERE phone_number = $1', phoneNumber)).toEqual([
      { verified_at: null },
    ]);
  });

  it('is used up by an effect that refuses, and is not by one that fails', async () => {
    const made = await makeCode('verify');
    const redeemWith = (effect: () => Promise<{ refusal: ReturnType<typeof errors.lastAdmin> }>) =>
      redeemCode(identity.ctx, { ...made, purpose: 'verify', caller: nobody, effect });
    await expect(
      redeemWith(async () => {
        throw new Error('the database has gone');
      }),
    ).rejects.toThrow('the database has gone');
    expect(await refusalOf(redeemWith(async () => ({ refusal: errors.phoneNumberTaken() })))).toBe(
      'PHONE_NUMBER_TAKEN',
    );
    expect(await refusalOf(redeem('verify', made))).toBe('CODE_INVALID');
  });
});
