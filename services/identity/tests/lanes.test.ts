import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reasonOf } from '@mawid/service-kit';
import { unlockPhone } from '../src/db/guess-budgets.ts';
import { saveKnownDevice } from '../src/db/known-devices.ts';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const hour = 3_600_000;
let identity: IdentityFixture;

beforeAll(async () => {
  // Sends have budgets of their own; here they are in nobody's way.
  identity = await startIdentity({
    OTP_RESEND_COOLDOWN_SECONDS: '0',
    OTP_MAX_PER_WINDOW: '1000',
    OTP_MAX_PER_DAY: '1000',
  });
});
afterAll(() => identity?.close());

/** Who signs in, by the header of their device; none is a stranger. */
interface Party {
  headers: Record<string, string>;
}

const stranger: Party = { headers: { 'x-client-address': '203.0.113.7' } };

const ask = async (phoneNumber: string, { headers }: Party) =>
  (await identity.auth.requestPhoneCode({ phoneNumber }, { headers })).requestId;
const present = (requestId: string, code: string, { headers }: Party) =>
  identity.auth.verifyPhoneCode({ requestId, code }, { headers });
const presentRight = async (requestId: string, party: Party) =>
  present(requestId, await identity.codeOf(requestId), party);

/** Signs in on a new device, which keeps the name it is given. */
async function knownParty(phoneNumber: string): Promise<Party> {
  const requestId = await ask(phoneNumber, { headers: {} });
  let name = '';
  const onHeader = (headers: Headers) => {
    name = headers.get('x-device-id') ?? '';
  };
  await identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) }, { onHeader });
  return { headers: { 'x-device-id': name } };
}

async function guessWrong(phoneNumber: string, party: Party, times: number): Promise<void> {
  for (let guess = 0; guess < times; guess += 5) {
    const requestId = await ask(phoneNumber, party);
    const code = await identity.codeOf(requestId);
    for (let turn = 0; turn < 5; turn++) await refusalOf(present(requestId, wrong(code), party));
  }
}

async function signsIn(phoneNumber: string, party: Party): Promise<boolean> {
  const requestId = await ask(phoneNumber, party);
  return presentRight(requestId, party).then(
    () => true,
    () => false,
  );
}

describe('the lane of a known device', () => {
  it('O6: lets the owner in while a stranger has spent the guesses of the hour', async () => {
    const phone = identity.newPhone();
    const owner = await knownParty(phone);
    await guessWrong(phone, stranger, 15);
    expect(await signsIn(phone, stranger)).toBe(false);
    expect(await signsIn(phone, owner)).toBe(true);
  });

  it('O6: lets the owner in while a stranger has run into the hard lock, which ends with that; hour and day stay', async () => {
    const phone = identity.newPhone();
    const owner = await knownParty(phone);
    await guessWrong(phone, stranger, 15);
    await identity.rows('UPDATE guess_budgets SET consecutive = 100 WHERE phone_number = $1', phone);
    expect(await signsIn(phone, owner)).toBe(true);
    expect(await signsIn(phone, stranger)).toBe(false);
    identity.clock.advance(hour);
    expect(await signsIn(phone, stranger)).toBe(true);
  });

  it('O6: a hard lock that nobody ends outlives any window', async () => {
    const phone = identity.newPhone();
    await guessWrong(phone, stranger, 5);
    await identity.rows('UPDATE guess_budgets SET consecutive = 100 WHERE phone_number = $1', phone);
    identity.clock.advance(48 * hour);
    expect(await signsIn(phone, stranger)).toBe(false);
    await unlockPhone(identity.ctx.database, phone);
    expect(await signsIn(phone, stranger)).toBe(true);
  });

  it('O6: keeps its code when a stranger asks for another one', async () => {
    const phone = identity.newPhone();
    const owner = await knownParty(phone);
    const mine = await ask(phone, owner);
    const theirs = await ask(phone, stranger);
    expect((await presentRight(mine, owner)).access).not.toBe('');
    expect((await presentRight(theirs, stranger)).access).not.toBe('');
  });

  it('O6: has as many guesses as strangers have together, and no more', async () => {
    const phone = identity.newPhone();
    const owner = await knownParty(phone);
    await guessWrong(phone, owner, 15);
    expect(await signsIn(phone, owner)).toBe(false);
    expect(await signsIn(phone, stranger)).toBe(true);
    expect(await signsIn(phone, owner)).toBe(false);
  });

  it('O7: gives its codes to no other device, nor to one that says it is this one', async () => {
    const phone = identity.newPhone();
    const [owner, other] = [await knownParty(phone), await knownParty(phone)];
    const requestId = await ask(phone, owner);
    const name = owner.headers['x-device-id'] ?? '';
    const imitation = { headers: { 'x-device-id': name.split('.').slice(0, 2).join('.') } };
    const forgery = { headers: { 'x-device-id': `${name.slice(0, -2)}${name.endsWith('AA') ? 'BB' : 'AA'}` } };
    for (const party of [other, imitation, forgery, stranger]) {
      expect(await refusalOf(presentRight(requestId, party))).toBe('CODE_INVALID');
    }
    expect((await presentRight(requestId, owner)).access).not.toBe('');
  });

  it('never waits for ever for the lane of strangers', async () => {
    for (let run = 0; run < 10; run++) {
      const phone = identity.newPhone();
      const owner = await knownParty(phone);
      const [mine, theirs] = [await ask(phone, owner), await ask(phone, stranger)];
      const results = await Promise.allSettled(
        [0, 1, 2, 3].flatMap(() => [
          presentRight(mine, owner),
          presentRight(theirs, stranger),
          ask(phone, owner),
          ask(phone, stranger),
        ]),
      );
      const refusals = results.filter((result) => result.status === 'rejected').map(({ reason }) => reasonOf(reason));
      expect(new Set(refusals)).toEqual(new Set(['CODE_INVALID']));
    }
  });

  it('is not that of a device known to another user, nor of one that only says so', async () => {
    const phone = identity.newPhone();
    const neighbour = await knownParty(identity.newPhone());
    await guessWrong(phone, stranger, 15);
    expect(await signsIn(phone, neighbour)).toBe(false);
    expect(await signsIn(phone, { headers: { 'x-device-id': 'my-phone' } })).toBe(false);
  });
});

describe('saveKnownDevice', () => {
  it('keeps five devices of a user: first those that never came back go, then the oldest', async () => {
    const { user } = await identity.signIn();
    const id = user?.id ?? '';
    const see = async (device: string) => {
      identity.clock.advance(1_000);
      await saveKnownDevice(identity.ctx.database, id, device, identity.clock.now());
    };
    const known = async () =>
      (
        await identity.rows<{ device_id: string }>(
          'SELECT device_id FROM known_devices WHERE user_id = $1 ORDER BY device_id',
          id,
        )
      ).map(({ device_id }) => device_id);
    for (const device of ['a', 'b', 'c', 'd', 'e']) await see(device);
    expect(await known()).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const device of ['a', 'c', 'd', 'e']) await see(device);
    await see('f');
    expect(await known()).toEqual(['a', 'c', 'd', 'e', 'f']);
    await see('f');
    await see('g');
    expect(await known()).toEqual(['c', 'd', 'e', 'f', 'g']);
  });
});
