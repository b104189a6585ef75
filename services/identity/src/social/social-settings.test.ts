import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, systemClock } from '@mawid/service-kit';
import { loadConfig } from '../config.ts';
import { createSocial } from './create-social.ts';

const pem = String(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
);
const apple = { APPLE_TEAM_ID: 'T', APPLE_KEY_ID: 'K', APPLE_PRIVATE_KEY: pem };

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  throw new Error('no ConfigError');
}

describe('the settings of Google and Apple', () => {
  it('offer a sign-in by neither at first', () => {
    expect(loadConfig({}).social).toEqual({ providers: [], apple: undefined });
  });

  it('name the providers by their client ids, with their own addresses', () => {
    const { providers } = loadConfig({ GOOGLE_CLIENT_IDS: 'ios, web', APPLE_CLIENT_IDS: 'app' }).social;
    expect(providers).toEqual([
      {
        provider: 'google',
        issuers: ['https://accounts.google.com', 'accounts.google.com'],
        clientIds: ['ios', 'web'],
        jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      },
      {
        provider: 'apple',
        issuers: ['https://appleid.apple.com'],
        clientIds: ['app'],
        jwksUrl: 'https://appleid.apple.com/auth/keys',
      },
    ]);
  });

  it('take Apple’s key as text, with its lines or without, or as a file', () => {
    for (const text of [pem, pem.replaceAll('\n', '\\n')]) {
      const key = loadConfig({ ...apple, APPLE_PRIVATE_KEY: text }).social.apple?.privateKey;
      expect(key).toBeInstanceOf(KeyObject);
    }
    const file = { ...apple, APPLE_PRIVATE_KEY: '', APPLE_PRIVATE_KEY_FILE: '/keys/apple.p8' };
    const { social } = loadConfig(file);
    expect(social.apple?.privateKey).toBe('/keys/apple.p8');
    expect(() => createSocial(social, systemClock)).toThrow('APPLE_PRIVATE_KEY_FILE cannot be read');
  });

  it('refuse a part of Apple’s key, a key that is none, and one of another kind', () => {
    expect(problemsOf({ APPLE_TEAM_ID: 'T' })).toEqual([
      "APPLE_KEY_ID is not set, as the rest of Apple's key is",
      "APPLE_PRIVATE_KEY or APPLE_PRIVATE_KEY_FILE is not set, as the rest of Apple's key is",
    ]);
    const ed25519 = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    for (const text of ['secret', ed25519]) {
      const problems = problemsOf({ ...apple, APPLE_PRIVATE_KEY: text });
      expect(problems).toEqual(['APPLE_PRIVATE_KEY must be a P-256 private key as PEM (PKCS #8)']);
    }
  });

  it('let nobody on the way answer for a provider', () => {
    for (const name of ['GOOGLE_JWKS_URL', 'APPLE_JWKS_URL', 'APPLE_URL']) {
      const problem = `${name} must be an https URL, or an http one on this machine`;
      expect(problemsOf({ [name]: 'http://keys.example' })).toEqual([problem]);
      expect(loadConfig({ [name]: 'http://127.0.0.1:9' })).toBeDefined();
    }
  });
});
