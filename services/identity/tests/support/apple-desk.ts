import { jwtVerify } from 'jose';
import type { StandinAnswer } from './serve-standin.ts';
import type { SigningKey } from './social-standin.ts';

/** `late`: it acts, and the answer never comes. */
export type AppleFault = 'none' | 'error' | 'refuse' | 'hang' | 'drop' | 'late';

interface Desk {
  fault: AppleFault;
  /** Codes that are good once: the subject each stands for. */
  codes: Map<string, string>;
  /** The client that each refresh token was given to. */
  granted: Map<string, string>;
  revoked: Set<string>;
  calls: string[];
  /** Runs in the middle of each call. */
  onCall: (() => Promise<void>) | undefined;
}

interface DeskOptions {
  /** The key that client secrets must be signed with. */
  ours: SigningKey;
  now: () => Date;
  sign(claims: Record<string, unknown>): Promise<string>;
}

/** Apple's token endpoints, as https://developer.apple.com/documentation/signinwithapplerestapi has them. */
export function createAppleDesk(options: DeskOptions) {
  const desk: Desk = {
    ...{ fault: 'none', codes: new Map(), granted: new Map(), revoked: new Set() },
    ...{ calls: [], onCall: undefined },
  };

  async function act(path: string, body: URLSearchParams): Promise<StandinAnswer> {
    const clientId = body.get('client_id') ?? '';
    if (!(await isSecretRight(body.get('client_secret') ?? '', clientId, options))) return refuse('invalid_client');
    return path === '/auth/revoke'
      ? revoke(desk, body, clientId)
      : exchange(desk, body, { clientId, sign: options.sign });
  }

  async function answer(path: string, body: URLSearchParams): Promise<StandinAnswer> {
    const { fault } = desk;
    desk.calls.push(path);
    await desk.onCall?.();
    if (fault === 'hang' || fault === 'drop') return fault;
    if (fault === 'error') return { status: 500, body: {} };
    if (fault === 'refuse') return refuse('invalid_grant');
    const acted = await act(path, body);
    return fault === 'late' ? 'hang' : acted;
  }

  return { desk, answer };
}

async function exchange(
  desk: Desk,
  body: URLSearchParams,
  { clientId, sign }: { clientId: string; sign: DeskOptions['sign'] },
): Promise<StandinAnswer> {
  const code = body.get('code') ?? '';
  const subject = desk.codes.get(code);
  if (subject === undefined || body.get('grant_type') !== 'authorization_code') return refuse('invalid_grant');
  desk.codes.delete(code);
  const token = `refresh-of-${code}`;
  desk.granted.set(token, clientId);
  return { status: 200, body: { refresh_token: token, id_token: await sign({ sub: subject, aud: clientId }) } };
}

function revoke(desk: Desk, body: URLSearchParams, clientId: string): StandinAnswer {
  const token = body.get('token') ?? '';
  // Apple answers 200 for tokens it does not know; it does nothing for those of another client.
  if (desk.granted.get(token) === clientId) desk.revoked.add(token);
  return { status: 200, body: {} };
}

async function isSecretRight(secret: string, clientId: string, { ours, now }: DeskOptions): Promise<boolean> {
  const rules = { issuer: 'TEAM', audience: 'https://appleid.apple.com', subject: clientId, algorithms: ['ES256'] };
  const { protectedHeader } = await jwtVerify(secret, ours.publicKey, { ...rules, currentDate: now() }).catch(() => ({
    protectedHeader: undefined,
  }));
  return protectedHeader?.kid === ours.kid;
}

function refuse(error: string): StandinAnswer {
  return { status: 400, body: { error } };
}
