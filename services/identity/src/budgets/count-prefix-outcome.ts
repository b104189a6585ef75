import type { Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import type { SentCode } from '../db/undelivered-codes.ts';
import { prefixOf } from '../domain/phone-number.ts';

/** What became of a prefix' codes, beside the axis `prefix`, which counts those sent. */
export const prefixOutcomes = { verified: 'prefix-verified', undelivered: 'prefix-undelivered' } as const;

/**
 * Notes that a code came back, or that its message never arrived. Known devices' codes are in neither count: they are not among
 * those sent either. Last in its transaction: neighbours wait for the row.
 */
export async function countPrefixOutcome(
  { config }: Pick<Context, 'config'>,
  tx: Transaction,
  { code, outcome, now }: { code: SentCode; outcome: keyof typeof prefixOutcomes; now: Date },
): Promise<void> {
  if (code.lane !== '') return;
  const { windowMs } = config.budgets.prefix;
  await addUses(tx, [{ axis: prefixOutcomes[outcome], key: prefixOf(code.phone_number), cost: 1, windowMs }], now);
}
