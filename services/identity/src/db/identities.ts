import type { Queryable, Transaction } from '@mawid/service-kit';
import type { LinkedIdentity, SocialIdentity, SocialProvider } from '../domain/social-identity.ts';

interface IdentityRow {
  id: string;
  user_id: string;
  provider: SocialProvider;
  issuer: string;
  subject: string;
  email: string | null;
  linked_at: Date;
}

const columns = 'i.id, i.user_id, i.provider, i.issuer, i.subject, i.email, i.linked_at';

/** What Apple gave us to revoke, sealed under the identity's id. */
export interface SealedGrant {
  sealedRefreshToken: Buffer;
  clientId: string;
}

/** The user's identities, the first linked first. */
export async function listIdentities(on: Queryable, userId: string): Promise<LinkedIdentity[]> {
  const { rows } = await on.query<IdentityRow>({
    name: 'identities.list',
    text: `SELECT ${columns} FROM identities i WHERE i.user_id = $1 ORDER BY i.linked_at, i.id`,
    values: [userId],
  });
  return rows.map(toIdentity);
}

export async function findIdentity(
  on: Queryable,
  { issuer, subject }: Pick<SocialIdentity, 'issuer' | 'subject'>,
): Promise<LinkedIdentity | undefined> {
  const { rows } = await on.query<IdentityRow>({
    name: 'identities.find',
    text: `SELECT ${columns} FROM identities i WHERE i.issuer = $1 AND i.subject = $2`,
    values: [issuer, subject],
  });
  return rows[0] && toIdentity(rows[0]);
}

/** False when the identity is linked already, or the user has another one of the provider. */
export async function insertIdentity(tx: Transaction, identity: LinkedIdentity): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'identities.insert',
    text: `INSERT INTO identities (id, user_id, provider, issuer, subject, email, linked_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    values: [
      ...[identity.id, identity.userId, identity.provider, identity.issuer, identity.subject],
      ...[identity.email, identity.linkedAt],
    ],
  });
  return rowCount === 1;
}

/** Keeps the newest of what Apple gave us; every one of them ends the whole grant. */
export async function saveGrant(tx: Transaction, id: string, grant: SealedGrant): Promise<void> {
  await tx.query({
    name: 'identities.save_grant',
    text: 'UPDATE identities SET sealed_refresh_token = $2, client_id = $3 WHERE id = $1',
    values: [id, grant.sealedRefreshToken, grant.clientId],
  });
}

/**
 * Deletes one of the user's identities; undefined when it is the last way in: the phone is not verified, and there is no other. The
 * user's row must be locked, or two of these would each see the other's identity.
 */
export async function deleteIdentity(tx: Transaction, userId: string, id: string): Promise<LinkedIdentity | undefined> {
  const { rows } = await tx.query<IdentityRow>({
    name: 'identities.delete',
    text: `DELETE FROM identities i
            WHERE i.id = $1 AND i.user_id = $2
              AND (EXISTS (SELECT FROM users u WHERE u.id = $2 AND u.verified_at IS NOT NULL)
                   OR EXISTS (SELECT FROM identities o WHERE o.user_id = $2 AND o.id <> $1))
           RETURNING ${columns}`,
    values: [id, userId],
  });
  return rows[0] && toIdentity(rows[0]);
}

function toIdentity(row: IdentityRow): LinkedIdentity {
  return {
    id: row.id,
    userId: row.user_id,
    provider: row.provider,
    issuer: row.issuer,
    subject: row.subject,
    email: row.email ?? undefined,
    linkedAt: row.linked_at,
  };
}
