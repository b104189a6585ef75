import { describe, expect, it } from '@jest/globals';
import { databaseNames } from '../infrastructure/databases.ts';
import { toServiceEnvironment } from './environment.ts';

const ports = new Proxy({}, { get: () => 1, ownKeys: () => [] });

function environmentOf(base: NodeJS.ProcessEnv, overrides: Record<string, string> = {}) {
  const databaseUrls = Object.fromEntries(databaseNames.map((name) => [name, `postgres://${name}`]));
  const input = {
    base,
    overrides,
    ports,
    databaseUrls,
    secrets: { otpEnvelopeKey: 'key' },
    natsUrl: '',
    dataFolder: '',
  };
  return toServiceEnvironment('identity', input as unknown as Parameters<typeof toServiceEnvironment>[1]);
}

describe('the environment of a service', () => {
  it.each([
    ['authentica', {}, {}],
    ['console', { OTP_PROVIDER: 'console' }, {}],
    ['authentica', { OTP_PROVIDER: 'console' }, { OTP_PROVIDER: 'authentica' }],
  ])('sends codes by %s with %j and %j', (provider, base, overrides) => {
    expect(environmentOf(base, overrides).OTP_PROVIDER).toBe(provider);
  });

  it('has its own database in it, and nobody else’s', () => {
    const base = { BOOKING_DATABASE_URL: 'postgres://elsewhere', MAWID_POSTGRES_URL: 'postgres://all' };
    const environment = environmentOf(base);
    expect(environment.IDENTITY_DATABASE_URL).toBe('postgres://identity');
    expect([environment.BOOKING_DATABASE_URL, environment.MAWID_POSTGRES_URL]).toEqual([undefined, undefined]);
  });
});
