import type { Queryable } from '@mawid/service-kit';
import type { GuessLimits } from '../config.ts';
import type { CodePurpose } from '../crypto/one-time-code.ts';
import type { CodeState } from '../domain/dead-code.ts';
import type { Channel } from './code-requests.ts';

/** A code that may be compared now: the attempt is counted already. */
export interface CodeUnderTrial {
  id: string;
  phone_number: string;
  /** Empty for strangers, else the known device that asked for it. */
  lane: string;
  channel: Channel;
  key_id: string;
  code_hmac: Buffer;
}

export interface Trial {
  requestId: string;
  purpose: CodePurpose;
  deviceId: string | undefined;
  /** Who is signed in, of a change of number. */
  userId: string | undefined;
  /** The network it comes from. */
  network: string | undefined;
  now: Date;
  maxAttempts: number;
}

/**
 * Counts an attempt at a live code, and at its lane of the phone across all codes; undefined when there is no such code or no
 * guess left. To be run outside a transaction: the count must stand before anything is compared, and whatever comes after.
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
              WHERE id = $1 AND purpose = $2 AND (device_id IS NULL OR device_id = $3) AND user_id IS NOT DISTINCT FROM $9::uuid
                AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $4::timestamptz AND attempts < $5::int
                AND (lane <> '' OR $11::int > (
                      SELECT coalesce(sum(w.wrong), 0) FROM wrong_checks w
                       WHERE w.network = $10 AND w.slice > $4 - interval '1 hour'))
             RETURNING id, phone_number, lane, channel, key_id, code_hmac
           ), counted AS (
             INSERT INTO guess_budgets AS g (phone_number, lane, guessed_at, consecutive)
             SELECT phone_number, lane, ARRAY[$4::timestamptz], 1 FROM tried
             ON CONFLICT (phone_number, lane) DO UPDATE
                SET guessed_at = ARRAY(SELECT t FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 day' ORDER BY t) || $4::timestamptz,
                    consecutive = g.consecutive + 1
              WHERE g.consecutive < $6::int
                AND (SELECT count(*) FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 hour') < $7::int
                AND (SELECT count(*) FROM unnest(g.guessed_at) t WHERE t > $4 - interval '1 day') < $8::int
             RETURNING phone_number
           )
           SELECT tried.* FROM tried JOIN counted USING (phone_number)`,
    values: [
      ...[trial.requestId, trial.purpose, trial.deviceId, trial.now, trial.maxAttempts],
      ...[limits.consecutive, limits.perHour, limits.perDay],
      ...[trial.userId, trial.network, limits.perNetworkHour],
    ],
  });
  return rows[0];
}

/** A code as it stands, with those whom it concerns. */
export interface CodeRecord extends CodeState {
  phoneNumber: string;
  /** Who wants the number, of a change; else who has it. */
  holderId: string | undefined;
}

interface CodeRecordRow {
  phone_number: string;
  purpose: CodePurpose;
  device_id: string | null;
  user_id: string | null;
  holder_id: string | null;
  attempts: number;
  expires_at: Date;
  used_at: Date | null;
  superseded_at: Date | null;
}

/** What the audit log says about a code that was refused. */
export async function findCode(on: Queryable, requestId: string): Promise<CodeRecord | undefined> {
  const { rows } = await on.query<CodeRecordRow>({
    name: 'code_requests.find',
    text: `SELECT c.phone_number, c.purpose, c.device_id, c.user_id, coalesce(c.user_id, u.id) AS holder_id, c.attempts,
                  c.expires_at, c.used_at, c.superseded_at
             FROM code_requests c LEFT JOIN users u ON u.phone_number = c.phone_number
            WHERE c.id = $1`,
    values: [requestId],
  });
  return rows[0] && toCodeRecord(rows[0]);
}

function toCodeRecord(row: CodeRecordRow): CodeRecord {
  return {
    phoneNumber: row.phone_number,
    holderId: row.holder_id ?? undefined,
    purpose: row.purpose,
    deviceId: row.device_id ?? undefined,
    userId: row.user_id ?? undefined,
    attempts: row.attempts,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
    supersededAt: row.superseded_at ?? undefined,
  };
}
