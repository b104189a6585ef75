import type { Interceptor } from '@connectrpc/connect';
import { refuse } from '../errors/refuse.ts';
import { assertAllowed, isPublic } from './access.ts';
import { callHeader } from './call-headers.ts';
import { type Caller, callerKey, type Locale } from './caller.ts';
import { endWithSession } from './end-with-session.ts';
import { KeysUnreachableError } from './key-source.ts';
import { type Peer, type PeerRules, peerOf } from './peer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

export interface AuthOptions extends PeerRules {
  verifier: TokenVerifier;
  /** How often the session of an open stream is looked at, milliseconds; 15,000. */
  streamCheckMs?: number | undefined;
}

type Request = Parameters<Parameters<Interceptor>[0]>[0];

/**
 * Finds out who calls, leaves it for `callerOf`, and applies the method's access rule. A token that is not valid is refused,
 * except on public methods, which go on as if there were none (a refresh comes with an expired token). A stream ends with the
 * token or the session that opened it.
 */
export function auth({ verifier, streamCheckMs = 15_000, ...rules }: AuthOptions): Interceptor {
  return (next) => async (request) => {
    const token = bearerOf(request.header);
    const verified = token === undefined ? undefined : await verify(verifier, request, token);
    if (token !== undefined && !verified && !isPublic(request.method)) throw refuse('UNAUTHENTICATED');
    const caller = toCaller(request.header, verified && { ...verified, token }, peerOf(request, rules));
    assertAllowed(request.method, caller);
    request.contextValues.set(callerKey, caller);
    const response = await next(request);
    if (!response.stream || token === undefined || verified === undefined) return response;
    const isOver = async () => (await verifier.verify(token)) === undefined;
    const session = { expiresAt: verified.expiresAt, everyMs: streamCheckMs, isOver };
    return { ...response, message: endWithSession(response.message, session) };
  };
}

async function verify(verifier: TokenVerifier, request: Request, token: string): Promise<VerifiedToken | undefined> {
  try {
    return await verifier.verify(token);
  } catch (error) {
    if (!(error instanceof KeysUnreachableError)) throw error;
    if (isPublic(request.method)) return undefined;
    throw refuse('UNAVAILABLE', { retryAfterSeconds: 2, cause: error });
  }
}

function toCaller(
  header: Headers,
  verified: (VerifiedToken & { token?: string | undefined }) | undefined,
  { name: peer, address }: Peer,
): Caller {
  const get = (name: string) => header.get(name) || undefined;
  const preferredLocale = preferredOf(get(callHeader.language));
  return {
    kind: verified ? 'user' : peer && peer !== 'gateway' ? 'service' : 'anonymous',
    userId: verified?.userId,
    role: verified?.role,
    sessionId: verified?.sessionId,
    authTime: verified?.authTime,
    token: verified?.token,
    locale: preferredLocale ?? 'en',
    preferredLocale,
    peer,
    address,
    requestId: get(callHeader.requestId),
    idempotencyKey: get(callHeader.idempotencyKey),
    ifMatch: get(callHeader.ifMatch),
    deviceId: get(callHeader.deviceId),
    userAgent: get(callHeader.clientAgent)?.slice(0, 200),
  };
}

function bearerOf(header: Headers): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(header.get(callHeader.authorization) ?? '')?.[1];
}

/** The first of the languages asked for, by their weight, that we speak. */
export function preferredOf(acceptLanguage: string | undefined): Locale | undefined {
  const wanted = (acceptLanguage ?? '').split(',').map((part, index) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = parameters.map((each) => /^\s*q=([\d.]+)/.exec(each)?.[1]).find((each) => each !== undefined);
    return { language: tag.split('-')[0], weight: Number(weight ?? 1), index };
  });
  wanted.sort((a, b) => b.weight - a.weight || a.index - b.index);
  const found = wanted.find(({ language, weight }) => weight > 0 && (language === 'ar' || language === 'en'));
  return found?.language as Locale | undefined;
}
