import type { HandlerContext } from '@connectrpc/connect';
import { callerOf } from '@mawid/service-kit';
import type { User } from '../domain/booking-rights.ts';

/** The signed-in user of a call that needs none. */
export function findUser(context: HandlerContext): User | undefined {
  const { userId, role } = callerOf(context);
  return userId === undefined || role === undefined ? undefined : { userId, role };
}
