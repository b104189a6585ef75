import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConfigError, optionalFile, setting } from '@mawid/service-kit';
import type { SocialProvider } from '../domain/social-identity.ts';

export interface SocialConfig {
  /** The providers that there is a sign-in by. */
  providers: readonly ProviderConfig[];
  /** How we call Apple; undefined when its tokens cannot be had and revoked. */
  apple: AppleConfig | undefined;
}

export interface ProviderConfig {
  provider: SocialProvider;
  /** All spellings; identities are kept under the first. */
  issuers: readonly [string, ...string[]];
  clientIds: readonly string[];
  jwksUrl: string;
}

export interface AppleConfig {
  url: string;
  /** The audience of our client secrets. */
  issuer: string;
  teamId: string;
  keyId: string;
  /** Itself, or the path of its file. */
  privateKey: KeyObject | string;
}

const secureUrl = (fallback: string) =>
  setting.custom('must be an https URL, or an http one on this machine', parseSecureUrl, fallback);

export const socialSettings = {
  GOOGLE_CLIENT_IDS: setting.list([]),
  GOOGLE_ISSUERS: setting.list(['https://accounts.google.com', 'accounts.google.com']),
  GOOGLE_JWKS_URL: secureUrl('https://www.googleapis.com/oauth2/v3/certs'),
  APPLE_CLIENT_IDS: setting.list([]),
  APPLE_ISSUERS: setting.list(['https://appleid.apple.com']),
  APPLE_JWKS_URL: secureUrl('https://appleid.apple.com/auth/keys'),
  APPLE_URL: secureUrl('https://appleid.apple.com'),
  APPLE_TEAM_ID: setting.text().optional(),
  APPLE_KEY_ID: setting.text().optional(),
  APPLE_PRIVATE_KEY: setting.custom('must be a P-256 private key as PEM (PKCS #8)', parsePrivateKey).optional(),
  APPLE_PRIVATE_KEY_FILE: optionalFile(),
};

interface SocialValues {
  GOOGLE_CLIENT_IDS: readonly string[];
  GOOGLE_ISSUERS: readonly string[];
  GOOGLE_JWKS_URL: string;
  APPLE_CLIENT_IDS: readonly string[];
  APPLE_ISSUERS: readonly string[];
  APPLE_JWKS_URL: string;
  APPLE_URL: string;
  APPLE_TEAM_ID?: string | undefined;
  APPLE_KEY_ID?: string | undefined;
  APPLE_PRIVATE_KEY?: KeyObject | undefined;
  APPLE_PRIVATE_KEY_FILE?: string | undefined;
}

/** Throws ConfigError where settings that belong together are not all there. */
export function toSocialConfig(read: SocialValues): SocialConfig {
  const google = {
    provider: 'google',
    issuers: toIssuers('GOOGLE_ISSUERS', read.GOOGLE_ISSUERS),
    clientIds: read.GOOGLE_CLIENT_IDS,
    jwksUrl: read.GOOGLE_JWKS_URL,
  } as const;
  const apple = {
    provider: 'apple',
    issuers: toIssuers('APPLE_ISSUERS', read.APPLE_ISSUERS),
    clientIds: read.APPLE_CLIENT_IDS,
    jwksUrl: read.APPLE_JWKS_URL,
  } as const;
  return {
    providers: [google, apple].filter(({ clientIds }) => clientIds.length > 0),
    apple: toAppleConfig(read, apple.issuers[0]),
  };
}

function toAppleConfig(read: SocialValues, issuer: string): AppleConfig | undefined {
  const { APPLE_URL: url, APPLE_TEAM_ID: teamId, APPLE_KEY_ID: keyId } = read;
  const privateKey = read.APPLE_PRIVATE_KEY ?? read.APPLE_PRIVATE_KEY_FILE;
  if (teamId !== undefined && keyId !== undefined && privateKey !== undefined)
    return { url, issuer, teamId, keyId, privateKey };
  const parts = {
    APPLE_TEAM_ID: teamId,
    APPLE_KEY_ID: keyId,
    'APPLE_PRIVATE_KEY or APPLE_PRIVATE_KEY_FILE': privateKey,
  };
  const missing = Object.entries(parts).filter(([, value]) => value === undefined);
  if (missing.length === 3) return undefined;
  throw new ConfigError(missing.map(([name]) => `${name} is not set, as the rest of Apple's key is`));
}

function toIssuers(name: string, [first, ...others]: readonly string[]): readonly [string, ...string[]] {
  if (first === undefined) throw new ConfigError([`${name} must not be empty`]);
  return [first, ...others];
}

// Whoever could answer for the provider could sign in as anybody.
function parseSecureUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal) ? text.replace(/\/+$/, '') : undefined;
}

/** An environment has no room for lines: `\n` is accepted in their place. Undefined when it is no key that Apple gives. */
export function parsePrivateKey(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: text.replaceAll('\\n', '\n'), format: 'pem' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
