import type { Transaction } from '@mawid/service-kit';
import type { Role, User, UserState } from '../domain/user.ts';
import type { UserSearch } from '../domain/user-search.ts';
import { toUser, type UserRow, userColumns } from './users.ts';

export interface UserFilter {
  role: Role | undefined;
  state: UserState | undefined;
}

export interface UserQuery extends UserFilter {
  search: UserSearch;
  /** The last user of the page before. */
  after: string | undefined;
  limit: number;
}

const stateOf = `CASE WHEN u.suspended_at IS NOT NULL THEN 'suspended' WHEN u.verified_at IS NULL THEN 'provisional' ELSE 'active' END`;

// The words of the partial indexes beside the state itself, for the planner proves nothing about a CASE.
const stateConditions: Record<UserState, string> = {
  suspended: 'u.suspended_at IS NOT NULL',
  provisional: 'u.suspended_at IS NULL AND u.verified_at IS NULL',
  active: 'u.suspended_at IS NULL AND u.verified_at IS NOT NULL',
};

// The trigrams are what the index knows; the position is what is meant, and is the cheaper one to look at where no index is asked.
const holdsPart = '(strpos(u.search_text, $2::text) > 0 AND trigrams_of(u.search_text) @> trigrams_of($2::text))';
const conditions = {
  all: '$1::text IS NULL AND $2::text IS NULL',
  part: `$1::text IS NULL AND ${holdsPart}`,
  // Each arm has an index of its own. An OR would make the planner walk through all users in their order now and then.
  number: `u.id IN (SELECT n.id FROM users n WHERE reverse(n.phone_number) COLLATE "C" LIKE $1::text
                     UNION SELECT p.id FROM users p WHERE ${holdsPart.replaceAll('u.', 'p.')})`,
} as const;

/** The user with exactly this number, where the filter lets them through. */
export async function findExactUser(
  tx: Transaction,
  phoneNumber: string,
  filter: UserFilter,
): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.search_exact',
    text: `SELECT ${userColumns} FROM users u
            WHERE u.phone_number = $1 AND ($2::text IS NULL OR u.role = $2) AND ($3::text IS NULL OR ${stateOf} = $3)`,
    values: [phoneNumber, filter.role, filter.state],
  });
  return rows[0] && toUser(rows[0]);
}

/** Users who hold what is searched for, newest first, without the one of the exact number. */
export async function searchUsers(tx: Transaction, { search, role, state, after, limit }: UserQuery): Promise<User[]> {
  // A plan for any text would read a million users for a rare one.
  await tx.query({ name: 'plan_cache.off', text: 'SET LOCAL plan_cache_mode = force_custom_plan' });
  const { phoneEnd, part, exactPhone } = search;
  const kind = phoneEnd !== undefined ? 'number' : part !== undefined ? 'part' : 'all';
  const { rows } = await tx.query<UserRow>({
    name: `users.search_${kind}_${state ?? 'any'}`,
    text: `SELECT ${userColumns} FROM users u
            WHERE ${conditions[kind]} AND ($3::text IS NULL OR u.role = $3) AND ${state ? stateConditions[state] : 'true'}
              AND ($4::text IS NULL OR u.phone_number <> $4) AND ($5::uuid IS NULL OR u.id < $5)
            ORDER BY u.id DESC LIMIT $6`,
    values: [phoneEnd && `${reverse(phoneEnd)}%`, part, role, exactPhone, after, limit],
  });
  return rows.map(toUser);
}

function reverse(digits: string): string {
  return [...digits].reverse().join('');
}
