import { readFileSync } from 'node:fs';
import { ConfigError, setting } from '@mawid/service-kit';
import type { z } from 'zod';
import type { Limit } from '../domain/budget.ts';
import type { RiskLimits } from '../domain/risk.ts';
import { type NetworkList, noNetworks, parseNetworkList } from '../risk/network-list.ts';
import { parseAmounts, parseTestNumbers } from './parse-amounts.ts';

/** What bounds the sending of codes, beside the phone's own budget. */
export interface BudgetConfig {
  /** From so many sends in a minute on, an address has a puzzle to solve. */
  addressSoftMax: number;
  addressMinute: Limit;
  addressHour: Limit;
  /** Puzzles that an address is given and does not solve. */
  unsolved: Limit;
  device: Limit;
  /** Of whoever changes their number. */
  user: Limit;
  /** All addresses of one network operator, where the operator is known. */
  operator: Limit;
  /** Accounts made without a code. */
  registrations: Limit;
  /** `max` is how many codes are sent before anybody must have entered one. */
  prefix: Limit;
  /** Share of a prefix' codes that must come back, of 1. */
  prefixMinVerified: number;
  /** Codes in a day by dial code; `*` is any other. */
  dialCodes: ReadonlyMap<string, number>;
  money: MoneyConfig;
  risk: RiskLimits;
  /** Rounds of the key derivation in each of about 256 tries that a puzzle takes. */
  challengeCost: number;
  challengeLifetimeMs: number;
  networkOf: NetworkList;
  /** Numbers with a code that never changes, for reviewers of app stores; no message is sent to them. */
  testNumbers: ReadonlyMap<string, string>;
  testNumbersUntil: Date;
}

/** Halalas. */
export interface MoneyConfig {
  /** Of a message by `sms:966`, `sms:*`, `whatsapp:*`. Empty where messages cost nothing. */
  costs: ReadonlyMap<string, number>;
  perDay: { sms: number; whatsapp: number };
  /** Share of a day's money that strangers can spend, of 1; the rest is for known devices. */
  strangersShare: number;
}

const minute = 60_000;
const hour = 60 * minute;
const most = 2_000_000_000;
const many = { min: 1, max: most };

export const budgetSettings = {
  OTP_ADDRESS_SOFT_PER_MINUTE: setting.integer(10, many),
  OTP_ADDRESS_PER_MINUTE: setting.integer(30, many),
  OTP_ADDRESS_PER_HOUR: setting.integer(300, many),
  OTP_ADDRESS_UNSOLVED_PER_MINUTE: setting.integer(30, many),
  OTP_DEVICE_PER_HOUR: setting.integer(20, many),
  OTP_OPERATOR_PER_HOUR: setting.integer(5_000, many),
  OTP_PREFIX_WINDOW_MINUTES: setting.integer(60, { min: 10, max: 1_440 }),
  OTP_PREFIX_SENDS: setting.integer(20, many),
  OTP_PREFIX_VERIFIED_PERCENT: setting.integer(20, { min: 1, max: 100 }),
  OTP_DIAL_CODE_DAILY: amounts('966:50000,*:1000', /^(?:\*|[1-9]\d{0,3})$/),
  OTP_COSTS: amounts('sms:966:12,sms:*:60,whatsapp:966:8,whatsapp:*:25', /^(?:sms|whatsapp):(?:\*|[1-9]\d{0,3})$/),
  OTP_SMS_MONEY_PER_DAY: setting.integer(600_000, { max: most }),
  OTP_WHATSAPP_MONEY_PER_DAY: setting.integer(300_000, { max: most }),
  OTP_STRANGERS_MONEY_PERCENT: setting.integer(80, { max: 100 }),
  OTP_CHALLENGE_SCORE: setting.integer(40, { min: 1, max: 101 }),
  OTP_DENY_SCORE: setting.integer(90, { min: 1, max: 101 }),
  CHALLENGE_COST: setting.integer(4_000, { min: 1, max: 100_000 }),
  REGISTRATIONS_PER_ADDRESS_HOUR: setting.integer(30, many),
  NETWORKS_FILE: setting.custom('must name a file of network,asn,kind lines', readNetworks).optional(),
  OTP_TEST_NUMBERS: setting
    .custom('must be number:code,…, mobiles in E.164 and six digits', parseTestNumbers)
    .optional(),
  OTP_TEST_NUMBERS_UNTIL: setting.custom('must be a date like 2027-01-31', parseDate).optional(),
};

type Read = z.infer<z.ZodObject<typeof budgetSettings>>;

export function toBudgetConfig(read: Read & { OTP_PROVIDER: string }, env: NodeJS.ProcessEnv): BudgetConfig {
  assertTestNumbers(read, env);
  return {
    addressSoftMax: read.OTP_ADDRESS_SOFT_PER_MINUTE,
    addressMinute: { max: read.OTP_ADDRESS_PER_MINUTE, windowMs: minute },
    addressHour: { max: read.OTP_ADDRESS_PER_HOUR, windowMs: hour },
    unsolved: { max: read.OTP_ADDRESS_UNSOLVED_PER_MINUTE, windowMs: minute },
    device: { max: read.OTP_DEVICE_PER_HOUR, windowMs: hour },
    user: { max: read.OTP_DEVICE_PER_HOUR, windowMs: hour },
    operator: { max: read.OTP_OPERATOR_PER_HOUR, windowMs: hour },
    registrations: { max: read.REGISTRATIONS_PER_ADDRESS_HOUR, windowMs: hour },
    prefix: { max: read.OTP_PREFIX_SENDS, windowMs: read.OTP_PREFIX_WINDOW_MINUTES * minute },
    prefixMinVerified: read.OTP_PREFIX_VERIFIED_PERCENT / 100,
    dialCodes: read.OTP_DIAL_CODE_DAILY,
    money: {
      // A stand-in on the same machine sends for nothing.
      costs: read.OTP_PROVIDER === 'console' ? new Map() : read.OTP_COSTS,
      perDay: { sms: read.OTP_SMS_MONEY_PER_DAY, whatsapp: read.OTP_WHATSAPP_MONEY_PER_DAY },
      strangersShare: read.OTP_STRANGERS_MONEY_PERCENT / 100,
    },
    risk: { challengeScore: read.OTP_CHALLENGE_SCORE, denyScore: read.OTP_DENY_SCORE },
    challengeCost: read.CHALLENGE_COST,
    challengeLifetimeMs: 10 * minute,
    networkOf: read.NETWORKS_FILE ?? noNetworks,
    testNumbers: read.OTP_TEST_NUMBERS ?? new Map(),
    testNumbersUntil: read.OTP_TEST_NUMBERS_UNTIL ?? new Date(0),
  };
}

// A code that everybody may know is a way in for everybody, so it ends by itself, and there is none where people are.
function assertTestNumbers(read: Read, env: NodeJS.ProcessEnv): void {
  if (read.OTP_TEST_NUMBERS === undefined) return;
  if (env.NODE_ENV === 'production') throw new ConfigError(['OTP_TEST_NUMBERS must not be set in production']);
  if (read.OTP_TEST_NUMBERS_UNTIL === undefined)
    throw new ConfigError(['OTP_TEST_NUMBERS_UNTIL must be set with OTP_TEST_NUMBERS']);
}

function amounts(fallback: string, name: RegExp) {
  const what = 'must be name:number,… with whole numbers, and an amount for * of each kind';
  return setting.custom(what, (text) => parseAmounts(text, name), fallback);
}

function readNetworks(path: string): NetworkList | undefined {
  try {
    return parseNetworkList(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function parseDate(text: string): Date | undefined {
  const date = new Date(text);
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) && !Number.isNaN(date.getTime()) ? date : undefined;
}
