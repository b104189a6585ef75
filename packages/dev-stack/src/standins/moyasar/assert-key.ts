import type { StandinRequest } from '../shared/http-types.ts';
import { isSameSecret } from '../shared/is-same-secret.ts';
import { Refusal } from '../shared/refusal.ts';
import type { MoyasarStandinOptions } from './config.ts';
import { errors, toFirewallBlock } from './errors.ts';

export type KeyKind = 'secret' | 'any';

/** Basic auth with the key as user name and an empty password. A client without a User-Agent does not even get to the API. */
export function assertKey(options: MoyasarStandinOptions, request: StandinRequest, kind: KeyKind): void {
  if (request.headers['user-agent'] === undefined) throw new Refusal(toFirewallBlock());
  const credentials = readBasic(request.headers.authorization);
  if (credentials === undefined || credentials.password !== '') throw errors.unauthenticated();
  if (isSameSecret(credentials.user, options.secretKey)) return;
  if (!isSameSecret(credentials.user, options.publishableKey)) throw errors.unauthenticated();
  if (kind === 'secret') throw errors.forbidden();
}

export function isSecretKey(options: MoyasarStandinOptions, request: StandinRequest): boolean {
  return readBasic(request.headers.authorization)?.user === options.secretKey;
}

function readBasic(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
