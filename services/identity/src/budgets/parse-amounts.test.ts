import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@mawid/service-kit';
import { loadConfig } from '../config.ts';
import { amountOf, parseAmounts, parseTestNumbers } from './parse-amounts.ts';

const dialCode = /^(?:\*|[1-9]\d{0,3})$/;

describe('parseAmounts', () => {
  it('reads amounts by name, with one for all others', () => {
    const amounts = parseAmounts('966:50000, 971:0,*:1000', dialCode) ?? new Map();
    expect(['966', '971', '968'].map((name) => amountOf(amounts, name))).toEqual([50_000, 0, 1_000]);
  });

  it('keeps kinds apart', () => {
    const amounts = parseAmounts('sms:966:12,sms:*:60,whatsapp:*:8', /^(sms|whatsapp):/) ?? new Map();
    expect(['sms:966', 'sms:971', 'whatsapp:966'].map((name) => amountOf(amounts, name))).toEqual([12, 60, 8]);
  });

  it.each([
    ['966:50000', 'nothing for the others'],
    ['966:50000,*:1,966:2', 'a name twice'],
    ['saudi:1,*:1', 'a name that is none'],
    ['966:-1,*:1', 'less than nothing'],
    ['966:1.5,*:1', 'a fraction'],
    ['966,*:1', 'no amount'],
    ['', 'nothing'],
  ])('refuses %j: %s', (text) => {
    expect(parseAmounts(text, dialCode)).toBeUndefined();
  });
});

describe('parseTestNumbers', () => {
  it('reads numbers with their codes', () => {
    expect([...(parseTestNumbers('+966500000001:123456, +966500000002:000000') ?? [])]).toEqual([
      ['+966500000001', '123456'],
      ['+966500000002', '000000'],
    ]);
  });

  it.each([['+966500000001:12345'], ['0500000001:123456'], ['+966112345678:123456'], ['+966500000001']])(
    'refuses %j',
    (text) => {
      expect(parseTestNumbers(text)).toBeUndefined();
    },
  );
});

describe('the budgets of loadConfig', () => {
  it('are those that are documented', () => {
    const { budgets, sends } = loadConfig({ OTP_PROVIDER: 'authentica' });
    expect(sends).toEqual({ cooldownMs: 60_000, windowMs: 900_000, maxPerWindow: 5, maxPerDay: 10 });
    expect(budgets).toMatchObject({
      addressSoftMax: 10,
      addressMinute: { max: 30, windowMs: 60_000 },
      addressHour: { max: 300, windowMs: 3_600_000 },
      device: { max: 20, windowMs: 3_600_000 },
      prefix: { max: 20, windowMs: 3_600_000 },
      prefixMinVerified: 0.2,
      risk: { challengeScore: 40, denyScore: 90 },
      money: { perDay: { sms: 600_000, whatsapp: 300_000 }, strangersShare: 0.8 },
    });
    expect([...budgets.dialCodes]).toEqual([
      ['966', 50_000],
      ['*', 1_000],
    ]);
  });

  it('cost nothing with a stand-in for a provider', () => {
    expect(loadConfig({}).budgets.money.costs.size).toBe(0);
  });

  it('are refused where they are malformed', () => {
    const env = { OTP_COSTS: 'sms:1', OTP_DIAL_CODE_DAILY: '966:1', NETWORKS_FILE: '/does/not/exist' };
    expect(() => loadConfig(env)).toThrow(ConfigError);
  });
});
