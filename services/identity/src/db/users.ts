import type { Queryable } from '@mawid/service-kit';
import type { Language, Role, User } from '../domain/user.ts';

export interface UserRow {
  id: string;
  phone_number: string;
  email: string | null;
  role: Role;
  first_name: string;
  last_name: string;
  preferred_language: Language | null;
  verified_at: Date | null;
  suspended_at: Date | null;
  suspension_reason: string | null;
  session_version: number;
  version: bigint;
  created_at: Date;
}

export const userColumns = `u.id, u.phone_number, u.email, u.role, u.first_name, u.last_name, u.preferred_language,
  u.verified_at, u.suspended_at, u.suspension_reason, u.session_version, u.version, u.created_at`;

/** What a person says about themself. */
export interface Profile {
  email: string | undefined;
  firstName: string;
  lastName: string;
  preferredLanguage: Language | undefined;
}

export interface NewUser extends Profile {
  id: string;
  phoneNumber: string;
  now: Date;
}

/**
 * Makes a provisional customer, or fills in one who has not verified yet; a user who has, or whom an admin gave a role, stays as
 * they are. One statement, the same work for a known and an unknown phone.
 */
export async function saveProvisionalUser(on: Queryable, user: NewUser): Promise<User> {
  const { rows } = await on.query<UserRow>({
    name: 'users.save_provisional',
    text: `INSERT INTO users AS u (id, phone_number, email, first_name, last_name, preferred_language, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
           ON CONFLICT (phone_number) DO UPDATE SET (email, first_name, last_name, preferred_language) = (
             SELECT p.email, p.first_name, p.last_name, p.preferred_language
               FROM (VALUES
                 (true, coalesce(excluded.email, u.email), coalesce(nullif(excluded.first_name, ''), u.first_name),
                  coalesce(nullif(excluded.last_name, ''), u.last_name),
                  coalesce(excluded.preferred_language, u.preferred_language)),
                 (false, u.email, u.first_name, u.last_name, u.preferred_language)
               ) AS p (is_open, email, first_name, last_name, preferred_language)
              WHERE p.is_open = (u.verified_at IS NULL AND u.role = 'customer'))
           RETURNING ${userColumns}`,
    values: [user.id, user.phoneNumber, user.email, user.firstName, user.lastName, user.preferredLanguage, user.now],
  });
  return toUser(requireRow(rows));
}

export async function findUserByPhone(on: Queryable, phoneNumber: string): Promise<User | undefined> {
  const { rows } = await on.query<UserRow>({
    name: 'users.find_by_phone',
    text: `SELECT ${userColumns} FROM users u WHERE phone_number = $1`,
    values: [phoneNumber],
  });
  return rows[0] && toUser(rows[0]);
}

/** The user of a session that has not ended. */
export async function findUserOfSession(on: Queryable, userId: string, sessionId: string): Promise<User | undefined> {
  const { rows } = await on.query<UserRow>({
    name: 'users.find_of_session',
    text: `SELECT ${userColumns} FROM users u JOIN sessions s ON s.user_id = u.id
            WHERE u.id = $1 AND s.id = $2 AND s.ended_at IS NULL`,
    values: [userId, sessionId],
  });
  return rows[0] && toUser(rows[0]);
}

/** Whether a verified user other than the phone's own has the address. */
export async function isEmailTaken(on: Queryable, email: string, phoneNumber: string): Promise<boolean> {
  const { rows } = await on.query({
    name: 'users.is_email_taken',
    text: `SELECT FROM users
            WHERE lower(email) = lower($1) AND email IS NOT NULL AND verified_at IS NOT NULL AND phone_number <> $2`,
    values: [email, phoneNumber],
  });
  return rows.length > 0;
}

/**
 * Marks the phone as verified; `isFirst` says that it was not before. An e-mail address that another has verified before is
 * dropped then. Throws an e-mail conflict when that happens at this very moment.
 */
export async function verifyUser(
  on: Queryable,
  phoneNumber: string,
  now: Date,
): Promise<{ user: User; isFirst: boolean } | undefined> {
  const { rows } = await on.query<UserRow & { is_first: boolean }>({
    name: 'users.verify',
    text: `UPDATE users u
              SET verified_at = coalesce(u.verified_at, $2),
                  version = u.version + (u.verified_at IS NULL)::int,
                  updated_at = CASE WHEN u.verified_at IS NULL THEN $2 ELSE u.updated_at END,
                  email = CASE WHEN u.verified_at IS NULL AND EXISTS (
                            SELECT FROM users o WHERE lower(o.email) = lower(u.email) AND o.verified_at IS NOT NULL)
                          THEN NULL ELSE u.email END
            WHERE u.phone_number = $1
           RETURNING ${userColumns}, old.verified_at IS NULL AS is_first`,
    values: [phoneNumber, now],
  });
  return rows[0] && { user: toUser(rows[0]), isFirst: rows[0].is_first };
}

export interface ProfileChange {
  /** Empty removes it. */
  email?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  preferredLanguage?: string | undefined;
}

/** Changes what is given; undefined when the user is gone. Throws an e-mail conflict when the address belongs to another. */
export async function updateProfile(
  on: Queryable,
  id: string,
  change: ProfileChange,
  now: Date,
): Promise<User | undefined> {
  const { rows } = await on.query<UserRow>({
    name: 'users.update_profile',
    text: `UPDATE users u
              SET email = CASE WHEN $2::text IS NULL THEN u.email ELSE nullif($2, '') END,
                  first_name = coalesce($3, u.first_name),
                  last_name = coalesce($4, u.last_name),
                  preferred_language = coalesce($5, u.preferred_language),
                  version = u.version + 1,
                  updated_at = $6
            WHERE u.id = $1
           RETURNING ${userColumns}`,
    values: [id, change.email, change.firstName, change.lastName, change.preferredLanguage, now],
  });
  return rows[0] && toUser(rows[0]);
}

export interface RoleAssignment {
  /** Of the user, when the phone is new. */
  id: string;
  phoneNumber: string;
  role: Role;
  firstName: string;
  lastName: string;
  now: Date;
}

/** Gives the phone's user a role, making the user where there is none. A change moves both versions on. */
export async function saveRole(
  on: Queryable,
  user: RoleAssignment,
): Promise<{ user: User; hasChanged: boolean; formerRole: Role | undefined }> {
  const { rows } = await on.query<UserRow & { former_role: Role | null }>({
    name: 'users.save_role',
    text: `INSERT INTO users AS u (id, phone_number, role, first_name, last_name, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6)
           ON CONFLICT (phone_number) DO UPDATE
              SET role = excluded.role,
                  session_version = u.session_version + (u.role <> excluded.role)::int,
                  version = u.version + (u.role <> excluded.role)::int,
                  updated_at = CASE WHEN u.role <> excluded.role THEN excluded.updated_at ELSE u.updated_at END
           RETURNING ${userColumns}, old.role AS former_role`,
    values: [user.id, user.phoneNumber, user.role, user.firstName, user.lastName, user.now],
  });
  const row = requireRow(rows);
  return { user: toUser(row), hasChanged: row.former_role !== row.role, formerRole: row.former_role ?? undefined };
}

export function isEmailConflict(error: unknown): boolean {
  return (error as { constraint?: string } | undefined)?.constraint === 'users_verified_email';
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    phoneNumber: row.phone_number,
    email: row.email ?? undefined,
    role: row.role,
    firstName: row.first_name,
    lastName: row.last_name,
    preferredLanguage: row.preferred_language ?? undefined,
    verifiedAt: row.verified_at ?? undefined,
    suspendedAt: row.suspended_at ?? undefined,
    suspensionReason: row.suspension_reason ?? undefined,
    sessionVersion: row.session_version,
    version: Number(row.version),
    createdAt: row.created_at,
  };
}

function requireRow<R>(rows: readonly R[]): R {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement must return a user');
  return row;
}
