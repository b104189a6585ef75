import type { Context } from '../context.ts';
import type { MoneyConfig } from './budget-settings.ts';
import type { Claim } from './claim.ts';

/**
 * Shows how much of the day's money is gone, and raises the alarm with the message after which strangers, or anybody, may find
 * none for the next, whoever that message is for. That is one message in the whole system, so the alarm is one as well.
 */
export function tellMoneyUsed(
  { config, metrics, logger }: Context,
  claims: readonly Claim[],
  used: ReadonlyMap<string, number>,
): void {
  const claim = claims.find(({ axis }) => axis === 'money');
  const total = used.get('money');
  if (claim === undefined || total === undefined) return;
  const channel = claim.key as 'sms' | 'whatsapp';
  const { money } = config.budgets;
  metrics.moneyUsed.set({ channel }, total / money.perDay[channel]);
  const dearest = dearestOf(money, channel);
  for (const limit of [money.perDay[channel] * money.strangersShare, money.perDay[channel]]) {
    const isLast = total - claim.cost + dearest <= limit && total + dearest > limit;
    if (isLast)
      logger.error({ channel, halalas: total, limit }, 'the money for codes is spent: their sending is paused');
  }
}

// The first to find nothing left are the codes that cost most.
function dearestOf({ costs }: MoneyConfig, channel: string): number {
  return Math.max(...[...costs].filter(([name]) => name.startsWith(`${channel}:`)).map(([, cost]) => cost));
}
