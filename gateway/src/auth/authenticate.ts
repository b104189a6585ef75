import { decideAccess, type Principal } from '../rest/access.ts';
import type { Binding } from '../rest/binding.ts';
import { Refusal } from '../rest/problem/refusal.ts';

/** What a valid token says. */
export interface VerifiedToken {
  readonly role: string;
  readonly userId?: string;
  /** The language the user chose. */
  readonly locale?: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

/** Verifies access tokens, as @mawid/service-kit's verifier does: undefined for one that is not valid; rejects when nobody can tell at the moment. */
export interface TokenVerifier {
  verify(token: string): Promise<VerifiedToken | undefined>;
}

/** Who calls, and the token to forward; without one the call goes out as nobody's. */
export interface Identity {
  readonly principal: Principal | undefined;
  readonly token: string | undefined;
}

const nobody: Identity = { principal: undefined, token: undefined };

/**
 * Finds out who calls. A token that is not valid counts as none: the one who comes to refresh it must get through. Throws the refusal 503 where the token
 * cannot be checked and the method needs one.
 */
export async function identify(
  binding: Binding,
  token: string | undefined,
  verifier: TokenVerifier,
): Promise<Identity> {
  if (token === undefined) return nobody;
  try {
    const verified = await verifier.verify(token);
    if (verified === undefined) return nobody;
    const { role, userId, expiresAt, locale } = verified;
    return { principal: { role, userId, expiresAt, locale }, token };
  } catch (error) {
    if (binding.access.public) return nobody;
    throw new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: 2 }, { cause: error });
  }
}

/** Decides by the method's access rule. Throws the refusals 401, which says whether a token came, and 403. */
export function assertAdmitted(binding: Binding, { principal }: Identity, hadToken: boolean): void {
  const decision = decideAccess(binding.access, principal);
  if (decision === 'unauthenticated') throw unauthenticated(hadToken);
  if (decision === 'denied') throw new Refusal('PERMISSION_DENIED', { status: 403 });
}

function unauthenticated(hadToken: boolean): Refusal {
  const challenge = `Bearer realm="mawid"${hadToken ? ', error="invalid_token"' : ''}`;
  return new Refusal('UNAUTHENTICATED', { status: 401, headers: { 'www-authenticate': challenge } });
}
