import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { createTestTransport } from '@mawid/service-kit/testing';
import { routes } from '../src/rpc/index.ts';
import { ask, flood, knownDevice, lonelyPhone, newAddress, outcomeOf, solve, tally } from './budget-fixture.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mawid-networks-'));
  const file = join(folder, 'networks.csv');
  writeFileSync(
    file,
    'network,asn,kind\n203.0.113.0/24,64500,hosting\n192.0.2.0/24,64501,tor\n100.64.0.0/10,64502,mobile\n',
  );
  identity = await startIdentity({
    NETWORKS_FILE: file,
    OTP_OPERATOR_PER_HOUR: '10',
    OTP_CHALLENGE_SCORE: '40',
    OTP_DENY_SCORE: '90',
    OTP_ADDRESS_SOFT_PER_MINUTE: '10',
    OTP_SPRAY_WRONG: '20',
    OTP_GUESSES_PER_HOUR: '15',
    CHALLENGE_COST: '1',
  });
});
afterAll(async () => {
  await identity?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => identity.clock.advance(2 * 60 * minute));

const lines = (phone: string) =>
  identity.rows(
    `SELECT outcome, reason, details - 'request_id' AS details, details ? 'request_id' AS has_id, address
       FROM audit_log WHERE kind = 'code_requested' AND phone_number = $1 ORDER BY id`,
    phone,
  );

describe('the risk of an attempt', () => {
  it('is kept with the code and in the audit log, with its reasons', async () => {
    const phone = lonelyPhone();
    const { requestId } = await ask(identity, { phone, address: '203.0.113.7', device: 'own-name' });
    expect(
      await identity.rows('SELECT risk_score, risk_reasons, lane FROM code_requests WHERE id = $1', requestId),
    ).toEqual([{ risk_score: 35, risk_reasons: ['device_unsigned', 'network_hosting'], lane: '' }]);
    // Nobody solves a puzzle to be told to wait.
    expect(await outcomeOf(ask(identity, { phone, address: '192.0.2.7' }))).toBe('CODE_COOLDOWN');
    identity.clock.advance(minute);
    expect(await outcomeOf(ask(identity, { phone, address: '192.0.2.7' }))).toBe('CHALLENGE_REQUIRED');
    const shared = { purpose: 'auth', channel: 'sms' };
    const [sent, tooSoon, challenged] = await lines(phone);
    expect(tooSoon).toMatchObject({ outcome: 'refused', reason: 'CODE_COOLDOWN' });
    expect([sent, challenged]).toEqual([
      {
        ...{ outcome: 'ok', reason: '', has_id: true, address: '203.0.113.7' },
        details: { ...shared, decision: 'allow', score: '35', reasons: 'device_unsigned,network_hosting' },
      },
      {
        ...{ outcome: 'refused', reason: 'CHALLENGE_REQUIRED', has_id: false, address: '192.0.2.7' },
        details: { ...shared, decision: 'challenge', score: '70', reasons: 'device_unnamed,network_tor' },
      },
    ]);
  });

  it('has a line for every refusal', async () => {
    const phone = lonelyPhone();
    await ask(identity, { phone });
    await flood(2, () => ask(identity, { phone }));
    await refusalOf(identity.auth.requestVerificationCode({ phoneNumber: phone }));
    const reasons = (await lines(phone)) as { reason: string }[];
    expect(reasons.map(({ reason }) => reason)).toEqual(['', 'CODE_COOLDOWN', 'CODE_COOLDOWN', 'CODE_COOLDOWN']);
  });

  it('denies what is worst, whatever is solved', async () => {
    const address = '192.0.2.9';
    for (let sent = 0; sent < 10; sent++) {
      const solution = await solve((await identity.auth.getChallenge({})).puzzle);
      await ask(identity, { address, solution, device: `device-${sent}` });
    }
    const solution = await solve((await identity.auth.getChallenge({})).puzzle);
    expect(await outcomeOf(ask(identity, { address: '192.0.2.10', solution }))).toBe('CODE_BUDGET_SPENT');
    const phone = lonelyPhone();
    expect(await outcomeOf(ask(identity, { phone, address, solution }))).toBe('CODE_BUDGET_SPENT');
    expect(await lines(phone)).toMatchObject([{ details: { decision: 'deny', score: '100' } }]);
  });

  it('A1: an operator’s addresses share a budget, where the operator is known', async () => {
    const outcomes = await flood(15, (index) => ask(identity, { address: `100.64.7.${index}` }));
    expect(tally(outcomes)).toEqual({ sent: 10, CODE_BUDGET_SPENT: 5 });
    expect(await flood(1, () => ask(identity, { address: '100.128.0.1' }))).toEqual(['sent']);
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    expect(await outcomeOf(ask(identity, { phone, device, address: '100.64.7.99' }))).toBe('sent');
  });

  it('A6: is that of whoever connects, where a stranger says otherwise', async () => {
    const transport = createTestTransport(routes(identity.ctx), { remoteAddress: '198.51.100.77' });
    const auth = createClient(AuthService, transport);
    const outcomes = await flood(15, () =>
      auth.requestPhoneCode({ phoneNumber: lonelyPhone() }, { headers: { 'x-client-address': newAddress() } }),
    );
    expect(tally(outcomes)).toEqual({ sent: 10, CHALLENGE_REQUIRED: 5 });
  });

  it('A7: asks strangers for a puzzle while codes are guessed everywhere, and nobody on a known device', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    for (let victim = 0; victim < 4; victim++) {
      const address = newAddress();
      const { requestId } = await ask(identity, { address });
      const code = await identity.codeOf(requestId);
      const headers = { 'x-client-address': address };
      for (let guess = 0; guess < 5; guess++)
        await refusalOf(identity.auth.verifyPhoneCode({ requestId, code: wrong(code) }, { headers }));
    }
    expect(await outcomeOf(ask(identity))).toBe('CHALLENGE_REQUIRED');
    const solution = await solve((await identity.auth.getChallenge({})).puzzle);
    expect(await outcomeOf(ask(identity, { solution }))).toBe('sent');
    expect(await outcomeOf(ask(identity, { phone, device }))).toBe('sent');
    identity.clock.advance(11 * minute);
    expect(await outcomeOf(ask(identity))).toBe('sent');
  });
});

describe('the owner of a phone on a known device', () => {
  it('O6: is sent a code while strangers have spent all that the phone has', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    const outcomes = await flood(8, () => {
      identity.clock.advance(minute);
      return ask(identity, { phone });
    });
    // The first of the five was the owner's, from before the device was known.
    expect(tally(outcomes)).toEqual({ sent: 4, CODE_BUDGET_SPENT: 4 });
    const { requestId } = await ask(identity, { phone, device });
    const code = await identity.codeOf(requestId);
    const headers = { 'x-device-id': device };
    expect((await identity.auth.verifyPhoneCode({ requestId, code }, { headers })).access).not.toBe('');
  });

  it('has five in 15 minutes there, as strangers have', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    const outcomes = await flood(12, () => {
      identity.clock.advance(minute);
      return ask(identity, { phone, device });
    });
    expect(tally(outcomes)).toEqual({ sent: 5, CODE_BUDGET_SPENT: 7 });
  });

  it('is a stranger at other phones, and with a name that is not signed by us', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    const lanes = async (call: Promise<{ requestId: string }>) =>
      identity.rows('SELECT lane FROM code_requests WHERE id = $1', (await call).requestId);
    expect(await lanes(ask(identity, { device }))).toEqual([{ lane: '' }]);
    expect(await lanes(ask(identity, { phone, device: `${device.slice(0, -4)}AAAA` }))).toEqual([{ lane: '' }]);
    expect(await lanes(ask(identity, { phone, device }))).toEqual([{ lane: device.split('.').slice(0, 2).join('.') }]);
  });
});
