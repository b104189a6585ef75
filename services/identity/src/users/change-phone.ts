import { type Caller, insertEvents, maskText, type Transaction } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { CodeEffect } from '../codes/redeem-code.ts';
import type { Context } from '../context.ts';
import {
  changePhoneNumber,
  displaceProvisionalUser,
  endCodesOfPhone,
  endOtherSessions,
  findOtherHolder,
  forgetOtherDevices,
} from '../db/phone-changes.ts';
import { readDevice } from '../devices/read-device.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { lockLiveUser } from '../sessions/lock-live-user.ts';
import { sessionEnded } from '../sessions/session-events.ts';
import { forgetProvisionalUsers } from './forget-provisional-users.ts';
import { securityNotice } from './security-notice.ts';
import { userUpdated } from './user-events.ts';

export interface PhoneChange {
  user: User;
  sessionId: string;
  caller: Caller;
  /** The new one; its holder has just shown a code that was sent to it. */
  phoneNumber: string;
  keepsOthers: boolean;
}

/** Moves a user to another number, in the transaction that uses the code up. Other sessions end, and the old number is told. */
export async function changePhone(ctx: Context, tx: Transaction, change: PhoneChange): Promise<CodeEffect<User>> {
  const { user, caller, phoneNumber } = change;
  const now = ctx.clock.now();
  // Before the users' rows, as everywhere: two that lock these in different orders would wait for each other for ever.
  await endCodesOfPhone(tx, user.phoneNumber, now);
  const former = await lockLiveUser(tx, { userId: user.id, sessionId: change.sessionId });
  if (!(await isNumberFree(ctx, tx, change))) {
    const audit = { kind: 'phone_changed', outcome: 'refused', reason: 'PHONE_NUMBER_TAKEN' } as const;
    await recordAudit(ctx, tx, caller, { ...audit, userId: user.id, phoneNumber });
    // Who is told this holds the number: it is no answer to somebody who tries numbers.
    return { refusal: errors.phoneNumberTaken() };
  }
  const changed = await changePhoneNumber(tx, { userId: user.id, phoneNumber, now });
  const detail = maskText(phoneNumber).replaceAll('•', '*');
  await insertEvents(tx, [userUpdated(changed), securityNotice({ kind: 'phone_changed', user: former, detail, now })]);
  if (!change.keepsOthers) await endOthers(ctx, tx, change);
  // The log keeps the old number here; the lines that follow have the new one.
  const audit = { kind: 'phone_changed', outcome: 'ok', userId: user.id, phoneNumber: former.phoneNumber } as const;
  await recordAudit(ctx, tx, caller, { ...audit, details: { kept_other_sessions: String(change.keepsOthers) } });
  return { value: changed };
}

/**
 * Whether nobody has the number: one who has never verified it loses it to whoever has now. An account that an operator gave a
 * role stays, for it was made for the holder of the number to sign in to.
 */
async function isNumberFree(ctx: Context, tx: Transaction, { user, phoneNumber }: PhoneChange): Promise<boolean> {
  const holder = await findOtherHolder(tx, phoneNumber, user.id);
  if (holder === undefined) return true;
  if (!(await displaceProvisionalUser(tx, holder.id))) return false;
  await forgetProvisionalUsers(ctx, tx, { users: [holder], reason: 'number_taken_over' });
  return true;
}

async function endOthers(ctx: Context, tx: Transaction, { user, sessionId, caller }: PhoneChange): Promise<void> {
  const now = ctx.clock.now();
  const ended = await endOtherSessions(tx, { userId: user.id, sessionId, now });
  const ends = ended.map((id) => sessionEnded({ userId: user.id, sessionId: id, reason: 'phone_change', now }));
  await insertEvents(tx, ends);
  await forgetOtherDevices(tx, user.id, readDevice(ctx, caller).id);
}
