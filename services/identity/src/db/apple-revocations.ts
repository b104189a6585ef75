import type { Queryable, Transaction } from '@mawid/service-kit';
import type { SocialIdentity } from '../domain/social-identity.ts';
import type { SealedGrant } from './identities.ts';

/** A refresh token that is to be revoked, held by one process until the lease runs out. */
export interface LeasedRevocation {
  id: string;
  sealedRefreshToken: Buffer;
  clientId: string;
  /** This one included. */
  attempts: number;
}

/** Longer than one call to Apple. Measured by the database's clock, on all replicas the same. */
const leaseMs = 60_000;

/** Copies what Apple gave us for a user's identities, or for one of them, to where it outlives them. */
export async function insertRevocations(
  tx: Transaction,
  { userId, identityId }: { userId: string; identityId?: string | undefined },
): Promise<void> {
  await tx.query({
    name: 'apple_revocations.insert',
    text: `INSERT INTO apple_revocations (id, sealed_refresh_token, client_id)
           SELECT id, sealed_refresh_token, client_id FROM identities
            WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2) AND sealed_refresh_token IS NOT NULL
           ON CONFLICT (id) DO NOTHING`,
    values: [userId, identityId],
  });
}

/**
 * Keeps a grant that no identity was linked with. Not where the account is linked all the same, by a call that was faster: revoking
 * one of an account's grants ends them all.
 */
export async function insertUnusedGrant(
  on: Queryable,
  { id, identity, sealedRefreshToken, clientId }: SealedGrant & { id: string; identity: SocialIdentity },
): Promise<void> {
  await on.query({
    name: 'apple_revocations.insert_unused',
    text: `INSERT INTO apple_revocations (id, sealed_refresh_token, client_id)
           SELECT $1::uuid, $2::bytea, $3::text
            WHERE NOT EXISTS (SELECT FROM identities WHERE issuer = $4 AND subject = $5)`,
    values: [id, sealedRefreshToken, clientId, identity.issuer, identity.subject],
  });
}

/** Leases those that are due. The attempt counts from here on: a process that dies of one does not try for ever. */
export async function leaseRevocations(
  on: Queryable,
  { leaseId, now, limit }: { leaseId: string; now: Date; limit: number },
): Promise<LeasedRevocation[]> {
  const { rows } = await on.query<{ id: string; sealed_refresh_token: Buffer; client_id: string; attempts: number }>({
    name: 'apple_revocations.lease',
    text: `UPDATE apple_revocations
              SET attempts = attempts + 1, lease_id = $1, leased_until = now() + $2::float8 * interval '1 millisecond'
            WHERE id IN (SELECT id FROM apple_revocations
                          WHERE dead_at IS NULL AND next_attempt_at <= $3
                            AND (leased_until IS NULL OR leased_until < now())
                          ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED)
           RETURNING id, sealed_refresh_token, client_id, attempts`,
    values: [leaseId, leaseMs, now, limit],
  });
  return rows.map((row) => ({
    id: row.id,
    sealedRefreshToken: row.sealed_refresh_token,
    clientId: row.client_id,
    attempts: row.attempts,
  }));
}

/** Done: nothing of the person is left. Whoever holds the lease does not matter, for the token is revoked. */
export async function deleteRevocation(on: Queryable, id: string): Promise<void> {
  await on.query({
    name: 'apple_revocations.delete',
    text: 'DELETE FROM apple_revocations WHERE id = $1',
    values: [id],
  });
}

/** Gives it back, to be tried again, or never again where no time is said. Does nothing for a lost lease. */
export async function releaseRevocation(
  on: Queryable,
  failed: { id: string; leaseId: string; nextAttemptAt: Date | undefined; error: string; now: Date },
): Promise<void> {
  await on.query({
    name: 'apple_revocations.release',
    text: `UPDATE apple_revocations
              SET next_attempt_at = coalesce($3, next_attempt_at), last_error = $4, lease_id = NULL, leased_until = NULL,
                  dead_at = CASE WHEN $3::timestamptz IS NULL THEN $5::timestamptz END
            WHERE id = $1 AND lease_id = $2`,
    values: [failed.id, failed.leaseId, failed.nextAttemptAt, failed.error, failed.now],
  });
}

/** Those that nobody has brought back to life in time. */
export async function deleteDeadRevocations(on: Queryable, before: Date): Promise<void> {
  await on.query({
    name: 'apple_revocations.delete_dead',
    text: 'DELETE FROM apple_revocations WHERE dead_at < $1',
    values: [before],
  });
}
