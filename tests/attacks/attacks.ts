import type { TestClock } from '@mawid/service-kit/testing';
import { type AttackResult, runAttack } from './attack.ts';
import { addressOf, neighbourOf, strangerOf } from './numbers.ts';
import { runAll } from './tally.ts';
import type { Target } from './target.ts';

const atOnce = 8;

/** Resends without end, each with a few guesses. */
export function resend(target: Target, { resends, guesses }: { resends: number; guesses: number }) {
  const name = `${resends} resends × ${guesses} guesses on one number, within a minute`;
  return runAttack({ name, elsewhere: guessedElsewhere(resends * guesses), target }, ({ requestCode, guess }) =>
    runAll(range(resends), 1, async () => {
      const { requestId } = await requestCode({ phoneNumber: strangerOf(1), address: addressOf(1) });
      if (requestId !== '') await guess(requestId, guesses, addressOf(1));
    }),
  );
}

/** The same by somebody who waits as long as told, for days, and solves every puzzle. */
export function resendPatiently(
  target: Target,
  { resends, guesses, clock }: { resends: number; guesses: number; clock: TestClock },
) {
  const name = `${resends} resends × ${guesses} guesses on one number, waiting as long as told`;
  const plan = { name, elsewhere: guessedElsewhere(resends * guesses), target, solves: true };
  return runAttack(plan, async ({ requestCode, guess }) => {
    const order = { phoneNumber: strangerOf(2), address: addressOf(2) };
    for (let [sent, tries] = [0, 0]; sent < resends && tries < 10 * resends; tries += 1) {
      const { requestId, retryAfter } = await requestCode(order);
      if (requestId !== '') {
        sent += 1;
        await guess(requestId, guesses, order.address);
      } else clock.advance(Math.max(1, retryAfter) * 1_000);
    }
  });
}

const guessedElsewhere = (count: number): string => `all ${count} guesses are compared: a new code brings new guesses`;

/** One number, asked for from everywhere at once. */
export function floodNumber(target: Target, { addresses }: { addresses: number }): Promise<AttackResult> {
  const name = `${addresses} addresses × 1 number`;
  const elsewhere = `${addresses - 1} of ${addresses} are sent`;
  return runAttack({ name, elsewhere, target }, ({ requestCode }) =>
    runAll(range(addresses), atOnce, async (index) => {
      await requestCode({ phoneNumber: strangerOf(100_000), address: addressOf(index) });
    }),
  );
}

/** A few wrong codes on each of many numbers, so that no number's own limit is met. */
export function spray(
  target: Target,
  { numbers, guesses }: { numbers: number; guesses: number },
): Promise<AttackResult> {
  const name = `${guesses} wrong codes on each of ${numbers} numbers, from ${numbers} addresses`;
  const elsewhere = `${numbers} are sent, ${3 * numbers} guesses compared: three for each code`;
  return runAttack({ name, elsewhere, target }, ({ requestCode, guess }) =>
    runAll(range(numbers), atOnce, async (index) => {
      const address = addressOf(10_000 + index);
      const { requestId } = await requestCode({ phoneNumber: strangerOf(200_000 + index), address });
      if (requestId !== '') await guess(requestId, guesses, address);
    }),
  );
}

/** Numbers side by side, as the one who is paid for them has, from everywhere. */
export function pump(target: Target, { addresses, solves }: { addresses: number; solves: boolean }) {
  const name = `${addresses} adjacent numbers, each from an address of its own${solves ? ', solving every puzzle' : ''}`;
  const plan = { name, elsewhere: `all ${addresses} are sent`, target, solves };
  return runAttack(plan, ({ requestCode }) =>
    runAll(range(addresses), atOnce, async (index) => {
      const address = addressOf((solves ? 25_000 : 20_000) + index);
      await requestCode({ phoneNumber: neighbourOf(solves ? '59877' : '59876', index), address });
    }),
  );
}

/** One address that asks for everybody, and solves the puzzles or does not. */
export function enumerate(target: Target, { numbers, solves }: { numbers: number; solves: boolean }) {
  const name = `1 address × ${numbers} numbers${solves ? ', solving every puzzle' : ''}`;
  const elsewhere = 'an address has a limit there too';
  return runAttack({ name, elsewhere, target, solves }, ({ requestCode }) =>
    runAll(range(numbers), atOnce, async (index) => {
      const first = solves ? 400_000 : 300_000;
      await requestCode({ phoneNumber: strangerOf(first + index), address: addressOf(solves ? 30_001 : 30_000) });
    }),
  );
}

/** The same, with another X-Forwarded-For each time, sent by somebody who is no proxy of ours. */
export function spoof(target: Target, { numbers }: { numbers: number }): Promise<AttackResult> {
  const name = `${numbers} numbers, each with another X-Forwarded-For, by no proxy of ours`;
  const elsewhere = `all ${numbers} are sent where the left-most address is believed`;
  return runAttack({ name, elsewhere, target }, ({ requestCode }) =>
    runAll(range(numbers), atOnce, async (index) => {
      await requestCode({ phoneNumber: strangerOf(500_000 + index), address: addressOf(40_000 + index) });
    }),
  );
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
