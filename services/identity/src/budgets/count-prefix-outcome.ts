import type { Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import { prefixOf } from '../domain/phone-number.ts';

/** What became of a prefix' codes, beside the axis `prefix`, which counts those sent. */
export const prefixOutcomes = { verified: 'prefix-verified', undelivered: 'prefix-undelivered' } as const;

/** Notes that a code came back, or that its message never arrived. Last in its transaction: neighbours wait for the row. */
export async function countPrefixOutcome(
  { config }: Pick<Context, 'config'>,
  tx: Transaction,
  { phoneNumber, outcome, now }: { phoneNumber: string; outcome: keyof typeof prefixOutcomes; now: Date },
): Promise<void> {
  const { windowMs } = config.budgets.prefix;
  await addUses(tx, [{ axis: prefixOutcomes[outcome], key: prefixOf(phoneNumber), cost: 1, windowMs }], now);
}
