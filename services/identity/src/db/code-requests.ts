import type { Queryable } from '@mawid/service-kit';
import type { GuessLimits } from '../config.ts';
import type { CodePurpose } from '../crypto/one-time-code.ts';

export type Channel = 'sms' | 'whatsapp';

export interface NewCodeRequest {
  id: string;
  phoneNumber: string;
  purpose: CodePurpose;
  channel: Channel;
  deviceId: string | undefined;
  keyId: string;
  codeHmac: Buffer;
  now: Date;
  expiresAt: Date;
}

/** A code that may be compared now: the attempt is counted already. */
export interface CodeUnderTrial {
  id: string;
  phone_number: string;
  channel: Channel;
  key_id: string;
  code_hmac: Buffer;
}

/** Writes a code; every earlier one of the phone and purpose dies. */
export async function insertCodeRequest(on: Queryable, request: NewCodeRequest): Promise<void> {
  await on.query({
    name: 'code_requests.insert',
    text: `WITH superseded AS (
             UPDATE code_requests SET superseded_at = $8
              WHERE phone_number = $2 AND purpose = $3 AND used_at IS NULL AND superseded_at IS NULL
             RETURNING id
           )
           INSERT INTO code_requests (id, phone_number, purpose, channel, device_id, key_id, code_hmac, created_at, expires_at)
           -- Reading the first part makes it run before the insert, which its rows would stand in the way of.
           SELECT $1::uuid, $2, $3, $4, $5, $6, $7::bytea, $8::timestamptz, $9::timestamptz FROM (SELECT count(*) FROM superseded) AS done`,
    values: [
      request.id,
      request.phoneNumber,
      request.purpose,
      request.channel,
      request.deviceId,
      request.keyId,
      request.codeHmac,
      request.now,
      request.expiresAt,
    ],
  });
}

export interface Trial {
  requestId: string;
  purpose: CodePurpose;
  deviceId: string | undefined;
  now: Date;
  maxAttempts: number;
}

/**
 * Counts an attempt at a live code, and at its phone across all codes; undefined when there is no such code or no guess left.
 * To be run outside a transaction: the count must stand before anything is compared, and whatever comes after.
 */
export async function countAttempt(
  on: Queryable,
  trial: Trial,
  limits: GuessLimits,
): Promise<CodeUnderTrial | undefined> {
  const { rows } = await on.query<CodeUnderTrial>({
    name: 'code_requests.count_attempt',
    text: `WITH tried AS (
             UPDATE code_requests SET attempts = attempts + 1
              WHERE id = $1 AND purpose = $2 AND (device_id IS NULL OR device_id = $3)
                AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $4::timestamptz AND attempts < $5::int
             RETURNING id, phone_number, channel, key_id, code_hmac
           ), counted AS (
             INSERT INTO guess_budgets AS g (phone_number, guessed_at, consecutive)
             SELECT phone_number, ARRAY[$4::timestamptz], 1 FROM tried
             ON CONFLICT (phone_number) DO UPDATE
                SET guessed_at = ARRAY(SELECT t FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 day' ORDER BY t) || $4::timestamptz,
                    consecutive = g.consecutive + 1
              WHERE g.consecutive < $6::int
                AND (SELECT count(*) FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 hour') < $7::int
                AND (SELECT count(*) FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 day') < $8::int
             RETURNING phone_number
           )
           SELECT tried.* FROM tried JOIN counted USING (phone_number)`,
    values: [
      trial.requestId,
      trial.purpose,
      trial.deviceId,
      trial.now,
      trial.maxAttempts,
      limits.consecutive,
      limits.perHour,
      limits.perDay,
    ],
  });
  return rows[0];
}

/** Uses a code up and forgets the phone's wrong guesses. False for all but one of those who try at once. */
export async function useCode(on: Queryable, requestId: string, now: Date): Promise<boolean> {
  const { rows } = await on.query({
    name: 'code_requests.use',
    text: `WITH used AS (
             UPDATE code_requests SET used_at = $2
              WHERE id = $1 AND used_at IS NULL AND superseded_at IS NULL
             RETURNING phone_number
           ), cleared AS (
             DELETE FROM guess_budgets g USING used WHERE g.phone_number = used.phone_number
           )
           SELECT phone_number FROM used`,
    values: [requestId, now],
  });
  return rows.length === 1;
}
