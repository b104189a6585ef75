import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@mawid/service-kit';
import { loadConfig } from './config.ts';

const key = Buffer.alloc(32, 1).toString('base64url');

describe('loadConfig', () => {
  it('has the defaults of the contract', () => {
    const config = loadConfig({});
    expect(config.codes).toMatchObject({ provider: 'console', lifetimeMs: 300_000, maxAttempts: 5 });
    expect([...config.codes.countries]).toEqual(['SA']);
    expect(config.sends).toEqual({ cooldownMs: 60_000, windowMs: 900_000, maxPerWindow: 5, maxPerDay: 10 });
    expect(config.sessions).toEqual({
      customerLifetimeMs: 30 * 86_400_000,
      staffLifetimeMs: 86_400_000,
      staffIdleMs: 3_600_000,
      graceMs: 30_000,
    });
    expect(config.guesses).toEqual({ perHour: 15, perDay: 30, consecutive: 100, perNetworkHour: 100 });
  });

  it('names every wrong setting at once, and shows no value', () => {
    const env = {
      OTP_PROVIDER: 'pigeon',
      OTP_TTL_SECONDS: '601',
      OTP_HMAC_KEYS: 'a:short',
      OTP_ENVELOPE_KEY: 'secret',
    };
    const error = catchError(() => loadConfig(env));
    expect(error.problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(Object.keys(env).sort());
    expect(error.message).not.toMatch(/pigeon|short|secret/);
  });

  it('asks for its secrets in production', () => {
    const error = catchError(() => loadConfig({ NODE_ENV: 'production' }));
    for (const name of [
      'OTP_PROVIDER',
      'OTP_HMAC_KEYS',
      'OTP_ENVELOPE_KEY',
      'IDENTITY_KEY_ENCRYPTION_KEY',
      'PAGE_TOKEN_KEY',
    ]) {
      expect(error.message).toContain(name);
    }
  });

  it('reads several HMAC keys, the newest first', () => {
    const { codes } = loadConfig({ OTP_HMAC_KEYS: `k2:${key},k1:${key}` });
    expect(codes.hmacKeys.map(({ id, secret }) => [id, secret.length])).toEqual([
      ['k2', 32],
      ['k1', 32],
    ]);
    expect(() => loadConfig({ OTP_HMAC_KEYS: `k1:${key},k1:${key}` })).toThrow(ConfigError);
  });
});

function catchError(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('no ConfigError');
}
