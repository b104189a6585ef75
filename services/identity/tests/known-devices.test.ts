import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reasonOf } from '@mawid/service-kit';
import {
  type Asker,
  ask,
  flood,
  knownDevice,
  lonelyPhone,
  newAddress,
  outcomeOf,
  solve,
  tally,
} from './budget-fixture.ts';
import { errorOf, type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;
let folder: string;
let people = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mawid-networks-'));
  const file = join(folder, 'networks.csv');
  writeFileSync(file, '192.0.2.0/25,64501,tor\n100.64.0.0/10,64502,mobile\n');
  identity = await startIdentity({
    NETWORKS_FILE: file,
    OTP_PROVIDER: 'authentica',
    OTP_COUNTRIES: 'SA,AE,OM',
    OTP_ADDRESS_SOFT_PER_MINUTE: '3',
    OTP_ADDRESS_PER_MINUTE: '6',
    OTP_ADDRESS_PER_HOUR: '10',
    OTP_ADDRESS_UNSOLVED_PER_MINUTE: '4',
    OTP_DEVICE_PER_HOUR: '5',
    OTP_OPERATOR_PER_HOUR: '5',
    OTP_PREFIX_SENDS: '15',
    OTP_DIAL_CODE_DAILY: '971:5,*:100000',
    OTP_COSTS: 'sms:968:100,sms:*:0,whatsapp:*:0',
    OTP_SMS_MONEY_PER_DAY: '1000',
    OTP_SPRAY_WRONG: '20',
    OTP_CHALLENGE_SCORE: '40',
    OTP_DENY_SCORE: '90',
    CHALLENGE_COST: '1',
  });
});
afterAll(async () => {
  await identity?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => identity.clock.advance(27 * 60 * minute));

const emirati = () => `+9715012${String(++people).padStart(2, '0')}001`;
const omani = () => `+9689${String(2000 + ++people)}001`;
const solution = async () => solve((await identity.auth.getChallenge({})).puzzle);
const askSolving = async (asker: Asker) => ask(identity, { ...asker, solution: await solution() });
const later = (ms: number, attempt: () => Promise<unknown>) => {
  identity.clock.advance(ms);
  return attempt();
};

const unsigned = (device: string) => device.split('.').slice(0, 2).join('.');

/** The budget that refuses a call, or why else it is refused. */
async function refuserOf(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  return /^"([\w-]+)"/.exec(error.metadata.get('ratelimit') ?? '')?.[1] ?? reasonOf(error) ?? '';
}

/** Where the owner of a phone and an attacker meet. */
interface Place {
  phone: string;
  address: string;
  device: string;
}

interface Attack {
  name: string;
  newPhone?: () => string;
  address?: string;
  run(place: Place): Promise<unknown>;
  /** What stops a stranger at the same place then. */
  refuser: string;
  solves?: boolean;
  /** Who else the stranger claims to be. */
  imitates?: boolean;
}

const attacks: Attack[] = [
  {
    name: 'the phone, for a quarter of an hour',
    run: ({ phone }) => flood(6, () => later(minute, () => ask(identity, { phone }))),
    refuser: 'phone',
  },
  {
    name: 'the phone, for a day',
    run: ({ phone }) => flood(12, () => later(5 * minute, () => ask(identity, { phone }))),
    refuser: 'phone-day',
  },
  {
    name: 'the address, so that it has to solve puzzles',
    run: ({ address }) => flood(3, () => ask(identity, { address })),
    refuser: 'CHALLENGE_REQUIRED',
  },
  {
    name: 'the address, for a minute',
    run: ({ address }) => flood(6, () => askSolving({ address })),
    refuser: 'address-minute',
    solves: true,
  },
  {
    name: 'the address, for an hour',
    run: async ({ address }) => {
      for (let turn = 0; turn < 2; turn++) {
        await flood(6, () => askSolving({ address }));
        identity.clock.advance(2 * minute);
      }
    },
    refuser: 'address-hour',
    solves: true,
  },
  {
    name: 'the puzzles that the address is given',
    run: ({ address }) => flood(8, () => ask(identity, { address })),
    refuser: 'address-refused',
  },
  {
    name: 'the name of the device, less its signature',
    run: ({ device }) => flood(5, () => ask(identity, { device: unsigned(device) })),
    refuser: 'device',
    imitates: true,
  },
  {
    name: 'the range of numbers',
    run: ({ phone }) => flood(15, () => askSolving({ phone: `${phone.slice(0, -4)}${1000 + ++people}` })),
    refuser: 'prefix',
    solves: true,
  },
  {
    name: 'the network operator',
    address: '100.64.200.1',
    run: () => flood(5, (index) => ask(identity, { address: `100.64.7.${index}` })),
    refuser: 'operator',
  },
  {
    name: 'the day of the dial code',
    newPhone: emirati,
    run: () => flood(5, () => ask(identity, { phone: emirati() })),
    refuser: 'dial-code',
  },
  {
    name: 'the day’s money of strangers',
    newPhone: omani,
    run: () => flood(10, () => ask(identity, { phone: omani() })),
    refuser: 'CODE_SENDING_PAUSED',
  },
  { name: 'a network that nobody trusts', address: '192.0.2.7', run: async () => 0, refuser: 'CHALLENGE_REQUIRED' },
  {
    name: 'all signs of risk at once',
    address: '192.0.2.8',
    run: ({ address }) => flood(3, () => askSolving({ address })),
    // Answered as if the phone had no codes left.
    refuser: 'phone',
    solves: true,
  },
  {
    name: 'codes all over the system',
    run: () =>
      flood(4, async () => {
        const { requestId } = await ask(identity);
        const code = wrong(await identity.codeOf(requestId));
        const headers = { 'x-client-address': newAddress() };
        for (let guess = 0; guess < 5; guess++)
          await refusalOf(identity.auth.verifyPhoneCode({ requestId, code }, { headers }));
      }),
    refuser: 'CHALLENGE_REQUIRED',
  },
];

describe('a known device gets a code while strangers have spent', () => {
  it.each(attacks)('O6: $name', async (attack) => {
    const { newPhone = lonelyPhone, address = newAddress(), run, refuser, solves, imitates } = attack;
    const phone = newPhone();
    const device = await knownDevice(identity, phone);
    identity.clock.advance(27 * 60 * minute);
    await run({ phone, address, device });
    const stranger = { phone, address, ...(solves ? { solution: await solution() } : {}) };
    const asked = ask(identity, imitates ? { ...stranger, device: unsigned(device) } : stranger);
    expect(await refuserOf(asked)).toBe(refuser);
    const owner = { phone, address, device, email: `${phone.slice(1)}@example.com` };
    expect(await outcomeOf(ask(identity, owner))).toBe('sent');
  });
});

describe('whoever asks which e-mail addresses are taken', () => {
  const email = 'taken@example.com';

  beforeAll(async () => {
    // The codes guessed before are forgotten.
    identity.clock.advance(minute * 60);
    const phone = lonelyPhone();
    const { requestId } = await ask(identity, { phone, email });
    await identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });
  });

  it('A1: is told a few times in a minute at an address', async () => {
    const address = newAddress();
    const outcomes = await flood(8, () => ask(identity, { address, email }));
    expect(tally(outcomes)).toEqual({ EMAIL_TAKEN: 4, CODE_BUDGET_SPENT: 4 });
    expect(await refuserOf(ask(identity, { address, email }))).toBe('address-refused');
    expect(await outcomeOf(ask(identity, { address }))).toBe('sent');
  });

  it('A1: is told as often on a known device, wherever it is', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    const outcomes = await flood(8, () => ask(identity, { phone, device, email }));
    expect(tally(outcomes)).toEqual({ EMAIL_TAKEN: 4, CODE_BUDGET_SPENT: 4 });
    expect(await refuserOf(ask(identity, { phone, device, email }))).toBe('device-refused');
    expect(await outcomeOf(ask(identity, { phone, device }))).toBe('sent');
  });
});
