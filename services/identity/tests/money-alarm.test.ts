import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, flood, lonelyPhone, tally } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

const hour = 3_600_000;
const alarms: unknown[] = [];
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_PROVIDER: 'authentica', OTP_COSTS: 'sms:*:10', OTP_SMS_MONEY_PER_DAY: '1000' });
  const { logger } = identity.ctx;
  Object.assign(identity.ctx, {
    logger: Object.assign(Object.create(logger), { error: (details: unknown) => alarms.push(details) }),
  });
});
afterAll(() => identity?.close());

const metric = async (name: string) => (await identity.ctx.telemetry.metrics.getSingleMetric(name)?.get())?.values;

describe('the alarm when the money for codes is spent', () => {
  it('is raised once, by the last message there is money for', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => flood(1, () => ask(identity))));
    expect(tally(outcomes.flat())).toEqual({ sent: 80, CODE_SENDING_PAUSED: 20 });
    expect(alarms).toEqual([{ channel: 'sms', halalas: 800, limit: 800 }]);
    expect(await metric('mawid_identity_full_budgets_total')).toEqual([{ labels: { axis: 'money' }, value: 20 }]);
    const paused = (await metric('mawid_identity_codes_total'))?.find(({ labels }) => labels.outcome === 'paused');
    expect(paused?.value).toBe(20);
  });

  it('shows how much is spent', async () => {
    identity.clock.advance(27 * hour);
    for (let sent = 0; sent < 5; sent++) await ask(identity, { phone: lonelyPhone() });
    expect(await metric('mawid_identity_code_money_ratio')).toEqual([{ labels: { channel: 'sms' }, value: 0.05 }]);
  });
});
