import type { Context } from '../context.ts';
import type { Claim } from './claim.ts';

/**
 * Shows how much of the day's money is gone, and raises the alarm with the message after which there is none for the next. That
 * is one message in the whole system, so the alarm is one as well.
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
  metrics.moneyUsed.set({ channel }, total / config.budgets.money.perDay[channel]);
  const isLast = total + claim.cost > claim.max;
  if (isLast)
    logger.error(
      { channel, halalas: total, limit: claim.max },
      'the money for codes is spent: their sending is paused',
    );
}
