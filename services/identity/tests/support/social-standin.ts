import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { SocialProvider } from '../../src/domain/social-identity.ts';
import { createAppleDesk } from './apple-desk.ts';
import { serveStandin } from './serve-standin.ts';

export interface SigningKey {
  kid: string;
  alg: 'RS256' | 'ES256';
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export interface TokenShape {
  /** Over those of a good token; undefined leaves one out. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: SigningKey;
}

/** How the keys of both providers are served. */
export type KeysFault = 'none' | 'error' | 'hang' | 'garbage';

/** Google and Apple on loopback: keys that change, Apple's tokens, and the faults of both. */
export interface SocialStandin {
  url: string;
  /** The settings of identity that lead here. */
  env: Record<string, string>;
  keys: { fault: KeysFault; fetches: number };
  apple: ReturnType<typeof createAppleDesk>['desk'];
  /** The key that a provider signs with now. */
  keyOf(provider: SocialProvider): SigningKey;
  /** The provider's next key; the one before is published no longer. */
  rotate(provider: SocialProvider): SigningKey;
  idToken(provider: SocialProvider, shape?: TokenShape): Promise<string>;
  close(): Promise<void>;
}

export const clients = { google: 'google-web', apple: 'sa.mawid.ios' } as const;
const issuers = { google: 'https://accounts.google.com', apple: 'https://appleid.apple.com' } as const;

export function createKey(kid: string, alg: 'RS256' | 'ES256' = 'RS256'): SigningKey {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, ...pair };
}

export async function startSocialStandin(now: () => Date = () => new Date()): Promise<SocialStandin> {
  const current = { google: createKey('g1'), apple: createKey('a1') };
  const keys: SocialStandin['keys'] = { fault: 'none', fetches: 0 };
  const ours = createKey('ours', 'ES256');
  const { desk, answer } = createAppleDesk({ ours, now, sign: (claims) => standin.idToken('apple', { claims }) });
  const server = await serveStandin({
    '/google/keys': () => serveKeys(keys, current.google),
    '/apple/keys': () => serveKeys(keys, current.apple),
    '/apple/auth/token': (body) => answer('/auth/token', body),
    '/apple/auth/revoke': (body) => answer('/auth/revoke', body),
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const standin: SocialStandin = {
    url,
    env: toEnv(url, ours),
    keys,
    apple: desk,
    keyOf: (provider) => current[provider],
    rotate(provider) {
      current[provider] = createKey(`${current[provider].kid}+`, current[provider].alg);
      return current[provider];
    },
    idToken: (provider, shape = {}) => signToken(provider, shape, { key: current[provider], now: now() }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standin;
}

function signToken(
  provider: SocialProvider,
  { claims, header, key }: TokenShape,
  good: { key: SigningKey; now: Date },
): Promise<string> {
  const issuedAt = Math.floor(good.now.getTime() / 1000);
  const { kid, alg, privateKey } = key ?? good.key;
  const payload: JWTPayload = {
    iss: issuers[provider],
    aud: clients[provider],
    sub: `${provider}-subject`,
    iat: issuedAt,
    exp: issuedAt + 3600,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg, kid, ...header } as JWTHeaderParameters).sign(privateKey);
}

function serveKeys(keys: SocialStandin['keys'], { publicKey, kid, alg }: SigningKey) {
  keys.fetches += 1;
  if (keys.fault === 'hang') return 'hang' as const;
  if (keys.fault === 'error') return { status: 503, body: {} };
  if (keys.fault === 'garbage') return { status: 200, body: { keys: 'none' } };
  return { status: 200, body: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }] } };
}

function toEnv(url: string, { kid, privateKey }: SigningKey): Record<string, string> {
  return {
    GOOGLE_CLIENT_IDS: `google-ios,${clients.google}`,
    GOOGLE_JWKS_URL: `${url}/google/keys`,
    APPLE_CLIENT_IDS: `${clients.apple},sa.mawid.web`,
    APPLE_JWKS_URL: `${url}/apple/keys`,
    APPLE_URL: `${url}/apple`,
    APPLE_TEAM_ID: 'TEAM',
    APPLE_KEY_ID: kid,
    APPLE_PRIVATE_KEY: String(privateKey.export({ format: 'pem', type: 'pkcs8' })).replaceAll('\n', '\\n'),
  };
}
