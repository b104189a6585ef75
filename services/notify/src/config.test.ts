import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@mawid/service-kit';
import { loadConfig } from './config.ts';

describe('loadConfig', () => {
  it('has a default for everything in development', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      bookingAddress: '127.0.0.1:50052',
      codeProvider: 'console',
      unifonic: { url: 'http://127.0.0.1:8092/rest', senderId: 'MAWID' },
      calls: { sendsTraceparent: false },
    });
    expect(config.envelopeKey).toHaveLength(32);
  });

  it('names every wrong setting at once', () => {
    const env = {
      NOTIFY_GRPC_PORT: 'x',
      OTP_PROVIDER: 'pigeon',
      UNIFONIC_SENDER_ID: 'TOO LONG A NAME',
      OTP_ENVELOPE_KEY: 'short',
    };
    const problems = (() => {
      try {
        loadConfig(env);
      } catch (error) {
        return error instanceof ConfigError ? error.message : '';
      }
    })();
    for (const name of Object.keys(env)) expect(problems).toContain(name);
  });

  it('takes no development secret in production', () => {
    const secrets = ['AUTHENTICA_API_KEY', 'UNIFONIC_APP_SID', 'OTP_ENVELOPE_KEY', 'PAGE_TOKEN_KEY'];
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(new RegExp(secrets.join('.*')));
  });

  it('prints no code in production, also where somebody asks for it', () => {
    const env = { NODE_ENV: 'production', OTP_PROVIDER: 'console' };
    expect(() => loadConfig(env)).toThrow('OTP_PROVIDER must not have its development default in production');
    expect(() => loadConfig({ ...env, OTP_PROVIDER: 'authentica' })).not.toThrow(/OTP_PROVIDER/);
  });
});
