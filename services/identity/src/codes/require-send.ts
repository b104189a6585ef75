import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { listSends, type NewSend, takeSend } from '../db/send-budgets.ts';
import type { Uses } from '../domain/budget.ts';
import { refuseSend, type SendRefusal } from '../domain/send-budget.ts';
import { errors } from '../errors.ts';

/** Takes a send from the lane's budget, which all purposes and channels share, or says how long to wait. */
export async function requireSend({ config }: Context, on: Queryable, send: NewSend): Promise<Uses[]> {
  const uses = await takeSend(on, send, config.sends);
  if (uses) return uses;
  // The send that stood in the way may have left the window since.
  const soon: SendRefusal = { reason: 'CODE_COOLDOWN', retryAfterSeconds: 1 };
  throw errors.sendRefused(refuseSend(await listSends(on, send), send.now, config.sends) ?? soon);
}
