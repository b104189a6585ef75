import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteExpiredRows } from '../src/db/expired-rows.ts';
import { useChallenge } from '../src/db/used-challenges.ts';
import { ask, lonelyPhone, newAddress, outcomeOf, tally } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_PROVIDER: 'authentica',
    OTP_RESEND_COOLDOWN_SECONDS: '0',
    OTP_MAX_PER_WINDOW: '1000',
    OTP_MAX_PER_DAY: '10000',
  });
});
afterAll(() => identity?.close());

describe('requests that share budgets in every combination', () => {
  it('never wait for each other for ever', async () => {
    const phones = Array.from({ length: 4 }, () => lonelyPhone());
    const addresses = Array.from({ length: 3 }, () => newAddress());
    const devices = ['device-a', 'device-b', undefined];
    const receipts = await Promise.all(phones.map((phone) => ask(identity, { phone })));
    const askAs = (index: number) => {
      const device = devices[(index * 7) % 3];
      const asker = { phone: phones[index % 4] ?? '', address: addresses[(index * 5) % 3] ?? '' };
      return outcomeOf(ask(identity, device ? { ...asker, device } : asker));
    };
    const checks = receipts.map(async ({ requestId }) => {
      const code = await identity.codeOf(requestId);
      return outcomeOf(identity.auth.verifyPhoneCode({ requestId, code }));
    });
    const outcomes: string[] = [];
    // More at once would wait for a connection on a busy machine, and not for each other.
    for (let round = 0; round < 5; round += 1) {
      const asks = Array.from({ length: 24 }, (_, index) => askAs(round * 24 + index));
      outcomes.push(...(await Promise.all(round === 0 ? [...asks, ...checks] : asks)));
    }
    // A code that was replaced before it was looked at is refused, and that is all that may be.
    expect(Object.keys(tally(outcomes)).filter((outcome) => !['sent', 'CODE_INVALID'].includes(outcome))).toEqual([]);
    expect(tally(outcomes).sent).toBeGreaterThanOrEqual(120);
    const [money] = await identity.rows<{ counts: number[] }>(`SELECT counts FROM budgets WHERE axis = 'money'`);
    expect(money?.counts[0]).toBe(124 * 12);
  });
});

describe('deleteExpiredRows', () => {
  it('forgets windows and puzzles that are over, and no others', async () => {
    const { clock, ctx } = identity;
    await ask(identity, { address: '198.51.100.1' });
    await useChallenge(ctx.database, Buffer.from('old'), clock.now());
    clock.advance(49 * 3_600_000);
    await ask(identity, { address: '198.51.100.2' });
    await useChallenge(ctx.database, Buffer.from('new'), new Date(clock.now().getTime() + 600_000));
    await deleteExpiredRows(ctx.database, new Date(clock.now().getTime() - 1000));
    const keys = await identity.rows<{ key: string }>(`SELECT key FROM budgets WHERE axis = 'address-minute'`);
    expect(keys).toEqual([{ key: '198.51.100.2' }]);
    expect(await identity.rows('SELECT signature FROM used_challenges')).toEqual([{ signature: Buffer.from('new') }]);
  });
});
