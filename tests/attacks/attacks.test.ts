import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIdentity } from '../../services/identity/tests/identity-fixture.ts';
import type { AttackResult } from './attack.ts';
import { startAttackedStack } from './attack-stack.ts';
import { enumerate, floodNumber, pump, resend, resendPatiently, spoof, spray } from './attacks.ts';
import { createLocalTarget } from './local-target.ts';
import type { RestTarget } from './rest-target.ts';

// What `npm run attack` does, at a smaller size and with the same bounds. The limits are the defaults.
const reasonsOf = ({ requests }: AttackResult): string[] => requests.refusals().map(([outcome]) => outcome);

describe('attacks on a whole system', () => {
  let target: RestTarget;

  beforeAll(async () => {
    target = await startAttackedStack({ OTP_RESEND_COOLDOWN_SECONDS: '0' });
  }, 120_000);

  afterAll(() => target?.close());

  it('A2: one number gets five messages in its window, however many addresses ask', async () => {
    const result = await floodNumber(target, { addresses: 60 });
    expect([result.requests.total, result.damage.sent]).toEqual([60, 5]);
    expect(reasonsOf(result)).toContainEqual(expect.stringContaining('CODE_BUDGET_SPENT'));
  });

  it('A4: adjacent numbers get twenty messages together, from wherever they are asked for', async () => {
    const results = [
      await pump(target, { addresses: 80, solves: false }),
      await pump(target, { addresses: 40, solves: true }),
    ];
    for (const { damage } of results) {
      expect(damage.sent).toBeGreaterThan(0);
      expect(damage.sent).toBeLessThanOrEqual(20);
    }
  });

  it('A3: an address gets ten codes in a minute, then puzzles, then 429', async () => {
    const result = await enumerate(target, { numbers: 100, solves: false });
    expect(result.damage.sent).toBeLessThanOrEqual(10);
    expect(result.requests.of('CHALLENGE_REQUIRED')).toBeGreaterThan(0);
    expect(reasonsOf(result)).toContainEqual(expect.stringContaining('CODE_BUDGET_SPENT'));
  });

  it('A7: guessing on very many numbers ends in puzzles for all strangers before the 200th', async () => {
    const result = await spray(target, { numbers: 200, guesses: 5 });
    expect(result.requests.of('CHALLENGE_REQUIRED')).toBeGreaterThan(0);
    expect(result.damage.sent).toBeLessThan(200);
    expect(result.damage.guesses).toBeLessThanOrEqual(5 * result.damage.sent);
  }, 240_000);

  it('costs what the table says', async () => {
    const [row] = await target.query("SELECT sum(n) AS spent FROM budgets, unnest(counts) n WHERE axis = 'money'");
    expect(Number(row?.spent)).toBe((await target.readDamage()).halalas);
  });
});

describe('attacks by somebody who is no proxy of ours', () => {
  let target: RestTarget;

  beforeAll(async () => {
    target = await startAttackedStack({ OTP_RESEND_COOLDOWN_SECONDS: '0', TRUSTED_PROXIES: '192.0.2.0/24' });
  }, 120_000);

  afterAll(() => target?.close());

  it('A6: another X-Forwarded-For for each code is still one address', async () => {
    const result = await spoof(target, { numbers: 40 });
    expect(result.damage.sent).toBeLessThanOrEqual(10);
    expect(result.requests.of('CHALLENGE_REQUIRED')).toBeGreaterThan(0);
  });
});

describe('attacks on one number, for as long as it takes', () => {
  it('O5: 50 resends bring 15 guesses in an hour, 30 in a day, 100 in a row, to whoever waits and solves', async () => {
    const fixture = await startIdentity({ OTP_PROVIDER: 'authentica', CHALLENGE_COST: '1' });
    try {
      const target = createLocalTarget(fixture);
      const hasty = await resend(target, { resends: 50, guesses: 3 });
      expect([hasty.damage.sent, hasty.damage.guesses]).toEqual([1, 3]);
      const patient = await resendPatiently(target, { resends: 50, guesses: 3, clock: fixture.clock });
      expect([patient.damage.sent, patient.guesses.total]).toEqual([50, 150]);
      expect(patient.damage.guesses).toBeLessThanOrEqual(100);
    } finally {
      await fixture.close();
    }
  }, 240_000);
});
