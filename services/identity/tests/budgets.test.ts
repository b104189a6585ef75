import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { ask, flood, knownDevice, lonelyPhone, newAddress, tally } from './budget-fixture.ts';
import { errorOf, type IdentityFixture, startIdentity } from './identity-fixture.ts';

const minute = 60_000;
const hour = 60 * minute;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_PROVIDER: 'authentica',
    OTP_ADDRESS_PER_MINUTE: '10',
    OTP_ADDRESS_PER_HOUR: '25',
    OTP_DEVICE_PER_HOUR: '10',
    OTP_PREFIX_SENDS: '20',
    OTP_COUNTRIES: 'SA,AE,KW,OM',
    OTP_DIAL_CODE_DAILY: '971:7,*:100000',
    OTP_COSTS: 'sms:968:100,sms:*:0,whatsapp:968:10,whatsapp:*:0',
    OTP_SMS_MONEY_PER_DAY: '1000',
    OTP_WHATSAPP_MONEY_PER_DAY: '200',
  });
});
afterAll(() => identity?.close());
// Nothing of one test is left in any window when the next begins.
beforeEach(() => identity.clock.advance(27 * hour));

const emirati = (index: number) => `+9715012${String(index).padStart(2, '0')}001`;
const omani = (index: number) => `+9689${String(2000 + index)}001`;
const moment = () => identity.clock.now().getTime();

async function waitOf(call: Promise<unknown>): Promise<number> {
  const seconds = (await errorOf(call)).findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds;
  return Number(seconds ?? 0) * 1000;
}

describe('each budget alone stops a flood', () => {
  it('A1: of one phone: 5 in 15 minutes and 10 in a day', async () => {
    const phone = lonelyPhone();
    const outcomes = await flood(30, () => {
      identity.clock.advance(minute);
      return ask(identity, { phone });
    });
    expect(tally(outcomes.slice(0, 15))).toEqual({ sent: 5, CODE_BUDGET_SPENT: 10 });
    expect(tally(outcomes)).toEqual({ sent: 10, CODE_BUDGET_SPENT: 20 });
    const wait = await waitOf(ask(identity, { phone }));
    expect(wait).toBeGreaterThan(23 * hour);
    identity.clock.advance(wait - 1000);
    expect(await flood(1, () => ask(identity, { phone }))).toEqual(['CODE_BUDGET_SPENT']);
    identity.clock.advance(1000);
    expect(await flood(1, () => ask(identity, { phone }))).toEqual(['sent']);
  });

  it('A2: of one phone from 200 addresses: 5 in 10 minutes', async () => {
    const phone = lonelyPhone();
    const outcomes = await flood(200, () => {
      identity.clock.advance(3000);
      return ask(identity, { phone, address: newAddress() });
    });
    expect(tally(outcomes).sent).toBe(5);
  });

  it('A1: of one address', async () => {
    const address = newAddress();
    expect(tally(await flood(15, () => ask(identity, { address })))).toEqual({ sent: 10, CODE_BUDGET_SPENT: 5 });
    identity.clock.advance(await waitOf(ask(identity, { address })));
    expect(tally(await flood(15, () => ask(identity, { address })))).toEqual({ sent: 10, CODE_BUDGET_SPENT: 5 });
    identity.clock.advance(2 * minute);
    expect(tally(await flood(15, () => ask(identity, { address })))).toEqual({ sent: 5, CODE_BUDGET_SPENT: 10 });
    const error = await errorOf(ask(identity, { address }));
    expect(error.metadata.get('ratelimit-policy')).toBe('"address-hour";q=25;w=3600');
    expect(error.metadata.get('ratelimit')).toMatch(/^"address-hour";r=0;t=\d+$/);
  });

  it('A1: of one IPv6 network, whatever its addresses are, and not of its neighbour', async () => {
    const attempt = (index: number) => ask(identity, { address: `2001:db8:7:1::${(index + 1).toString(16)}` });
    expect(tally(await flood(15, attempt))).toEqual({ sent: 10, CODE_BUDGET_SPENT: 5 });
    expect(await flood(1, () => ask(identity, { address: '2001:db8:7:2::1' }))).toEqual(['sent']);
  });

  it('A1: of one device', async () => {
    const outcomes = await flood(15, () => ask(identity, { device: 'a-device-of-its-own-naming' }));
    expect(tally(outcomes)).toEqual({ sent: 10, CODE_BUDGET_SPENT: 5 });
    expect(await flood(1, () => ask(identity, { device: 'another-device' }))).toEqual(['sent']);
  });

  it('A1: of one dial code in a day', async () => {
    const outcomes = await flood(12, (index) => ask(identity, { phone: emirati(index) }));
    expect(tally(outcomes)).toEqual({ sent: 7, CODE_BUDGET_SPENT: 5 });
    expect(await flood(1, () => ask(identity))).toEqual(['sent']);
    identity.clock.advance(await waitOf(ask(identity, { phone: emirati(50) })));
    expect(await flood(1, () => ask(identity, { phone: emirati(51) }))).toEqual(['sent']);
  });

  it('A1: of money: strangers have four fifths of it, known devices all, WhatsApp its own', async () => {
    const device = await knownDevice(identity, omani(90));
    identity.clock.advance(27 * hour);
    const outcomes = await flood(10, (index) => ask(identity, { phone: omani(index) }));
    expect(tally(outcomes)).toEqual({ sent: 8, CODE_SENDING_PAUSED: 2 });
    const known = await flood(4, () => {
      identity.clock.advance(minute);
      return ask(identity, { phone: omani(90), device });
    });
    expect(tally(known)).toEqual({ sent: 2, CODE_SENDING_PAUSED: 2 });
    const other = { phone: omani(60), channel: CodeChannel.WHATSAPP };
    expect(await flood(1, () => ask(identity, other))).toEqual(['sent']);
    expect(await flood(1, () => ask(identity))).toEqual(['sent']);
    const pausedAt = moment();
    identity.clock.advance(await waitOf(ask(identity, { phone: omani(61) })));
    expect(moment() - pausedAt).toBeGreaterThan(20 * hour);
    expect(await flood(1, () => ask(identity, { phone: omani(62) }))).toEqual(['sent']);
  });
});

describe('budgets', () => {
  it('A9: let exactly 10 of 100 parallel requests through', async () => {
    const address = newAddress();
    const ofAddress = await Promise.allSettled(Array.from({ length: 100 }, () => ask(identity, { address })));
    expect(ofAddress.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const device = 'one-device-in-a-hurry';
    const ofDevice = await Promise.allSettled(Array.from({ length: 100 }, () => ask(identity, { device })));
    expect(ofDevice.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('A9: let exactly as much money be spent as there is by 50 parallel requests', async () => {
    const asked = Array.from({ length: 50 }, (_, index) => ask(identity, { phone: omani(100 + index) }));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  });

  it('tell the wait of whatever is full for longest, after which the code is sent', async () => {
    const [phone, address, device] = [lonelyPhone(), newAddress(), 'a-device-that-waits'];
    await flood(9, () => ask(identity, { address }));
    await flood(9, () => ask(identity, { device }));
    await ask(identity, { phone, address, device });
    const wait = await waitOf(ask(identity, { phone, address, device }));
    // The phone is free in a minute, the address in little more.
    expect(wait).toBeGreaterThan(50 * minute);
    identity.clock.advance(wait - 1000);
    expect(await flood(1, () => ask(identity, { phone, address, device }))).toEqual(['CODE_BUDGET_SPENT']);
    identity.clock.advance(1000);
    expect(await flood(1, () => ask(identity, { phone, address, device }))).toEqual(['sent']);
  });

  it('cost nothing where a request is refused', async () => {
    const [phone, address] = [lonelyPhone(), newAddress()];
    await ask(identity, { phone, address });
    const used = () => identity.rows('SELECT axis, key, counts FROM budgets WHERE key = $1 ORDER BY axis', address);
    const before = await used();
    expect(tally(await flood(5, () => ask(identity, { phone, address })))).toEqual({ CODE_COOLDOWN: 5 });
    expect(await used()).toEqual(before);
  });

  it('cost no money with a stand-in for a provider', async () => {
    const { money } = identity.ctx.config.budgets;
    const { costs } = money;
    Object.assign(money, { costs: new Map() });
    const outcomes = await flood(12, (index) => ask(identity, { phone: omani(200 + index) }));
    Object.assign(money, { costs });
    expect(tally(outcomes)).toEqual({ sent: 12 });
  });
});
