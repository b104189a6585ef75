import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MessageFailedSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import type { ReceivedEvent } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { onMessageFailed } from '../src/events/on-message-failed.ts';
import { ask, flood, knownDevice, newAddress, tally } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

const hour = 3_600_000;
let identity: IdentityFixture;
let prefixes = 0;

beforeAll(async () => {
  identity = await startIdentity({ OTP_PREFIX_SENDS: '20', OTP_PREFIX_VERIFIED_PERCENT: '20' });
});
afterAll(() => identity?.close());
beforeEach(() => {
  identity.clock.advance(27 * hour);
  prefixes++;
});

const neighbour = (index: number) => `+96658${String(prefixes).padStart(3, '0')}${String(1110 + index)}`;
const askFor = (index: number) => ask(identity, { phone: neighbour(index), address: newAddress() });

async function failed(requestId: string, kind = 'otp'): Promise<void> {
  const message = create(MessageFailedSchema, { messageId: uuidv7(), kind, referenceId: requestId, reason: 'gone' });
  const event = { message } as ReceivedEvent<typeof MessageFailedSchema>;
  await identity.ctx.database.transaction((tx) => onMessageFailed(identity.ctx)(tx, event));
}

async function signIn(index: number): Promise<void> {
  const { requestId } = await askFor(index);
  await identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });
}

describe('the numbers of one prefix', () => {
  it('A4: get 20 codes from 1,000 addresses while none comes back, until the window has passed', async () => {
    const outcomes = await flood(1_000, askFor);
    expect(tally(outcomes)).toEqual({ sent: 20, CODE_BUDGET_SPENT: 980 });
    identity.clock.advance(hour + 6 * 60_000);
    expect(await flood(1, () => askFor(2_000))).toEqual(['sent']);
  });

  it('A4: get 20 codes where 100 are asked for at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, index) => askFor(index)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  it('A4: get as many more as codes that came back justify', async () => {
    for (let index = 0; index < 6; index++) await signIn(index);
    expect(tally(await flood(40, (index) => askFor(100 + index)))).toEqual({ sent: 25, CODE_BUDGET_SPENT: 15 });
  });

  it('A4: get no more for the codes of known devices, which are not among those sent', async () => {
    const device = await knownDevice(identity, neighbour(900));
    for (let turn = 0; turn < 5; turn++) {
      const { requestId } = await ask(identity, { phone: neighbour(900), device });
      const headers = { 'x-device-id': device };
      await identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) }, { headers });
      identity.clock.advance(60_000);
    }
    expect(tally(await flood(40, (index) => askFor(index)))).toEqual({ sent: 19, CODE_BUDGET_SPENT: 21 });
  });

  it('are not held to codes that never arrived', async () => {
    for (let index = 0; index < 20; index++) {
      const { requestId } = await askFor(index);
      if (index < 5) await failed(requestId);
      // Told twice, or of something else: no matter.
      if (index < 5) await failed(requestId);
      if (index > 5) await failed(requestId, 'booking_confirmed');
    }
    expect(tally(await flood(10, (index) => askFor(100 + index)))).toEqual({ sent: 5, CODE_BUDGET_SPENT: 5 });
    const noted = await identity.rows(
      `SELECT FROM code_requests WHERE undelivered_at IS NOT NULL AND phone_number LIKE $1`,
      `${neighbour(0).slice(0, -4)}%`,
    );
    expect(noted).toHaveLength(5);
  });

  it('O6: stop no device that its owner is known on', async () => {
    const device = await knownDevice(identity, neighbour(500));
    expect(tally(await flood(30, askFor)).CODE_BUDGET_SPENT).toBeGreaterThan(0);
    const owner = { phone: neighbour(500), device };
    expect(await flood(1, () => ask(identity, owner))).toEqual(['sent']);
    expect(await flood(1, () => ask(identity, { phone: neighbour(500) }))).toEqual(['CODE_BUDGET_SPENT']);
  });
});
