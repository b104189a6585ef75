import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { sealCode } from '../crypto/code-envelope.ts';
import { type CodePurpose, createCode, toCodeHmac } from '../crypto/one-time-code.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';

/** A code on its way, without the code: its hash for us, its envelope for notify. */
export interface Draft {
  requestId: string;
  now: Date;
  expiresAt: Date;
  keyId: string;
  codeHmac: Buffer;
  sealedCode: string;
}

export async function draftCode(
  { clock, config }: Context,
  { phone, purpose }: { phone: PhoneNumber; purpose: CodePurpose },
  fixedCode?: string,
): Promise<Draft> {
  const { hmacKeys, envelopeKey, lifetimeMs } = config.codes;
  const [key] = hmacKeys;
  if (key === undefined) throw new Error('OTP_HMAC_KEYS has no key');
  const requestId = uuidv7();
  const code = fixedCode ?? createCode();
  const now = clock.now();
  return {
    requestId,
    now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
    keyId: key.id,
    codeHmac: toCodeHmac(key, { requestId, phoneNumber: phone.e164, purpose }, code),
    sealedCode: await sealCode(code, envelopeKey),
  };
}
