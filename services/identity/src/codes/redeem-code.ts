import type { ConnectError } from '@connectrpc/connect';
import { type Caller, insertEvents, networkOf, type Transaction } from '@mawid/service-kit';
import { validate as isUuid } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import { countPrefixOutcome } from '../budgets/count-prefix-outcome.ts';
import type { Context } from '../context.ts';
import { type CodePurpose, isSameHash, parseCode, toCodeHmac } from '../crypto/one-time-code.ts';
import { countRightCheck } from '../db/check-counts.ts';
import { useCode } from '../db/code-requests.ts';
import { type CodeUnderTrial, countAttempt, type Trial } from '../db/code-trials.ts';
import { isPhoneConflict } from '../db/phone-changes.ts';
import { isEmailConflict, verifyUser } from '../db/users.ts';
import { readDevice } from '../devices/read-device.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { userVerified } from '../users/user-events.ts';
import { recordRefusedCode } from './record-refused-code.ts';

/** What a right code brings: something, or a refusal for another reason. The code is used up in both cases. */
export type CodeEffect<T> = { value: T } | { refusal: ConnectError };

export interface Redemption<T> {
  purpose: CodePurpose;
  requestId: string;
  code: string;
  caller: Caller;
  /** Of a change of number: who is signed in. A code that another asked for is refused like a wrong one. */
  userId?: string | undefined;
  /**
   * Runs in the transaction that uses the code up, and decides what it brings. The user is who has this phone, just verified;
   * undefined where nobody has it, and for a change, which says nothing about whoever has the number now. What it throws undoes
   * the use as well.
   */
  effect(tx: Transaction, code: CodeUnderTrial, user: User | undefined): Promise<CodeEffect<T>>;
}

/** Uses a code up. Whatever is wrong with it, the refusal is the same. */
export async function redeemCode<T>(ctx: Context, redemption: Redemption<T>): Promise<T> {
  const { purpose, requestId, code, caller } = redemption;
  if (requestId.trim() === '') throw errors.fieldRequired('request_id');
  if (code.trim() === '') throw errors.fieldRequired('code');
  const trial = trialOf(ctx, redemption);
  const found = await findLiveCode(ctx, trial, code);
  const isRight = found !== undefined && isCodeOf(ctx, found, redemption);
  const effect = isRight ? await useOnce(ctx, found, redemption) : undefined;
  if (effect === undefined) {
    await recordRefusedCode(ctx, caller, { trial, isWrong: found !== undefined && !isRight });
    throw errors.codeInvalid();
  }
  ctx.metrics.checks.inc({ purpose, outcome: 'accepted' });
  ctx.relay.wake();
  if ('refusal' in effect) throw effect.refusal;
  return effect.value;
}

function trialOf<T>(ctx: Context, { requestId, purpose, caller, userId }: Redemption<T>): Trial {
  return {
    requestId,
    purpose,
    userId,
    deviceId: readDevice(ctx, caller).id,
    network: caller.address === undefined ? undefined : networkOf(caller.address),
    now: ctx.clock.now(),
    maxAttempts: ctx.config.codes.maxAttempts,
  };
}

/** The code to compare with, once the attempt is counted. What cannot be right costs no attempt. */
async function findLiveCode(ctx: Context, trial: Trial, code: string): Promise<CodeUnderTrial | undefined> {
  if (parseCode(code) === undefined || !isUuid(trial.requestId)) return undefined;
  return countAttempt(ctx.database, trial, ctx.config.guesses);
}

function isCodeOf<T>({ config }: Context, found: CodeUnderTrial, { purpose, code }: Redemption<T>): boolean {
  const key = config.codes.hmacKeys.find(({ id }) => id === found.key_id);
  if (key === undefined) return false;
  const binding = { requestId: found.id, phoneNumber: found.phone_number, purpose };
  return isSameHash(found.code_hmac, toCodeHmac(key, binding, parseCode(code) ?? ''));
}

async function useOnce<T>(ctx: Context, found: CodeUnderTrial, redemption: Redemption<T>) {
  try {
    return await useInTransaction(ctx, found, redemption);
  } catch (error) {
    // Two people with one e-mail address verify, or take one number, at the same moment: the second time the first is seen, and
    // keeps it.
    if (isEmailConflict(error) || isPhoneConflict(error)) return useInTransaction(ctx, found, redemption);
    throw error;
  }
}

/** Undefined when another was faster. */
function useInTransaction<T>(
  ctx: Context,
  found: CodeUnderTrial,
  redemption: Redemption<T>,
): Promise<CodeEffect<T> | undefined> {
  const { purpose, caller } = redemption;
  const now = ctx.clock.now();
  return ctx.database.transaction(async (tx) => {
    if (!(await useCode(tx, found.id, now))) return undefined;
    const user = purpose === 'change' ? undefined : await verifyHolder(tx, found.phone_number, now);
    const effect = await redemption.effect(tx, found, user);
    await recordAudit(ctx, tx, caller, {
      ...{ kind: 'code_checked', outcome: 'ok', phoneNumber: found.phone_number },
      userId: redemption.userId ?? user?.id,
      details: { purpose, request_id: found.id },
    });
    await countPrefixOutcome(ctx, tx, { code: found, outcome: 'verified', now });
    await countRightCheck(tx, now);
    return effect;
  });
}

async function verifyHolder(tx: Transaction, phoneNumber: string, now: Date): Promise<User | undefined> {
  const verified = await verifyUser(tx, phoneNumber, now);
  if (verified?.isFirst) await insertEvents(tx, [userVerified(verified.user)]);
  return verified?.user;
}
