import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import type { CodePurpose } from '../crypto/one-time-code.ts';
import { type Channel, insertCodeRequest } from '../db/code-requests.ts';
import { findUserByPhone, isEmailTaken, type Profile, saveProvisionalUser } from '../db/users.ts';
import { readDevice } from '../devices/read-device.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { languageOf } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { type Draft, draftCode } from './draft-code.ts';
import { otpRequested } from './otp-requested.ts';
import { requireSend } from './require-send.ts';

export interface CodeOrder {
  purpose: CodePurpose;
  phone: PhoneNumber;
  channel: Channel;
  /** Who does not exist yet is made with this; absent where nobody is to be made. */
  profile?: Profile | undefined;
}

export interface CodeReceipt {
  requestId: string;
  expiresAt: Date;
  resendAfterSeconds: number;
  channel: Channel;
}

/** Makes a code and hands it to notify. What comes back says nothing about whether anybody has this phone. */
export async function requestCode(ctx: Context, order: CodeOrder, caller: Caller): Promise<CodeReceipt> {
  const draft = await draftCode(ctx, order);
  const isServed = ctx.config.codes.countries.has(order.phone.country ?? '');
  await ctx.database.transaction(async (tx) => {
    const { profile, phone } = order;
    if (profile?.email && (await isEmailTaken(tx, profile.email, phone.e164))) throw errors.emailTaken();
    await requireSend(ctx, tx, { ...order, now: draft.now });
    if (isServed) await writeCode(ctx, tx, { order, draft, caller });
  });
  ctx.metrics.codes.inc({ purpose: order.purpose, outcome: isServed ? 'sent' : 'country_not_served' });
  ctx.relay.wake();
  return {
    requestId: draft.requestId,
    expiresAt: draft.expiresAt,
    resendAfterSeconds: ctx.config.sends.cooldownMs / 1000,
    channel: order.channel,
  };
}

interface CodeToWrite {
  order: CodeOrder;
  draft: Draft;
  caller: Caller;
}

// Codes before users, in every transaction: two that lock them in different orders would wait for each other for ever.
async function writeCode(ctx: Context, tx: Transaction, { order, draft, caller }: CodeToWrite): Promise<void> {
  const { phone, channel, purpose, profile } = order;
  const { requestId: id, now, expiresAt, keyId, codeHmac } = draft;
  const phoneNumber = phone.e164;
  const deviceId = readDevice(ctx, caller).id;
  await insertCodeRequest(tx, { id, phoneNumber, purpose, channel, deviceId, keyId, codeHmac, now, expiresAt });
  const user = profile
    ? await saveProvisionalUser(tx, { ...profile, id: uuidv7(), phoneNumber, now })
    : await findUserByPhone(tx, phoneNumber);
  const language = languageOf(user ?? { phoneNumber }, caller.preferredLocale);
  await insertEvents(tx, [otpRequested({ draft, phoneNumber, channel, purpose, language })]);
}
