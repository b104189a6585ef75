import type { Queryable } from '@mawid/service-kit';
import type { ClaimedRow, LaneName } from './rows.ts';

export interface Claim {
  readonly lane: LaneName;
  readonly leaseId: string;
  readonly leaseMs: number;
  readonly limit: number;
  /** What this process is at work on, should its own leases have lapsed. */
  readonly except: readonly string[];
}

/**
 * Leases messages that are due, the longest waiting first: new ones, those to be tried again, and those whose process has
 * stopped renewing its lease. The messages of one booking go out one after the other, in the order of their facts.
 */
export async function claimMessages(on: Queryable, claim: Claim): Promise<ClaimedRow[]> {
  const { rows } = await on.query<ClaimedRow>({
    name: 'messages.claim',
    text: `WITH due AS MATERIALIZED (
             SELECT id FROM messages m
              WHERE lane = $1 AND state IN ('queued', 'sending') AND next_attempt_at <= now() AND id <> ALL($5::uuid[])
                AND NOT EXISTS (SELECT FROM messages earlier
                                 WHERE earlier.booking_id = m.booking_id AND earlier.id < m.id
                                   AND earlier.state IN ('queued', 'sending'))
              ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED),
           claimed AS (
             UPDATE messages SET state = 'sending', lease_id = $2,
                    next_attempt_at = now() + $3::float8 * interval '1 millisecond'
               FROM due WHERE messages.id = due.id
             RETURNING messages.*)
           SELECT claimed.id, kind, reference_id AS "referenceId", booking_id AS "bookingId",
                  booking_version AS "bookingVersion", facts, sealed_code AS "sealedCode", channel,
                  coalesce(claimed.phone, contacts.phone) AS phone,
                  coalesce(claimed.language, contacts.language) AS language,
                  body, call_open AS "isCallOpen", forgets, contacts.erased_at IS NOT NULL AS "isErased", attempts, waits, reason, expires_at AS "expiresAt", lease_id AS "leaseId",
                  traceparent, tracestate, created_at AS "createdAt"
             FROM claimed LEFT JOIN contacts USING (user_id)
            ORDER BY claimed.id`,
    values: [claim.lane, claim.leaseId, claim.leaseMs, claim.limit, claim.except],
  });
  return rows;
}

/** Keeps the leases of a process that is alive. */
export async function renewLeases(on: Queryable, leaseId: string, leaseMs: number): Promise<void> {
  await on.query({
    name: 'messages.renew',
    text: `UPDATE messages SET next_attempt_at = now() + $2::float8 * interval '1 millisecond'
            WHERE lease_id = $1 AND state = 'sending'`,
    values: [leaseId, leaseMs],
  });
}

/** Whether any message of the lane is being sent or due. */
export async function hasDueMessages(on: Queryable, lane: LaneName): Promise<boolean> {
  const { rows } = await on.query<{ found: boolean }>({
    name: 'messages.has_due',
    text: `SELECT EXISTS (SELECT FROM messages
                           WHERE lane = $1 AND (state = 'sending' OR state = 'queued' AND next_attempt_at <= now())) AS found`,
    values: [lane],
  });
  return rows[0]?.found === true;
}
