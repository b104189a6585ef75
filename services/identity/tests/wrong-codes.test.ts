import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkOf } from '@mawid/service-kit';
import { countWrongCheck, deleteCheckCounts } from '../src/db/check-counts.ts';
import { readSignals } from '../src/db/risk-signals.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const from = (address: string) => ({ headers: { 'x-client-address': address } });
async function wrongFrom(address: string): Promise<number> {
  const query = { phoneNumber: '', signedDeviceId: undefined, network: networkOf(address), budgets: [] };
  return (await readSignals(identity.ctx.database, { ...query, now: identity.clock.now() })).wrongChecks;
}

async function guess(phoneNumber: string, times: number, address: string): Promise<void> {
  const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber }, from(address));
  const code = wrong(await identity.codeOf(requestId));
  for (let turn = 0; turn < times; turn++)
    await refusalOf(identity.auth.verifyPhoneCode({ requestId, code }, from(address)));
}

async function knownDevice(phoneNumber: string): Promise<{ headers: Record<string, string> }> {
  const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber });
  const code = await identity.codeOf(requestId);
  let name = '';
  const onHeader = (headers: Headers) => {
    name = headers.get('x-device-id') ?? '';
  };
  await identity.auth.verifyPhoneCode({ requestId, code }, { onHeader });
  return { headers: { 'x-device-id': name } };
}

describe('the wrong codes of a network', () => {
  it('are counted for all of a /64, and forgotten after an hour', async () => {
    const phone = identity.newPhone();
    await guess(phone, 3, '2001:db8:1:2::a');
    const { requestId } = await identity.auth.requestVerificationCode({ phoneNumber: identity.newPhone() });
    await identity.auth.verifyVerificationCode(
      { requestId, code: await identity.codeOf(requestId) },
      from('2001:db8:1:2::b'),
    );
    expect(await wrongFrom('2001:db8:1:2:ffff::1')).toBe(3);
    expect(
      await identity.rows('SELECT sum(accepted)::int AS accepted, sum(wrong)::int AS wrong FROM check_counts'),
    ).toEqual([{ accepted: 1, wrong: 3 }]);
    expect(await wrongFrom('2001:db8:1:3::a')).toBe(0);
    identity.clock.advance(60 * minute);
    expect(await wrongFrom('2001:db8:1:2::a')).toBe(0);
  });

  it('are deleted in time', async () => {
    await guess(identity.newPhone(), 1, '192.0.2.44');
    identity.clock.advance(minute);
    await deleteCheckCounts(identity.ctx.database, identity.clock.now());
    expect(await identity.rows('SELECT FROM check_counts')).toEqual([]);
    expect(await identity.rows('SELECT FROM wrong_checks')).toEqual([]);
  });
});

describe('a network with too many wrong codes', () => {
  it('is answered as before, its right codes too, costs nobody a guess, and known devices still get in', async () => {
    const phone = identity.newPhone();
    const device = await knownDevice(phone);
    const address = '192.0.2.77';
    for (let check = 0; check < 100; check++)
      await countWrongCheck(identity.ctx.database, address, identity.clock.now());
    identity.clock.advance(minute);
    // The code is asked for elsewhere: what this network asks for is challenged.
    const attempt = async (headers: Record<string, string>) => {
      const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber: phone }, { headers });
      const code = await identity.codeOf(requestId);
      const there = { headers: { ...headers, ...from(address).headers } };
      return { requestId, outcome: identity.auth.verifyPhoneCode({ requestId, code }, there) };
    };
    const blocked = await attempt({});
    expect(await refusalOf(blocked.outcome)).toBe('CODE_INVALID');
    expect(await identity.rows('SELECT attempts FROM code_requests WHERE id = $1', blocked.requestId)).toEqual([
      { attempts: 0 },
    ]);
    identity.clock.advance(minute);
    const known = await attempt(device.headers);
    expect((await known.outcome).access).not.toBe('');
  });
});
