import type { Queryable } from '@mawid/service-kit';
import type { CodePurpose } from '../crypto/one-time-code.ts';

export type Channel = 'sms' | 'whatsapp';

export interface NewCodeRequest {
  id: string;
  phoneNumber: string;
  purpose: CodePurpose;
  channel: Channel;
  deviceId: string | undefined;
  /** Empty for strangers; a known device's id for that device, whose codes and guesses nobody else touches. */
  lane: string;
  /** Who asked for it, of a change of number. */
  userId: string | undefined;
  riskScore: number;
  riskReasons: readonly string[];
  keyId: string;
  codeHmac: Buffer;
  now: Date;
  expiresAt: Date;
}

/** Writes a code; every earlier one of the phone, purpose and lane dies. */
export async function insertCodeRequest(on: Queryable, request: NewCodeRequest): Promise<void> {
  await on.query({
    name: 'code_requests.insert',
    text: `WITH superseded AS (
             UPDATE code_requests SET superseded_at = $8
              WHERE phone_number = $2 AND purpose = $3 AND lane = $10 AND used_at IS NULL AND superseded_at IS NULL
             RETURNING id
           )
           INSERT INTO code_requests (id, phone_number, purpose, channel, device_id, key_id, code_hmac, created_at, expires_at,
                                      lane, user_id, risk_score, risk_reasons)
           -- Reading the first part makes it run before the insert, which its rows would stand in the way of.
           SELECT $1::uuid, $2, $3, $4, $5, $6, $7::bytea, $8::timestamptz, $9::timestamptz,
                  $10, $11::uuid, $12::smallint, $13::text[] FROM (SELECT count(*) FROM superseded) AS done`,
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
      request.lane,
      request.userId,
      request.riskScore,
      request.riskReasons,
    ],
  });
}

/**
 * Uses a code up and forgets the wrong guesses of its lane. On a known device it also ends the row of strangers' wrong guesses,
 * but not their hour and day. False for all but one of those who try at once.
 */
export async function useCode(on: Queryable, requestId: string, now: Date): Promise<boolean> {
  const { rows } = await on.query({
    name: 'code_requests.use',
    text: `WITH used AS (
             UPDATE code_requests SET used_at = $2
              WHERE id = $1 AND used_at IS NULL AND superseded_at IS NULL
             RETURNING phone_number, lane
           ), locked AS (
             SELECT g.phone_number, g.lane, g.lane = used.lane AS is_own FROM guess_budgets g JOIN used USING (phone_number)
              WHERE g.lane IN ('', used.lane) ORDER BY g.lane FOR UPDATE OF g
           ), cleared AS (
             DELETE FROM guess_budgets g USING locked l WHERE g.phone_number = l.phone_number AND g.lane = l.lane AND l.is_own
           ), calmed AS (
             UPDATE guess_budgets g SET consecutive = 0 FROM locked l
              WHERE g.phone_number = l.phone_number AND g.lane = l.lane AND NOT l.is_own
           )
           SELECT FROM used`,
    values: [requestId, now],
  });
  return rows.length === 1;
}
