import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, flood, knownDevice, lonelyPhone, tally } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

const hour = 3_600_000;
const alarms: unknown[] = [];
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_PROVIDER: 'authentica',
    OTP_COUNTRIES: 'SA,OM',
    OTP_COSTS: 'sms:968:30,sms:*:10',
    OTP_SMS_MONEY_PER_DAY: '1000',
  });
  const { logger } = identity.ctx;
  Object.assign(identity.ctx, {
    logger: Object.assign(Object.create(logger), { error: (details: unknown) => alarms.push(details) }),
  });
});
afterAll(() => identity?.close());
beforeEach(() => {
  alarms.length = 0;
  identity.clock.advance(27 * hour);
});

const metric = async (name: string) => (await identity.ctx.telemetry.metrics.getSingleMetric(name)?.get())?.values;

describe('the alarm when the money for codes is spent', () => {
  it('is raised once, when there is no more for the dearest message', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => flood(1, () => ask(identity))));
    expect(tally(outcomes.flat())).toEqual({ sent: 80, CODE_SENDING_PAUSED: 20 });
    expect(alarms).toEqual([{ channel: 'sms', halalas: 780, limit: 800 }]);
    expect(await metric('mawid_identity_full_budgets_total')).toEqual([{ labels: { axis: 'money' }, value: 20 }]);
    const paused = (await metric('mawid_identity_codes_total'))?.find(({ labels }) => labels.outcome === 'paused');
    expect(paused?.value).toBe(20);
  });

  it('is raised once for strangers and once for all, also where it is known devices that spend it', async () => {
    const omani = (index: number) => `+9689${2000 + index}001`;
    const devices: string[] = [];
    for (let owner = 0; owner < 25; owner++) devices.push(await knownDevice(identity, omani(owner)));
    identity.clock.advance(27 * hour);
    alarms.length = 0;
    await flood(5, () => ask(identity));
    const outcomes = await flood(50, (index) => {
      if (index === 25) identity.clock.advance(61_000);
      return ask(identity, { phone: omani(index % 25), device: devices[index % 25] ?? '' });
    });
    expect(tally(outcomes)).toEqual({ sent: 31, CODE_SENDING_PAUSED: 19 });
    expect(alarms).toEqual([
      { channel: 'sms', halalas: 800, limit: 800 },
      { channel: 'sms', halalas: 980, limit: 1000 },
    ]);
    expect(await flood(1, () => ask(identity))).toEqual(['CODE_SENDING_PAUSED']);
  });

  it('shows how much is spent', async () => {
    for (let sent = 0; sent < 5; sent++) await ask(identity, { phone: lonelyPhone() });
    expect(await metric('mawid_identity_code_money_ratio')).toEqual([{ labels: { channel: 'sms' }, value: 0.05 }]);
  });
});
