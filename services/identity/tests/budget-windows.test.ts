import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addUses } from '../src/db/budgets.ts';
import { sumUses } from '../src/domain/budget.ts';
import { ask, lonelyPhone, newAddress, outcomeOf } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

const day = 24 * 3_600_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_ADDRESS_PER_MINUTE: '3' });
});
afterAll(() => identity?.close());

/** Whole numbers below a bound, the same ones in each run. */
function createRandom(seed: number) {
  let state = seed;
  return (bound: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * bound);
  };
}

describe('addUses', () => {
  it.each([60_000, 3_600_000, day])(
    'counts every use for a window of %d ms, and none for more than a tenth longer, by clocks that differ',
    async (windowMs) => {
      const random = createRandom(windowMs / 1000);
      const uses: number[] = [];
      let fastest = identity.clock.now().getTime();
      for (let step = 0; step < 150; step++) {
        fastest += random(10) === 0 ? random(windowMs * 2) : random(windowMs / 20);
        // Every third process is behind the others, or its clock was set back.
        const now = new Date(fastest - (step % 3 === 0 ? random(windowMs / 4) : 0));
        const cost = 1 + random(3);
        const [counted] = await addUses(
          identity.ctx.database,
          [{ axis: 'test', key: String(windowMs), cost, windowMs }],
          now,
        );
        uses.push(...new Array<number>(cost).fill(now.getTime()));
        const total = counted ? sumUses(counted, now, windowMs) : 0;
        expect(total).toBeGreaterThanOrEqual(uses.filter((at) => at > fastest - windowMs).length);
        // A tenth for the width of a part; a quarter for a use that a slow clock counts where the fastest one is, and a
        // quarter for a sum that a slow clock asks for.
        expect(total).toBeLessThanOrEqual(uses.filter((at) => at > fastest - windowMs * 1.6).length);
      }
    },
  );
});

describe('a clock that is set back', () => {
  it('gives nobody more codes, and the wait that is told is the real one', async () => {
    const { clock } = identity;
    const [phone, address] = [lonelyPhone(), newAddress()];
    await ask(identity, { phone, address });
    await ask(identity, { address });
    await ask(identity, { address });
    clock.advance(-30_000);
    expect(await outcomeOf(ask(identity, { phone }))).toBe('CODE_COOLDOWN');
    expect(await outcomeOf(ask(identity, { address }))).toBe('CODE_BUDGET_SPENT');
    clock.advance(89_000);
    expect(await outcomeOf(ask(identity, { phone }))).toBe('CODE_COOLDOWN');
    clock.advance(1_000);
    expect(await outcomeOf(ask(identity, { phone }))).toBe('sent');
  });
});
