import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countRightCheck, countWrongCheck } from '../src/db/check-counts.ts';
import { startWatchSpraying } from '../src/jobs/watch-spraying.ts';
import { isSprayed } from '../src/risk/spraying.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_CHALLENGE_SCORE: '40', OTP_DENY_SCORE: '90' });
});
afterAll(() => identity?.close());

const from = (address: string) => ({ headers: { 'x-client-address': address } });
const sprayed = () => isSprayed(identity.ctx, identity.ctx.database);

async function guess(phoneNumber: string, times: number, address: string): Promise<void> {
  const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber }, from(address));
  const code = wrong(await identity.codeOf(requestId));
  for (let turn = 0; turn < times; turn++)
    await refusalOf(identity.auth.verifyPhoneCode({ requestId, code }, from(address)));
}

/** Numbers far from each other, as a list of real ones would have them. */
const phoneAt = (index: number) => `+9665${String(1_000_003 + index * 47_011).padStart(8, '0')}`;

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

/** What the gauge says after a look at it: a job looks once as soon as it starts, and closing it waits for that. */
async function gauge(): Promise<number | undefined> {
  await startWatchSpraying(identity.ctx).close();
  return (await identity.ctx.metrics.sprayed.get()).values[0]?.value;
}

describe('isSprayed', () => {
  it('A7: five wrong codes at each of 2,000 phones raise the alarm before number 200', async () => {
    const owner = identity.newPhone();
    const device = await knownDevice(owner);
    identity.clock.advance(minute);
    let phones = 0;
    while (phones < 2_000 && !(await sprayed())) await guess(phoneAt(phones), 5, `198.51.${++phones}.1`);
    expect(phones).toBe(60);
    expect(await gauge()).toBe(1);
    const stranger = identity.auth.requestPhoneCode({ phoneNumber: phoneAt(phones) }, from('198.51.100.1'));
    expect(await refusalOf(stranger)).toBe('CHALLENGE_REQUIRED');
    const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber: owner }, device);
    const code = await identity.codeOf(requestId);
    expect((await identity.auth.verifyPhoneCode({ requestId, code }, device)).access).not.toBe('');
    identity.clock.advance(11 * minute);
    expect(await sprayed()).toBe(false);
    expect(await gauge()).toBe(0);
  });

  it('A7: is not raised by people who mistype, however many', async () => {
    const { database } = identity.ctx;
    const now = identity.clock.now();
    const right = Array.from({ length: 1_200 }, () => countRightCheck(database, now));
    const mistyped = Array.from({ length: 400 }, () => countWrongCheck(database, undefined, now));
    await Promise.all([...right, ...mistyped]);
    expect(await sprayed()).toBe(false);
  });

  it('counts every check of many at once', async () => {
    identity.clock.advance(11 * minute);
    const { database } = identity.ctx;
    const now = identity.clock.now();
    await Promise.all(Array.from({ length: 299 }, () => countWrongCheck(database, '192.0.2.9', now)));
    expect(await sprayed()).toBe(false);
    await countWrongCheck(database, '192.0.2.9', now);
    expect(await sprayed()).toBe(true);
    expect(
      await identity.rows("SELECT sum(wrong)::int AS wrong FROM wrong_checks WHERE network = '192.0.2.9'"),
    ).toEqual([{ wrong: 300 }]);
  });
});
