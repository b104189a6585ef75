import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { errorOf, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

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

describe('RequestPhoneCode', () => {
  it('makes a provisional customer and answers what the client needs', async () => {
    const phone = identity.newPhone();
    const receipt = await request(phone, { firstName: 'Noura', lastName: ' Ali ', email: 'noura@example.com' });
    expect(receipt).toMatchObject({ resendAfterSeconds: 60, channel: CodeChannel.SMS });
    expect(receipt.expiresAt && timestampDate(receipt.expiresAt)).toEqual(
      new Date(identity.clock.now().getTime() + 300_000),
    );
    expect(
      await identity.rows('SELECT role, first_name, last_name, verified_at FROM users WHERE phone_number = $1', phone),
    ).toEqual([{ role: 'customer', first_name: 'Noura', last_name: 'Ali', verified_at: null }]);
  });

  it('answers a known phone like an unknown one, and makes no second user', async () => {
    const { user } = await identity.signIn();
    identity.clock.advance(minute);
    const known = await request(user?.phoneNumber ?? '', { firstName: 'Somebody' });
    const unknown = await request(identity.newPhone(), { firstName: 'Somebody' });
    const shape = ({ requestId, ...rest }: typeof known) => ({ ...rest, id: requestId.length });
    expect(shape(known)).toEqual(shape(unknown));
    expect(await identity.rows('SELECT id, first_name FROM users WHERE phone_number = $1', user?.phoneNumber)).toEqual([
      { id: user?.id, first_name: '' },
    ]);
  });

  it('O13: counts all spellings of a number as one', async () => {
    const phone = identity.newPhone();
    await request(phone);
    for (const spelling of [
      `0${phone.slice(4)}`,
      phone.slice(4),
      `00${phone.slice(1)}`,
      phone.slice(1),
      phone.replace('+966', '+966 0'),
      phone.replace('+966', '009660'),
      `${phone.slice(0, 4)} ${phone.slice(4, 6)} ${phone.slice(6, 9)} ${phone.slice(9)}`,
      `${phone.slice(0, 4)}-${phone.slice(4, 6)}-${phone.slice(6)}`,
      `(0${phone.slice(4, 6)}) ${phone.slice(6, 9)}.${phone.slice(9)}`,
      `\u202a${phone}\u202c`,
      phone.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? ''),
      phone.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)] ?? ''),
      `\uff0b${phone.slice(1)}`,
    ]) {
      expect(await refusalOf(request(spelling))).toBe('CODE_COOLDOWN');
    }
    expect(await identity.rows('SELECT lane FROM send_budgets WHERE phone_number = $1', phone)).toHaveLength(1);
  });

  it.each([
    ['not a number', 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['1'.repeat(70), 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['+18005551234', 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['+966920001234', 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['+966700123456', 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['+966937', 'VALIDATION_FAILED phone_number:PHONE_NUMBER_INVALID'],
    ['', 'VALIDATION_FAILED phone_number:FIELD_REQUIRED'],
  ])('O13: refuses the phone number %j before any cost', async (phoneNumber, refusal) => {
    const used = () => identity.rows('SELECT * FROM budgets ORDER BY axis, key');
    const before = await used();
    expect(await refusalOf(request(phoneNumber))).toBe(refusal);
    expect(await used()).toEqual(before);
    expect(await identity.rows('SELECT FROM code_requests WHERE phone_number = $1', phoneNumber)).toEqual([]);
  });

  it('refuses the e-mail address of another, and makes neither user nor code', async () => {
    const holder = identity.newPhone();
    await request(holder, { email: 'taken@example.com' }).then(async ({ requestId }) =>
      verify(requestId, await identity.codeOf(requestId)),
    );
    const phone = identity.newPhone();
    const error = await errorOf(request(phone, { email: 'Taken@Example.com' }));
    expect(error.rawMessage).toBe('This e-mail address is already in use.');
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phone)).toEqual([]);
    expect(await identity.rows('SELECT FROM code_requests WHERE phone_number = $1', phone)).toEqual([]);
    // Nothing was sent, so nothing has to be waited for; and the holder may name their own.
    await request(phone);
    identity.clock.advance(minute);
    await request(holder, { email: 'taken@example.com' });
  });

  it('lets an unverified user hold no e-mail address against others', async () => {
    const first = await request(identity.newPhone(), { email: 'shared@example.com' });
    const second = await request(identity.newPhone(), { email: 'shared@example.com' });
    const verified = await Promise.all(
      [first, second].map(async ({ requestId }) => verify(requestId, await identity.codeOf(requestId))),
    );
    expect(verified.map(({ user }) => user?.email).sort()).toEqual(['', 'shared@example.com']);
  });

  it('says how long the cooldown and the window last', async () => {
    const phone = identity.newPhone();
    await request(phone);
    identity.clock.advance(20_000);
    const cooldown = await errorOf(request(phone));
    expect(cooldown.rawMessage).toBe('A code was just sent. Try again in 40 seconds.');
    expect(cooldown.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(40n);
    for (let sent = 1; sent < 5; sent++) {
      identity.clock.advance(minute);
      await request(phone);
    }
    identity.clock.advance(minute);
    const spent = await errorOf(request(phone));
    expect(spent.rawMessage).toBe('Too many codes were requested. Try again in 580 seconds.');
    identity.clock.advance(580_000);
    await request(phone);
  });

  it('shares the cooldown between purposes and channels', async () => {
    const phone = identity.newPhone();
    await request(phone);
    expect(await refusalOf(request(phone, { channel: CodeChannel.WHATSAPP }))).toBe('CODE_COOLDOWN');
    expect(await refusalOf(identity.auth.requestVerificationCode({ phoneNumber: phone }))).toBe('CODE_COOLDOWN');
  });

  it('lets one of 30 parallel requests through', async () => {
    const phone = identity.newPhone();
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => request(phone)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phone)).toHaveLength(1);
    expect(await identity.rows('SELECT FROM code_requests WHERE phone_number = $1', phone)).toHaveLength(1);
  });

  it('A5: answers for a country that is not served as for others, and sends nothing', async () => {
    const receipt = await request('+4915112345678');
    expect(receipt).toMatchObject({ resendAfterSeconds: 60, channel: CodeChannel.SMS });
    expect(await identity.otpOf(receipt.requestId)).toBeUndefined();
    expect(await refusalOf(verify(receipt.requestId, '123456'))).toBe('CODE_INVALID');
    expect(await refusalOf(request('+4915112345678'))).toBe('CODE_COOLDOWN');
  });

  it.each([
    [undefined, undefined, 'ar'],
    ['en-GB', undefined, 'en'],
    ['en', 'ar', 'ar'],
    ['de', undefined, 'ar'],
  ])('with Accept-Language %s and preference %s writes %s', async (accepted, preferredLanguage, language) => {
    const headers: Record<string, string> = accepted ? { 'accept-language': accepted } : {};
    const { requestId } = await request(identity.newPhone(), preferredLanguage ? { preferredLanguage } : {}, headers);
    expect(await identity.otpOf(requestId)).toMatchObject({ language, purpose: 'auth', channel: CodeChannel.SMS });
  });

  it('keeps no code and no way back to it', async () => {
    const phone = identity.newPhone();
    const { requestId } = await request(phone, { channel: CodeChannel.WHATSAPP });
    const code = await identity.codeOf(requestId);
    expect(code).toMatch(/^\d{6}$/);
    const stored = JSON.stringify(await identity.rows('SELECT * FROM code_requests WHERE id = $1', requestId));
    expect(stored.replace(requestId, '').replace(phone, '')).not.toContain(code);
    expect((await identity.otpOf(requestId))?.encryptedCode.split('.')).toHaveLength(5);
  });
});

describe('refusals', () => {
  it('carry no phone number and no e-mail address in their plain text', async () => {
    const phone = identity.newPhone();
    await request(phone);
    const errors = [
      await errorOf(request(phone)),
      await errorOf(request('+18005551234')),
      await errorOf(request(identity.newPhone(), { email: 'not an address' })),
      await errorOf(request(identity.newPhone(), { email: 'taken@example.com' })),
      await errorOf(verify('x', '123456')),
    ];
    for (const error of errors) {
      const text = JSON.stringify([error.rawMessage, error.details, [...error.metadata]]);
      expect(text).not.toMatch(/\d{7}|@/);
    }
  });
});
