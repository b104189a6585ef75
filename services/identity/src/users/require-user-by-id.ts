import type { Context } from '../context.ts';
import { findUser } from '../db/user-states.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';

export async function requireUserById({ database }: Context, id: string): Promise<User> {
  const user = await findUser(database, id);
  if (user === undefined) throw errors.notFound();
  return user;
}
