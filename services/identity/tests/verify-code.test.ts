import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { errorOf, type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const request = (phoneNumber: string, rest: object = {}, headers: Record<string, string> = {}) =>
  identity.auth.requestPhoneCode({ phoneNumber, ...rest }, { headers });
const verify = (requestId: string, code: string, headers: Record<string, string> = {}) =>
  identity.auth.verifyPhoneCode({ requestId, code }, { headers });

describe('VerifyPhoneCode', () => {
  it('signs in, verifies the phone and publishes it once', async () => {
    const phone = identity.newPhone();
    const { access, refresh, expiresIn, user } = await identity.signIn(phone);
    expect({ access: access.split('.').length, refresh: refresh.length, expiresIn }).toEqual({
      access: 3,
      refresh: 43,
      expiresIn: 900,
    });
    expect(user).toMatchObject({ phoneNumber: phone, isPhoneVerified: true, displayName: phone });
    identity.clock.advance(minute);
    await identity.signIn(phone);
    const events = await identity.rows('SELECT subject FROM outbox WHERE aggregate_id = $1', user?.id);
    expect(events).toEqual([{ subject: 'identity.user.v1.verified' }]);
  });

  it('accepts a code in Arabic-Indic digits', async () => {
    const { requestId } = await request(identity.newPhone());
    const code = (await identity.codeOf(requestId)).replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? '');
    expect((await verify(requestId, code)).user?.isPhoneVerified).toBe(true);
  });

  it('refuses everything that is wrong with the same words', async () => {
    const { requestId } = await request(identity.newPhone());
    const code = await identity.codeOf(requestId);
    const other = await request(identity.newPhone());
    const otherPurpose = await identity.auth.requestVerificationCode({ phoneNumber: identity.newPhone() });
    const attempts = [
      [requestId, wrong(code)],
      [other.requestId, code === (await identity.codeOf(other.requestId)) ? wrong(code) : code],
      ['01900000-0000-7000-8000-000000000000', code],
      ['no-such-request', code],
      [requestId, 'abcdef'],
      [requestId, '1'.repeat(5_000)],
      ['x'.repeat(5_000), code],
      [otherPurpose.requestId, await identity.codeOf(otherPurpose.requestId)],
    ] as const;
    for (const [id, guess] of attempts) {
      const error = await errorOf(verify(id, guess));
      expect([error.rawMessage, error.code]).toEqual(['Invalid or expired code', 3]);
    }
    expect((await verify(requestId, code)).access).not.toBe('');
    expect(await refusalOf(verify(requestId, code))).toBe('CODE_INVALID');
  });

  it('names a missing field', async () => {
    expect(await refusalOf(verify('', '123456'))).toBe('VALIDATION_FAILED request_id:FIELD_REQUIRED');
    expect(await refusalOf(verify('x', ' '))).toBe('VALIDATION_FAILED code:FIELD_REQUIRED');
  });

  it('O2: a code is good at 4:59 and dead at 5:00', async () => {
    const [young, old] = [await request(identity.newPhone()), await request(identity.newPhone())];
    identity.clock.advance(299_000);
    expect((await verify(young.requestId, await identity.codeOf(young.requestId))).access).not.toBe('');
    identity.clock.advance(1_000);
    expect(await refusalOf(verify(old.requestId, await identity.codeOf(old.requestId)))).toBe('CODE_INVALID');
  });

  it('O4: five wrong guesses kill a code; the sixth answer, to the right one, looks like the fifth', async () => {
    const { requestId } = await request(identity.newPhone());
    const code = await identity.codeOf(requestId);
    const shapeOf = async (guess: string) => {
      const { code: status, rawMessage, details, metadata } = await errorOf(verify(requestId, guess));
      return { status, rawMessage, details, headers: [...metadata.keys()].sort() };
    };
    const fifth = await (async () => {
      for (let guess = 0; guess < 4; guess++) await refusalOf(verify(requestId, wrong(code)));
      return shapeOf(wrong(code));
    })();
    expect(await shapeOf(code)).toEqual(fifth);
    expect(fifth.rawMessage).toBe('Invalid or expired code');
  });

  it('O8: only the newest code works, and a late old one costs no guess', async () => {
    const phone = identity.newPhone();
    const old = await request(phone);
    identity.clock.advance(minute);
    const fresh = await request(phone);
    for (let guess = 0; guess < 6; guess++) {
      expect(await refusalOf(verify(old.requestId, await identity.codeOf(old.requestId)))).toBe('CODE_INVALID');
    }
    expect((await verify(fresh.requestId, await identity.codeOf(fresh.requestId))).access).not.toBe('');
  });

  it('O7: binds a code to the device that asked for it', async () => {
    const { requestId } = await request(identity.newPhone(), {}, { 'x-device-id': 'phone-a' });
    const code = await identity.codeOf(requestId);
    expect(await refusalOf(verify(requestId, code, { 'x-device-id': 'phone-b' }))).toBe('CODE_INVALID');
    expect(await refusalOf(verify(requestId, code))).toBe('CODE_INVALID');
    expect((await verify(requestId, code, { 'x-device-id': 'phone-a' })).access).not.toBe('');
  });

  it('O3: lets exactly one of 50 parallel right codes in, twenty times', async () => {
    for (let run = 0; run < 20; run++) {
      const phone = identity.newPhone();
      const { requestId } = await request(phone);
      const code = await identity.codeOf(requestId);
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => verify(requestId, code)));
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      const sessions = await identity.rows(
        'SELECT FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone_number = $1',
        phone,
      );
      expect(sessions).toHaveLength(1);
    }
  });

  it('makes one user when a phone is new to a sign-in and a registration at once', async () => {
    const phone = identity.newPhone();
    const [signIn, verification] = await Promise.allSettled([
      request(phone, { firstName: 'A' }),
      identity.auth.register({ phoneNumber: phone, firstName: 'A' }),
    ]);
    expect([signIn.status, verification.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phone)).toHaveLength(1);
  });
});

describe('VerifyVerificationCode', () => {
  it('verifies the phone of a known user without signing in', async () => {
    const phoneNumber = identity.newPhone();
    await identity.auth.register({ phoneNumber });
    const { requestId } = await identity.auth.requestVerificationCode({ phoneNumber, channel: CodeChannel.WHATSAPP });
    expect(await identity.otpOf(requestId)).toMatchObject({ purpose: 'verify', channel: CodeChannel.WHATSAPP });
    const answer = await identity.auth.verifyVerificationCode({ requestId, code: await identity.codeOf(requestId) });
    expect(answer).toMatchObject({ verified: true, phoneNumber });
    const [user] = await identity.rows<{ verified_at: Date }>(
      'SELECT verified_at FROM users WHERE phone_number = $1',
      phoneNumber,
    );
    expect(user?.verified_at).toEqual(identity.clock.now());
    expect(
      await identity.rows(
        'SELECT FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone_number = $1',
        phoneNumber,
      ),
    ).toEqual([]);
  });

  it('answers the same for a phone that nobody has, and makes no user', async () => {
    const phoneNumber = identity.newPhone();
    const { requestId } = await identity.auth.requestVerificationCode({ phoneNumber });
    const answer = await identity.auth.verifyVerificationCode({ requestId, code: await identity.codeOf(requestId) });
    expect(answer).toMatchObject({ verified: true, phoneNumber });
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phoneNumber)).toEqual([]);
  });

  it('refuses the code of a sign-in, which still signs in', async () => {
    const { requestId } = await request(identity.newPhone());
    const code = await identity.codeOf(requestId);
    expect(await refusalOf(identity.auth.verifyVerificationCode({ requestId, code }))).toBe('CODE_INVALID');
    expect((await verify(requestId, code)).access).not.toBe('');
  });
});
