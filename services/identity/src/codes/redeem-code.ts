import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { validate as isUuid } from 'uuid';
import type { Context } from '../context.ts';
import { type CodePurpose, isSameHash, parseCode, toCodeHmac } from '../crypto/one-time-code.ts';
import { type CodeUnderTrial, countAttempt, useCode } from '../db/code-requests.ts';
import { isEmailConflict, verifyUser } from '../db/users.ts';
import { readDevice } from '../devices/read-device.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { userVerified } from '../users/user-events.ts';

export interface Redemption<T> {
  purpose: CodePurpose;
  requestId: string;
  code: string;
  caller: Caller;
  /** What a right code brings, in the transaction that uses it up. The user is absent where nobody has this phone. */
  effect(tx: Transaction, code: CodeUnderTrial, user: User | undefined): Promise<T>;
}

/** Uses a code up. Whatever is wrong with it, the refusal is the same. */
export async function redeemCode<T>(ctx: Context, redemption: Redemption<T>): Promise<T> {
  const { purpose, requestId, code } = redemption;
  if (requestId.trim() === '') throw errors.fieldRequired('request_id');
  if (code.trim() === '') throw errors.fieldRequired('code');
  const found = await findLiveCode(ctx, redemption);
  const isRight = found !== undefined && isCodeOf(ctx, found, redemption);
  const result = isRight ? await useOnce(ctx, found, redemption) : undefined;
  const outcome = result ? 'accepted' : found && !isRight ? 'wrong' : 'refused';
  ctx.metrics.checks.inc({ purpose, outcome });
  if (result === undefined) throw errors.codeInvalid();
  ctx.relay.wake();
  return result.value;
}

/** The code to compare with, once the attempt is counted. What cannot be right costs no attempt. */
async function findLiveCode<T>(ctx: Context, redemption: Redemption<T>): Promise<CodeUnderTrial | undefined> {
  const { purpose, requestId, code, caller } = redemption;
  if (parseCode(code) === undefined || !isUuid(requestId)) return undefined;
  const { maxAttempts } = ctx.config.codes;
  const trial = { requestId, purpose, deviceId: readDevice(ctx, caller).id, now: ctx.clock.now(), maxAttempts };
  return countAttempt(ctx.database, trial, ctx.config.guesses);
}

function isCodeOf<T>({ config }: Context, found: CodeUnderTrial, { purpose, code }: Redemption<T>): boolean {
  const key = config.codes.hmacKeys.find(({ id }) => id === found.key_id);
  if (key === undefined) return false;
  const binding = { requestId: found.id, phoneNumber: found.phone_number, purpose };
  return isSameHash(found.code_hmac, toCodeHmac(key, binding, parseCode(code) ?? ''));
}

async function useOnce<T>(
  ctx: Context,
  found: CodeUnderTrial,
  redemption: Redemption<T>,
): Promise<{ value: T } | undefined> {
  try {
    return await useInTransaction(ctx, found, redemption);
  } catch (error) {
    // Two people with one e-mail address verify at the same moment: the second time the first is seen, and keeps it.
    if (isEmailConflict(error)) return useInTransaction(ctx, found, redemption);
    throw error;
  }
}

function useInTransaction<T>(ctx: Context, found: CodeUnderTrial, { effect }: Redemption<T>) {
  const now = ctx.clock.now();
  return ctx.database.transaction(async (tx) => {
    if (!(await useCode(tx, found.id, now))) return undefined;
    const verified = await verifyUser(tx, found.phone_number, now);
    if (verified?.isFirst) await insertEvents(tx, [userVerified(verified.user)]);
    return { value: await effect(tx, found, verified?.user) };
  });
}
