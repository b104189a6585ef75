import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import { assertRoom, requireRoom } from '../budgets/require-room.ts';
import { tellMoneyUsed } from '../budgets/tell-money-used.ts';
import { challengeRequired } from '../challenge/challenge-required.ts';
import type { SolvedPuzzle } from '../challenge/proof-of-work.ts';
import type { Context } from '../context.ts';
import { type Channel, insertCodeRequest } from '../db/code-requests.ts';
import { useChallenge } from '../db/used-challenges.ts';
import { findUser } from '../db/user-states.ts';
import { findUserByPhone, isEmailTaken, saveProvisionalUser } from '../db/users.ts';
import { languageOf, type User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { type Draft, draftCode } from './draft-code.ts';
import { otpRequested } from './otp-requested.ts';
import { type Attempt, type CodeOrder, readAttempt } from './read-attempt.ts';
import { recordRefusal, toAudit } from './record-refusal.ts';
import { requireAllowed } from './require-allowed.ts';
import { requireSend } from './require-send.ts';

export type { CodeOrder } from './read-attempt.ts';

export interface CodeReceipt {
  requestId: string;
  expiresAt: Date;
  resendAfterSeconds: number;
  channel: Channel;
}

/** Makes a code and hands it to notify. What comes back says nothing about whether anybody has this phone. */
export async function requestCode(ctx: Context, order: CodeOrder, caller: Caller): Promise<CodeReceipt> {
  const attempt = await readAttempt(ctx, order, caller);
  try {
    const draft = await placeOrder(ctx, attempt);
    ctx.relay.wake();
    return {
      requestId: draft.requestId,
      expiresAt: draft.expiresAt,
      resendAfterSeconds: ctx.config.sends.cooldownMs / 1000,
      channel: order.channel,
    };
  } catch (error) {
    await recordRefusal(ctx, attempt, error);
    throw error;
  }
}

async function placeOrder(ctx: Context, attempt: Attempt): Promise<Draft> {
  const { order, now, claims, isServed, fixedCode } = attempt;
  const solved = await requireAllowed(ctx, attempt);
  const draft = await draftCode(ctx, order, fixedCode);
  const used = await ctx.database.transaction(async (tx) => {
    await takeOwn(ctx, tx, { attempt, solved });
    const user = isServed ? await writeCode(tx, { attempt, draft }) : undefined;
    await recordAudit(ctx, tx, attempt.caller, toAudit(attempt, draft, user));
    return requireRoom(ctx, tx, claims.shared, now);
  });
  const what = fixedCode === undefined ? 'sent' : 'test_number';
  ctx.metrics.codes.inc({ purpose: order.purpose, outcome: isServed ? what : 'country_not_served' });
  tellMoneyUsed(ctx, claims.shared, used);
  return draft;
}

/** Takes all that few others wait for. A refusal undoes the transaction: who gets no code has used nothing. */
async function takeOwn(
  ctx: Context,
  tx: Transaction,
  { attempt, solved }: { attempt: Attempt; solved: SolvedPuzzle | undefined },
): Promise<void> {
  const { order, now, claims } = attempt;
  const { profile, phone } = order;
  if (profile?.email && (await isEmailTaken(tx, profile.email, phone.e164))) throw errors.emailTaken();
  const isUnused = solved !== undefined && (await useChallenge(tx, solved.signature, solved.expiresAt));
  if (attempt.risk.decision === 'challenge' && !isUnused) throw await challengeRequired(ctx);
  const send = { phoneNumber: phone.e164, lane: laneOf(attempt), now, uses: claims.own };
  const used = assertRoom(ctx, { claims: claims.own, uses: await requireSend(ctx, tx, send), now });
  // Others of the address have come in between. A known device is not counted there.
  const isBusy = (used.get('address-minute') ?? 0) > ctx.config.budgets.addressSoftMax;
  if (isBusy && !isUnused) throw await challengeRequired(ctx);
}

// Codes before users, in every transaction: two that lock them in different orders would wait for each other for ever.
async function writeCode(
  tx: Transaction,
  { attempt, draft }: { attempt: Attempt; draft: Draft },
): Promise<User | undefined> {
  const { order, subject, risk, caller, fixedCode } = attempt;
  const { channel, purpose, profile, userId } = order;
  const { requestId: id, now, expiresAt, keyId, codeHmac } = draft;
  const phoneNumber = order.phone.e164;
  const { deviceId } = subject;
  await insertCodeRequest(tx, {
    ...{ id, phoneNumber, purpose, channel, deviceId, userId, keyId, codeHmac, now, expiresAt },
    ...{ lane: laneOf(attempt), riskScore: risk.score, riskReasons: risk.reasons },
  });
  const user = profile
    ? await saveProvisionalUser(tx, { ...profile, id: uuidv7(), phoneNumber, now })
    : // A change of number is written in the language of who asks for it.
      await (userId ? findUser(tx, userId) : findUserByPhone(tx, phoneNumber));
  const language = languageOf(user ?? { phoneNumber }, caller.preferredLocale);
  if (fixedCode === undefined)
    await insertEvents(tx, [otpRequested({ draft, phoneNumber, channel, purpose, language })]);
  return user;
}

/** A known device has a lane of its own, which strangers do not reach. */
function laneOf({ subject }: Attempt): string {
  return subject.isKnown ? (subject.deviceId ?? '') : '';
}
