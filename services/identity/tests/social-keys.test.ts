import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@mawid/service-kit';
import { loadConfig } from '../src/config.ts';
import { createIdTokenVerifier, IdTokenError } from '../src/social/id-token-verifier.ts';
import { createKeySource, KeysUnreachableError } from '../src/social/key-source.ts';
import { createKey, type SocialStandin, startSocialStandin } from './support/social-standin.ts';

let standin: SocialStandin;
const opened: SocialStandin[] = [];

beforeEach(async () => {
  standin = await startSocialStandin();
  opened.push(standin);
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

function openVerifier(times: { cacheMs?: number; cooldownMs?: number; timeoutMs?: number } = {}) {
  const [google] = loadConfig(standin.env).social.providers;
  if (google === undefined) throw new Error('Google must be configured');
  const keys = createKeySource({ jwksUrl: google.jwksUrl, ...times });
  return createIdTokenVerifier(google, { clock: systemClock, keys });
}

const present = async (shape = {}) => ({ idToken: await standin.idToken('google', shape), nonce: '' });

describe('the keys of a provider', () => {
  it('are fetched once for many tokens', async () => {
    const verify = openVerifier();
    await Promise.all(Array.from({ length: 20 }, async () => verify(await present())));
    expect(standin.keys.fetches).toBe(1);
  });

  it('change without a refused token, and the old key is good no longer', async () => {
    const verify = openVerifier({ cooldownMs: 0 });
    const old = standin.keyOf('google');
    await verify(await present());
    standin.rotate('google');
    expect(await verify(await present())).toMatchObject({ subject: 'google-subject' });
    await expect(verify(await present({ key: old }))).rejects.toThrow(IdTokenError);
  });

  it('are not asked for again by every token with an unknown key', async () => {
    const verify = openVerifier();
    await verify(await present());
    for (const kid of ['x1', 'x2', 'x3']) {
      await expect(verify(await present({ header: { kid } }))).rejects.toThrow(IdTokenError);
    }
    expect(standin.keys.fetches).toBe(1);
  });

  it.each(['error', 'hang', 'garbage'] as const)('are the last ones while the provider is away: %s', async (fault) => {
    const verify = openVerifier({ cacheMs: 0, timeoutMs: 200 });
    await verify(await present());
    standin.keys.fault = fault;
    const before = standin.keys.fetches;
    for (let calls = 0; calls < 5; calls += 1) expect(await verify(await present())).toBeDefined();
    expect(standin.keys.fetches - before).toBe(1);
    await expect(verify(await present({ key: createKey('g1') }))).rejects.toThrow(IdTokenError);
    await expect(verify(await present({ header: { kid: 'new' } }))).rejects.toThrow(KeysUnreachableError);
  });

  it.each(['error', 'hang', 'garbage'] as const)('are missed when there never were any: %s', async (fault) => {
    const verify = openVerifier({ timeoutMs: 200 });
    standin.keys.fault = fault;
    await expect(verify(await present())).rejects.toThrow(KeysUnreachableError);
    await expect(verify(await present())).rejects.toThrow(KeysUnreachableError);
    expect(standin.keys.fetches).toBe(1);
  });

  it('are there again after the outage', async () => {
    const verify = openVerifier({ cooldownMs: 0 });
    standin.keys.fault = 'error';
    await expect(verify(await present())).rejects.toThrow(KeysUnreachableError);
    standin.keys.fault = 'none';
    expect(await verify(await present())).toMatchObject({ issuer: 'https://accounts.google.com' });
  });

  it('T1: are not fetched for what cannot be a token', async () => {
    const verify = openVerifier();
    for (const idToken of ['', 'x', 'a.b.c', `${'e'.repeat(20_000)}.a.b`]) {
      await expect(verify({ idToken, nonce: '' })).rejects.toThrow(IdTokenError);
    }
    expect(standin.keys.fetches).toBe(0);
  });
});
