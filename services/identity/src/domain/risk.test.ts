import { describe, expect, it } from '@jest/globals';
import { assessRisk, type RiskSignals } from './risk.ts';

const limits = { challengeScore: 40, denyScore: 90 };
const quiet: RiskSignals = {
  device: 'signed',
  isAddressBusy: false,
  prefix: { sent: 0, verified: 0 },
  isForeign: false,
  unverifiedSends: 0,
  wrongChecks: 0,
  isSprayed: false,
  network: undefined,
};
const everything: Partial<RiskSignals> = {
  isAddressBusy: true,
  prefix: { sent: 100, verified: 0 },
  isForeign: true,
  unverifiedSends: 9,
  wrongChecks: 99,
  isSprayed: true,
  network: 'tor',
};

describe('assessRisk', () => {
  it.each([
    ['a person on a device of ours', {}, 'allow', 0, []],
    ['the first visit of an app', { device: 'named' }, 'allow', 5, ['device_unsigned']],
    ['the first visit of a browser', { device: 'none' }, 'allow', 10, ['device_unnamed']],
    ['a guest from abroad', { device: 'none', isForeign: true }, 'allow', 20, ['device_unnamed', 'number_foreign']],
    [
      'an unlucky person',
      { device: 'none', unverifiedSends: 4 },
      'allow',
      30,
      ['device_unnamed', 'phone_never_verifies'],
    ],
    ['a busy address', { isAddressBusy: true }, 'challenge', 50, ['address_busy']],
    ['a prefix with 29 % verified', { prefix: { sent: 100, verified: 29 } }, 'allow', 30, ['prefix_rarely_verified']],
    ['a prefix with 30 % verified', { prefix: { sent: 100, verified: 30 } }, 'allow', 0, []],
    ['a prefix hardly used', { prefix: { sent: 9, verified: 0 } }, 'allow', 0, []],
    [
      'an unknown browser in such a prefix',
      { device: 'none', prefix: { sent: 10, verified: 2 } },
      'challenge',
      40,
      ['device_unnamed', 'prefix_rarely_verified'],
    ],
    ['some wrong codes', { wrongChecks: 10 }, 'allow', 20, ['address_guesses']],
    ['many wrong codes', { wrongChecks: 25 }, 'challenge', 40, ['address_guesses_much']],
    ['a system under attack', { isSprayed: true }, 'challenge', 40, ['system_sprayed']],
    [
      'an attacker of it',
      { device: 'none', isSprayed: true, wrongChecks: 30 },
      'deny',
      90,
      ['device_unnamed', 'address_guesses_much', 'system_sprayed'],
    ],
    ['a server in a data centre', { network: 'hosting' }, 'allow', 30, ['network_hosting']],
    [
      'a VPN without a device',
      { network: 'vpn', device: 'none' },
      'challenge',
      40,
      ['device_unnamed', 'network_hosting'],
    ],
    ['a phone network', { network: 'mobile' }, 'allow', 0, []],
    ['Tor', { network: 'tor' }, 'challenge', 60, ['network_tor']],
    ['Tor, busy', { network: 'tor', isAddressBusy: true }, 'deny', 100, ['address_busy', 'network_tor']],
  ] as const)('for %s', (_, signals, decision, score, reasons) => {
    expect(assessRisk({ ...quiet, ...signals }, limits)).toEqual({ decision, score, reasons });
  });

  it('A7: holds nothing against a known device', () => {
    expect(assessRisk({ ...quiet, ...everything, device: 'known' }, limits)).toMatchObject({
      decision: 'allow',
      score: 0,
    });
  });

  it('ends at 100', () => {
    expect(assessRisk({ ...quiet, ...everything }, limits).score).toBe(100);
  });

  it('goes by the thresholds it is given', () => {
    const decide = (challengeScore: number, denyScore: number) =>
      assessRisk({ ...quiet, isAddressBusy: true }, { challengeScore, denyScore }).decision;
    expect([decide(51, 60), decide(50, 60), decide(40, 50)]).toEqual(['allow', 'challenge', 'deny']);
  });
});
