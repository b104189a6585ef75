import { insertEvents, type Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import { sumUses } from '../domain/budget.ts';
import { type Notice, securityNotice } from './security-notice.ts';

const windowMs = 24 * 3_600_000;
const mostPerDay = 10;

/**
 * Has a person told of what anybody who holds their account can make happen over and over. Each notice is a message that costs money:
 * after the tenth of a day nothing more is told, and the audit log has the rest. To be called after all other locks are taken: a
 * budget's row is the last, as everywhere.
 */
export async function tellUser(ctx: Context, tx: Transaction, notice: Notice): Promise<void> {
  const { now, user } = notice;
  const [uses] = await addUses(tx, [{ axis: 'notice', key: user.id, cost: 1, windowMs }], now);
  if (uses && sumUses(uses, now, windowMs) > mostPerDay) {
    ctx.metrics.fullBudgets.inc({ axis: 'notice' });
    return;
  }
  await insertEvents(tx, [securityNotice(notice)]);
}
