import type { Queryable } from '@mawid/service-kit';

/**
 * Forgets all wrong guesses at a phone's codes, of strangers and of known devices. A phone's lanes are locked in the order of their
 * names, here and where a code is used up: two who lock several in different orders would wait for each other for ever.
 */
export async function unlockPhone(on: Queryable, phoneNumber: string): Promise<void> {
  await on.query({
    name: 'guess_budgets.unlock',
    text: `WITH locked AS (SELECT lane FROM guess_budgets WHERE phone_number = $1 ORDER BY lane FOR UPDATE)
           DELETE FROM guess_budgets g USING locked WHERE g.phone_number = $1 AND g.lane = locked.lane`,
    values: [phoneNumber],
  });
}
