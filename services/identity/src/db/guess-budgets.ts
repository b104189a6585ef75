import type { Queryable } from '@mawid/service-kit';

/** Forgets all wrong guesses at a phone's codes, of strangers and of known devices. */
export async function unlockPhone(on: Queryable, phoneNumber: string): Promise<void> {
  await on.query({
    name: 'guess_budgets.unlock',
    text: 'DELETE FROM guess_budgets WHERE phone_number = $1',
    values: [phoneNumber],
  });
}
