import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queryable } from '@mawid/service-kit';
import { requestCode } from '../src/codes/request-code.ts';
import { loadConfig } from '../src/config.ts';
import { parsePhoneNumber } from '../src/domain/phone-number.ts';
import { ask, flood, lonelyPhone, newAddress, outcomeOf, tally } from './budget-fixture.ts';
import { errorOf, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

const minute = 60_000;
const testNumber = '+966500000001';
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_TEST_NUMBERS: `${testNumber}:123456`,
    OTP_TEST_NUMBERS_UNTIL: new Date(Date.now() + 30 * 24 * 60 * minute).toISOString(),
    OTP_PROVIDER: 'authentica',
    REGISTRATIONS_PER_ADDRESS_HOUR: '5',
  });
});
afterAll(() => identity?.close());
beforeEach(() => identity.clock.advance(27 * 60 * minute));

const moneyUsed = () =>
  identity.rows(`SELECT part, counts FROM budgets WHERE axis IN ('money', 'dial-code') ORDER BY axis`);

describe('asking for a code', () => {
  it('O11: is answered alike for a phone that is known and one that is not', async () => {
    const answers: { shape: string; ms: number; isKnown: boolean }[] = [];
    const known: string[] = [];
    for (let index = 0; index < 250; index++) {
      const phone = lonelyPhone();
      known.push(phone);
      await identity.auth.register({ phoneNumber: phone }, { headers: { 'x-client-address': newAddress() } });
    }
    await identity.rows('UPDATE users SET verified_at = now()');
    for (let index = 0; index < 500; index++) {
      const isKnown = index % 2 === 0;
      const phone = isKnown ? (known[index / 2] ?? '') : lonelyPhone();
      const headerNames: string[] = [];
      const startedAt = performance.now();
      const { requestId, expiresAt, ...rest } = await identity.auth.requestPhoneCode(
        { phoneNumber: phone },
        { headers: { 'x-client-address': newAddress() }, onHeader: (headers) => headerNames.push(...headers.keys()) },
      );
      const ms = performance.now() - startedAt;
      const shape = [rest, requestId.length, expiresAt && timestampDate(expiresAt).getTime(), headerNames.sort()];
      answers.push({ shape: JSON.stringify(shape), ms, isKnown });
    }
    expect(new Set(answers.map(({ shape }) => shape)).size).toBe(1);
    const median = (isKnown: boolean) =>
      answers
        .filter((answer) => answer.isKnown === isKnown)
        .map(({ ms }) => ms)
        .sort((left, right) => left - right)[125] ?? 0;
    expect(Math.abs(median(true) - median(false))).toBeLessThan(5);
  });

  it('A8: sends nothing while the database is away', async () => {
    const { database } = identity.ctx;
    const away = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const { query, transaction } = database;
    const phone = lonelyPhone();
    Object.assign(database, { query: away, transaction: away });
    const error = await errorOf(ask(identity, { phone }));
    Object.assign(database, { query, transaction: away });
    const later = await errorOf(ask(identity, { phone }));
    Object.assign(database, { query, transaction });
    expect([error.code, later.code]).toEqual([Code.Unavailable, Code.Unavailable]);
    expect(await identity.rows('SELECT FROM code_requests WHERE phone_number = $1', phone)).toEqual([]);
    expect(await identity.rows('SELECT FROM send_budgets WHERE phone_number = $1', phone)).toEqual([]);
    expect(await outcomeOf(ask(identity, { phone }))).toBe('sent');
  });

  it('A5: costs nothing for a country that is not served, and has the same answer', async () => {
    const before = await moneyUsed();
    const shape = ({ requestId, ...rest }: Awaited<ReturnType<typeof ask>>) =>
      JSON.stringify([rest, requestId.length], (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    const abroad = await ask(identity, { phone: '+971501234567' });
    expect(await moneyUsed()).toEqual(before);
    expect(shape(abroad)).toBe(shape(await ask(identity)));
    expect(await moneyUsed()).not.toEqual(before);
    expect(await identity.otpOf(abroad.requestId)).toBeUndefined();
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', '+971501234567')).toEqual([]);
    expect(
      await identity.rows('SELECT outcome, reason FROM audit_log WHERE phone_number = $1', '+971501234567'),
    ).toEqual([{ outcome: 'refused', reason: 'COUNTRY_NOT_SERVED' }]);
  });

  it('of a test number brings the agreed code, until its day, and sends and costs nothing', async () => {
    const before = await moneyUsed();
    const { requestId } = await ask(identity, { phone: testNumber });
    expect(await identity.otpOf(requestId)).toBeUndefined();
    expect(await moneyUsed()).toEqual(before);
    expect((await identity.auth.verifyPhoneCode({ requestId, code: '123456' })).access).not.toBe('');
    identity.clock.advance(31 * 24 * 60 * minute);
    const late = await ask(identity, { phone: testNumber });
    expect(await identity.codeOf(late.requestId)).toMatch(/^\d{6}$/);
  });

  it('for a change of number is about the new number, with whose it is to be', async () => {
    const phone = parsePhoneNumber(lonelyPhone());
    if (phone === undefined) throw new Error('the number is one');
    const userId = '01900000-0000-7000-8000-000000000000';
    const order = { purpose: 'change', phone, channel: 'sms', userId } as const;
    const { requestId } = await requestCode(identity.ctx, order, { kind: 'user', userId, locale: 'en' });
    expect(await identity.otpOf(requestId)).toMatchObject({ phoneNumber: phone.e164, purpose: 'change' });
    expect(await identity.rows('SELECT purpose, user_id, lane FROM code_requests WHERE id = $1', requestId)).toEqual([
      { purpose: 'change', user_id: userId, lane: '' },
    ]);
    expect(await outcomeOf(requestCode(identity.ctx, order, { kind: 'user', userId, locale: 'en' }))).toBe(
      'CODE_COOLDOWN',
    );
  });

  it('takes few round trips', async () => {
    const names = await statementsOf(() => ask(identity));
    expect(names).toEqual([
      'risk.read_signals',
      'send_budgets.take',
      'code_requests.insert',
      'users.save_provisional',
      'outbox.insert',
      'audit_log.insert',
      'budgets.add',
    ]);
  });

  it('takes two where it is refused, and no transaction', async () => {
    const phone = lonelyPhone();
    await ask(identity, { phone });
    const names = await statementsOf(() => outcomeOf(ask(identity, { phone })));
    expect(names).toEqual(['risk.read_signals', 'audit_log.insert']);
  });
});

/** The names of the statements that a call runs. */
async function statementsOf(call: () => Promise<unknown>): Promise<string[]> {
  const { database } = identity.ctx;
  const { query, transaction } = database;
  const names: string[] = [];
  const noting = (on: Queryable): Queryable => ({
    query(statement) {
      names.push(statement.name);
      return on.query(statement);
    },
  });
  Object.assign(database, {
    ...noting({ query }),
    transaction: (work: (tx: Queryable) => Promise<unknown>) => transaction((tx) => work(noting(tx))),
  });
  await call();
  Object.assign(database, { query, transaction });
  // The relay works on its own.
  return names.filter((name) => !/^outbox\.(?!insert)/.test(name));
}

describe('Register', () => {
  it('makes a few accounts per address and hour, whatever comes of it', async () => {
    const headers = { 'x-client-address': newAddress() };
    const attempt = () => identity.auth.register({ phoneNumber: lonelyPhone() }, { headers });
    expect(tally(await flood(8, attempt))).toEqual({ sent: 5, RATE_LIMITED: 3 });
    const error = await errorOf(attempt());
    expect(error.metadata.get('ratelimit-policy')).toBe('"registration";q=5;w=3600');
    identity.clock.advance(67 * minute);
    expect(await outcomeOf(attempt())).toBe('sent');
  });
});

describe('test numbers', () => {
  it.each([
    [
      { NODE_ENV: 'production', OTP_PROVIDER: 'authentica', OTP_TEST_NUMBERS_UNTIL: '2027-01-01' },
      'OTP_TEST_NUMBERS must not be set in production',
    ],
    [{}, 'OTP_TEST_NUMBERS_UNTIL must be set with OTP_TEST_NUMBERS'],
    [{ OTP_TEST_NUMBERS_UNTIL: 'tomorrow' }, 'OTP_TEST_NUMBERS_UNTIL must be a date'],
  ])('are refused at the start with %j', (env, problem) => {
    const secret = Buffer.alloc(32, 1).toString('base64url');
    const secrets = {
      ...{ OTP_HMAC_KEYS: `k:${secret}`, OTP_ENVELOPE_KEY: secret, IDENTITY_KEY_ENCRYPTION_KEY: secret },
      ...{ PAGE_TOKEN_KEY: secret, IDENTITY_DATABASE_URL: 'postgres://x@y/z', NATS_URL: 'nats://x:1' },
    };
    expect(() => loadConfig({ ...secrets, OTP_TEST_NUMBERS: `${testNumber}:123456`, ...env })).toThrow(problem);
  });

  it('are refused with a phone that is none', async () => {
    expect(() => loadConfig({ OTP_TEST_NUMBERS: '+966112345678:123456' })).toThrow('OTP_TEST_NUMBERS must be');
    expect(await refusalOf(ask(identity, { phone: '+966112345678' }))).toContain('PHONE_NUMBER_INVALID');
  });
});
