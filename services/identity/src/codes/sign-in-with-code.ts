import type { Caller, Transaction } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import type { Channel } from '../db/code-requests.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { type StartedSession, startSession } from '../sessions/start-session.ts';
import type { CodeEffect } from './redeem-code.ts';

export interface CodeSignIn {
  /** Who has the phone; undefined when they have left since the code was asked for. */
  user: User | undefined;
  channel: Channel;
  caller: Caller;
}

/** What a right code of a sign-in brings: a session, unless the user may not have one. */
export async function signInWithCode(
  ctx: Context,
  tx: Transaction,
  { user, channel, caller }: CodeSignIn,
): Promise<CodeEffect<StartedSession>> {
  if (user === undefined) return { refusal: errors.codeInvalid() };
  const { id: userId, phoneNumber } = user;
  const audit = { kind: 'signed_in', userId, phoneNumber } as const;
  if (user.suspendedAt) {
    await recordAudit(ctx, tx, caller, { ...audit, outcome: 'refused', reason: 'ACCOUNT_SUSPENDED' });
    return { refusal: errors.accountSuspended() };
  }
  // RFC 8176 has a word for text messages, and none for WhatsApp.
  const amr = channel === 'sms' ? ['otp', 'sms'] : ['otp'];
  const started = await startSession(ctx, tx, { user, amr, caller });
  await recordAudit(ctx, tx, caller, {
    ...{ ...audit, outcome: 'ok' },
    details: { method: channel, session_id: started.session.id },
  });
  return { value: started };
}
