import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../src/config.ts';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_TTL_SECONDS: '600' });
});
afterAll(() => identity?.close());

const request = () => identity.auth.requestPhoneCode({ phoneNumber: identity.newPhone() });
const verify = async (requestId: string) =>
  identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });

describe('OTP_TTL_SECONDS', () => {
  it('O2: ten minutes at most: good at 9:59, dead at 10:00', async () => {
    const [young, old] = [await request(), await request()];
    identity.clock.advance(599_000);
    expect((await verify(young.requestId)).access).not.toBe('');
    identity.clock.advance(1_000);
    expect(await refusalOf(verify(old.requestId))).toBe('CODE_INVALID');
  });

  it('O2: more than ten minutes is no setting', () => {
    expect(() => loadConfig({ OTP_TTL_SECONDS: '601' })).toThrow('OTP_TTL_SECONDS');
  });
});
