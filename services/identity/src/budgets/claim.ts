import type { Use } from '../db/budgets.ts';
import type { Limit } from '../domain/budget.ts';
import { type PhoneNumber, prefixOf } from '../domain/phone-number.ts';
import type { BudgetConfig } from './budget-settings.ts';
import { amountOf } from './parse-amounts.ts';

/** A use that a code needs, and how much of it there may be; `max` is Infinity where it is counted only. */
export interface Claim extends Use {
  max: number;
}

export interface ClaimSubject {
  phone: PhoneNumber;
  channel: 'sms' | 'whatsapp';
  /** `networkOf` the caller's address. */
  network: string | undefined;
  /** The operator of that network. */
  operator: string | undefined;
  deviceId: string | undefined;
  /** Who changes their number. */
  userId: string | undefined;
  /** The phone's user has signed in on the device. */
  isKnown: boolean;
}

/** Budgets that few share. What strangers do to an address or a range of numbers is not held against a known device. */
export function toOwnClaims(config: BudgetConfig, subject: ClaimSubject, prefixMax: number): Claim[] {
  const { network, deviceId, userId, phone, isKnown } = subject;
  const strangers = isKnown ? undefined : network;
  return [
    ...claim('address-hour', strangers, config.addressHour),
    ...claim('address-minute', strangers, config.addressMinute),
    ...claim('device', deviceId, config.device),
    ...claim('user', userId, config.user),
    ...claim('prefix', isKnown ? undefined : prefixOf(phone.e164), { ...config.prefix, max: prefixMax }),
  ];
}

const windowMs = 24 * 3_600_000;

/** Budgets that very many share: to be used last, so that nobody waits for the rest of somebody else's transaction. */
export function toSharedClaims(config: BudgetConfig, subject: ClaimSubject): Claim[] {
  const { operator, phone, channel, isKnown } = subject;
  const { money, dialCodes } = config;
  const cost = amountOf(money.costs, `${channel}:${phone.dialCode}`);
  const dialCodeMax = isKnown ? Number.POSITIVE_INFINITY : amountOf(dialCodes, phone.dialCode);
  const spendable = money.perDay[channel] * (isKnown ? 1 : money.strangersShare);
  return [
    ...claim('operator', isKnown ? undefined : operator, config.operator),
    ...claim('dial-code', phone.dialCode, { max: dialCodeMax, windowMs }),
    ...(cost === 0 ? [] : claim('money', channel, { max: spendable, windowMs }, cost)),
  ];
}

/** What may be refused that costs the caller nothing. A known device has its own, so that its address' strangers do not spend it. */
export function toRefusalClaims({ unsolved }: BudgetConfig, { network, deviceId, isKnown }: ClaimSubject): Claim[] {
  return isKnown ? claim('device-refused', deviceId, unsolved) : claim('address-refused', network, unsolved);
}

function claim(axis: string, key: string | undefined, limit: Limit, cost = 1): Claim[] {
  return key === undefined ? [] : [{ axis, key, cost, ...limit }];
}

/** How a prefix has done: codes sent less those that never arrived, and codes that came back. */
export interface PrefixCount {
  sent: number;
  verified: number;
  undelivered: number;
}

/**
 * How many sends a prefix may have: the first few freely, then as many as its codes that came back justify. A code that never
 * arrived could not come back.
 */
export function prefixMaxOf(
  { prefix, prefixMinVerified }: Pick<BudgetConfig, 'prefix' | 'prefixMinVerified'>,
  { verified, undelivered }: PrefixCount,
): number {
  return Math.max(prefix.max, Math.floor(verified / prefixMinVerified) + 1) + undelivered;
}
