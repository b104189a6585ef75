import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Clock, ConfigError } from '@mawid/service-kit';
import { decodeJwt, SignJWT } from 'jose';
import { type AppleConfig, parsePrivateKey } from './social-settings.ts';

/** What we ask of Apple itself, each call made once. Throws AppleError. */
export interface AppleClient {
  /** The refresh token that an authorization code is good for. */
  exchangeCode(code: string, grant: { clientId: string; subject: string }): Promise<string>;
  /** Ends what the person granted us. Apple says yes to a token that is revoked already. */
  revokeToken(refreshToken: string, clientId: string): Promise<void>;
}

/** Apple did not answer, or not as hoped. The message holds nothing of what was sent. */
export class AppleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppleError';
  }
}

const defaultTimeoutMs = 4_000;

export function createAppleClient(
  config: AppleConfig,
  { clock, timeoutMs = defaultTimeoutMs }: { clock: Clock; timeoutMs?: number },
): AppleClient {
  const key = openKey(config.privateKey);

  async function post(path: string, clientId: string, fields: Record<string, string>): Promise<unknown> {
    const secret = await signClientSecret(config, { key, clientId, now: clock.now() });
    const body = new URLSearchParams({ ...fields, client_id: clientId, client_secret: secret });
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${config.url}${path}`, { method: 'POST', body, signal, redirect: 'error' }).catch(
      fail,
    );
    const text = await response.text().catch(fail);
    if (!response.ok) throw new AppleError(`${path} answered ${response.status} ${readError(text)}`.trim());
    return parseJson(text);
  }

  return {
    async exchangeCode(code, { clientId, subject }) {
      const answer = await post('/auth/token', clientId, { grant_type: 'authorization_code', code });
      const { refresh_token: token, id_token: idToken } = (answer ?? {}) as Record<string, unknown>;
      if (typeof token !== 'string' || token === '') throw new AppleError('/auth/token gave no refresh token');
      // A code of somebody else's account would have theirs revoked one day. The answer comes from Apple itself, over TLS.
      if (subjectOf(idToken) !== subject) throw new AppleError('/auth/token answered for another account');
      return token;
    },
    async revokeToken(token, clientId) {
      await post('/auth/revoke', clientId, { token, token_type_hint: 'refresh_token' });
    },
  };
}

/** A client's password for some minutes: https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret */
function signClientSecret(
  { teamId, keyId, issuer }: AppleConfig,
  { key, clientId, now }: { key: KeyObject; clientId: string; now: Date },
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 300)
    .setAudience(issuer)
    .setSubject(clientId)
    .sign(key);
}

function openKey(privateKey: KeyObject | string): KeyObject {
  if (typeof privateKey !== 'string') return privateKey;
  const key = parsePrivateKey(readKeyFile(privateKey));
  if (key === undefined)
    throw new ConfigError(['APPLE_PRIVATE_KEY_FILE must hold a P-256 private key as PEM (PKCS #8)']);
  return key;
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(['APPLE_PRIVATE_KEY_FILE cannot be read']);
  }
}

function fail(cause: unknown): never {
  throw new AppleError('Apple did not answer', { cause });
}

/** The OAuth error's name; anything else an answer says stays out of our log. */
function readError(text: string): string {
  const { error } = (parseJson(text) ?? {}) as Record<string, unknown>;
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : '';
}

function subjectOf(idToken: unknown): string | undefined {
  try {
    return decodeJwt(String(idToken)).sub;
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
