import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityFixture, refusalOf, startIdentity, wrong } from './identity-fixture.ts';

const minute = 60_000;
const hour = 60 * minute;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_MAX_PER_DAY: '1000' });
});
afterAll(() => identity?.close());

const request = (phoneNumber: string) => identity.auth.requestPhoneCode({ phoneNumber });
const verify = (requestId: string, code: string) => identity.auth.verifyPhoneCode({ requestId, code });

describe('the guessing budget of a phone', () => {
  async function sendAndGuess(phone: string): Promise<{ requestId: string; code: string }> {
    const { requestId } = await request(phone);
    const code = await identity.codeOf(requestId);
    for (let guess = 0; guess < 5; guess++) await refusalOf(verify(requestId, wrong(code)));
    return { requestId, code };
  }
  const attemptsAt = async (phone: string) =>
    (
      await identity.rows<{ consecutive: number }>(
        'SELECT consecutive FROM guess_budgets WHERE phone_number = $1',
        phone,
      )
    )[0]?.consecutive ?? 0;

  it('O5: a resend never restores guesses: 15 an hour, 30 a day, 100 in a row', async () => {
    const phone = identity.newPhone();
    const evaluated: { at: number; guesses: number }[] = [];
    let before = 0;
    for (let send = 0; send < 300; send++) {
      await sendAndGuess(phone);
      const now = await attemptsAt(phone);
      evaluated.push({ at: identity.clock.now().getTime(), guesses: now - before });
      before = now;
      identity.clock.advance(20 * minute);
    }
    const within = (end: number, span: number) =>
      evaluated.filter(({ at }) => at <= end && at > end - span).reduce((sum, { guesses }) => sum + guesses, 0);
    expect(Math.max(...evaluated.map(({ at }) => within(at, hour)))).toBe(15);
    expect(Math.max(...evaluated.map(({ at }) => within(at, 24 * hour)))).toBe(30);
    expect(before).toBe(100);
    const { requestId } = await request(phone);
    expect(await refusalOf(verify(requestId, await identity.codeOf(requestId)))).toBe('CODE_INVALID');
  });

  it('O5: is restored by success, and by nothing else', async () => {
    const phone = identity.newPhone();
    for (let send = 0; send < 2; send++) {
      await sendAndGuess(phone);
      identity.clock.advance(minute);
    }
    const { requestId } = await request(phone);
    const code = await identity.codeOf(requestId);
    for (let guess = 0; guess < 4; guess++) await refusalOf(verify(requestId, wrong(code)));
    expect(await attemptsAt(phone)).toBe(14);
    expect((await verify(requestId, code)).access).not.toBe('');
    expect(await attemptsAt(phone)).toBe(0);
  });

  it('O5: refuses the right code while it is spent', async () => {
    const phone = identity.newPhone();
    for (let send = 0; send < 3; send++) {
      await sendAndGuess(phone);
      identity.clock.advance(minute);
    }
    const spent = await request(phone);
    expect(await refusalOf(verify(spent.requestId, await identity.codeOf(spent.requestId)))).toBe('CODE_INVALID');
    identity.clock.advance(hour);
    const fresh = await request(phone);
    expect((await verify(fresh.requestId, await identity.codeOf(fresh.requestId))).access).not.toBe('');
  });

  it('O4: counts every one of parallel guesses', async () => {
    const { requestId } = await request(identity.newPhone());
    const code = await identity.codeOf(requestId);
    await Promise.allSettled(Array.from({ length: 20 }, () => verify(requestId, wrong(code))));
    expect(await identity.rows('SELECT attempts FROM code_requests WHERE id = $1', requestId)).toEqual([
      { attempts: 5 },
    ]);
  });
});
