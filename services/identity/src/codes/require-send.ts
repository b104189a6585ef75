import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { CodePurpose } from '../crypto/one-time-code.ts';
import { listSends, takeSend } from '../db/send-budgets.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { refuseSend, type SendRefusal } from '../domain/send-budget.ts';
import { errors } from '../errors.ts';

export interface Send {
  phone: PhoneNumber;
  purpose: CodePurpose;
  now: Date;
}

/** Takes a send from the phone's budget, which all purposes and channels share, or says how long to wait. */
export async function requireSend({ config, metrics }: Context, on: Queryable, send: Send): Promise<void> {
  const { phone, purpose, now } = send;
  if (await takeSend(on, phone.e164, now, config.sends)) return;
  // The send that stood in the way may have left the window since.
  const soon: SendRefusal = { reason: 'CODE_COOLDOWN', retryAfterSeconds: 1 };
  const refusal = refuseSend(await listSends(on, phone.e164), now, config.sends) ?? soon;
  metrics.codes.inc({ purpose, outcome: refusal.reason === 'CODE_COOLDOWN' ? 'cooldown' : 'budget_spent' });
  throw errors.sendRefused(refusal);
}
