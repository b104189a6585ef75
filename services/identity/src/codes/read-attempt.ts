import { type Caller, networkOf } from '@mawid/service-kit';
import {
  type Claim,
  type ClaimSubject,
  prefixMaxOf,
  toOwnClaims,
  toRefusalClaims,
  toSharedClaims,
} from '../budgets/claim.ts';
import { prefixOutcomes } from '../budgets/count-prefix-outcome.ts';
import type { Context } from '../context.ts';
import type { CodePurpose } from '../crypto/one-time-code.ts';
import type { Channel } from '../db/code-requests.ts';
import { readSignals, type StoredSignals } from '../db/risk-signals.ts';
import type { Profile } from '../db/users.ts';
import { readDevice } from '../devices/read-device.ts';
import { type Limit, sumUses } from '../domain/budget.ts';
import { type PhoneNumber, prefixOf } from '../domain/phone-number.ts';
import { assessRisk, type Risk, type RiskSignals } from '../domain/risk.ts';
import { isSpraying } from '../domain/spraying.ts';

export interface CodeOrder {
  purpose: CodePurpose;
  /** Of a change of number: the new one. */
  phone: PhoneNumber;
  channel: Channel;
  /** Who does not exist yet is made with this; absent where nobody is to be made. */
  profile?: Profile | undefined;
  /** Of a change of number: whose. */
  userId?: string | undefined;
  /** The solved puzzle, where one was asked for. */
  challengeSolution?: string | undefined;
}

/** An order, with all that is known of whoever places it. */
export interface Attempt {
  order: CodeOrder;
  caller: Caller;
  now: Date;
  subject: ClaimSubject;
  stored: StoredSignals;
  risk: Risk;
  /** Budgets that few share, and those that very many do. */
  claims: { own: readonly Claim[]; shared: readonly Claim[] };
  /** Refusals that an address, or a known device, may provoke without a code being sent. */
  refusals: readonly Claim[];
  /** Codes are sent to the number's country. */
  isServed: boolean;
  /** The number's code is agreed, and nothing is sent. */
  fixedCode: string | undefined;
}

/** Reads what an order is judged by. */
export async function readAttempt(ctx: Context, order: CodeOrder, caller: Caller): Promise<Attempt> {
  const now = ctx.clock.now();
  const { codes, budgets } = ctx.config;
  const device = readDevice(ctx, caller);
  const stranger = toStranger(ctx, order, caller);
  const stored = await readSignals(ctx.database, {
    phoneNumber: order.phone.e164,
    // A change of number is about one that is not the user's yet: there, everybody is a stranger.
    signedDeviceId: device.isSigned && order.purpose !== 'change' ? device.id : undefined,
    network: stranger.network,
    budgets: axesOf(ctx, stranger),
    now,
  });
  const subject = { ...stranger, isKnown: stored.isKnownDevice };
  const isServed = codes.countries.has(order.phone.country ?? '');
  const fixedCode = now < budgets.testNumbersUntil ? budgets.testNumbers.get(order.phone.e164) : undefined;
  const seen = { subject, stored, isSigned: device.isSigned, now };
  return {
    ...{ order, caller, now, subject, stored, isServed, fixedCode },
    refusals: toRefusalClaims(budgets, subject),
    risk: assessRisk(toSignals(ctx, seen, caller), budgets.risk),
    claims: {
      own: toOwnClaims(budgets, subject, prefixMaxOf(budgets, prefixCountOf(ctx, seen))),
      // What is not sent costs nothing.
      shared: isServed && fixedCode === undefined ? toSharedClaims(budgets, subject) : [],
    },
  };
}

function toStranger(ctx: Context, { phone, channel, userId }: CodeOrder, caller: Caller): ClaimSubject {
  const { address } = caller;
  return {
    ...{ phone, channel, userId },
    network: address === undefined ? undefined : networkOf(address),
    operator: address === undefined ? undefined : ctx.config.budgets.networkOf(address)?.asn,
    deviceId: readDevice(ctx, caller).id,
    isKnown: false,
  };
}

function axesOf({ config: { budgets } }: Context, subject: ClaimSubject): { axis: string; key: string }[] {
  const key = prefixOf(subject.phone.e164);
  return [
    ...toOwnClaims(budgets, subject, 0),
    ...toSharedClaims(budgets, subject),
    ...[false, true].flatMap((isKnown) => toRefusalClaims(budgets, { ...subject, isKnown })),
    ...Object.values(prefixOutcomes).map((axis) => ({ axis, key })),
  ];
}

interface Seen {
  subject: ClaimSubject;
  stored: StoredSignals;
  isSigned: boolean;
  now: Date;
}

function toSignals(ctx: Context, seen: Seen, { address }: Caller): RiskSignals {
  const { budgets, codes, spraying } = ctx.config;
  const { subject, stored, isSigned } = seen;
  const { sent, undelivered, verified } = prefixCountOf(ctx, seen);
  const ofStranger = isSigned ? 'signed' : subject.deviceId === undefined ? 'none' : 'named';
  return {
    device: subject.isKnown ? 'known' : ofStranger,
    isAddressBusy: usedOf(seen, 'address-minute', budgets.addressMinute) >= budgets.addressSoftMax,
    prefix: { sent: sent - undelivered, verified },
    isForeign: subject.phone.country !== [...codes.countries][0],
    unverifiedSends: stored.unverifiedSends,
    wrongChecks: stored.wrongChecks,
    isSprayed: isSpraying(stored.checks, spraying),
    network: address === undefined ? undefined : budgets.networkOf(address)?.kind,
  };
}

function prefixCountOf({ config: { budgets } }: Context, seen: Seen) {
  return {
    sent: usedOf(seen, 'prefix', budgets.prefix),
    verified: usedOf(seen, prefixOutcomes.verified, budgets.prefix),
    undelivered: usedOf(seen, prefixOutcomes.undelivered, budgets.prefix),
  };
}

function usedOf({ stored, now }: Seen, axis: string, { windowMs }: Limit): number {
  const uses = stored.standing.get(axis);
  return uses ? sumUses(uses, now, windowMs) : 0;
}
