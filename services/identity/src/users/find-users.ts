import type { Transaction } from '@mawid/service-kit';
import { findExactUser, searchUsers, type UserQuery } from '../db/search-users.ts';
import type { User } from '../domain/user.ts';

/** Who has exactly the number, on the first page; then the others. `after` is empty when only that one has been shown. */
export async function findUsers(tx: Transaction, { after, ...query }: UserQuery): Promise<User[]> {
  const { exactPhone } = query.search;
  const isFirstPage = after === undefined;
  const exact = isFirstPage && exactPhone !== undefined ? await findExactUser(tx, exactPhone, query) : undefined;
  const others = await searchUsers(tx, { ...query, after: after || undefined });
  return exact ? [exact, ...others] : others;
}
