import { decideAccess, type Principal } from '../rest/access.ts';
import type { Binding } from '../rest/binding.ts';
import { Refusal } from '../rest/problem/refusal.ts';
import { localeClaimOf } from './locale-claim.ts';

/** Verifies access tokens, as @mawid/service-kit's verifier does: undefined for one that is not valid; rejects when nobody can tell at the moment. */
export interface TokenVerifier {
  verify(token: string): Promise<{ readonly role: string } | undefined>;
}

/** A caller who may pass, and the token to forward; without one the call goes out as nobody's. */
export interface Admission {
  readonly principal: Principal | undefined;
  readonly token: string | undefined;
}

const nobody: Admission = { principal: undefined, token: undefined };

/**
 * Decides by the method's access rule. Throws the refusals 401 and 403, and 503 where the token cannot be checked. On public methods a token that is no
 * longer valid counts as none: the one who comes to refresh it must get through.
 */
export async function admit(binding: Binding, token: string | undefined, verifier: TokenVerifier): Promise<Admission> {
  const admission = token === undefined ? nobody : await identify(binding, token, verifier);
  const decision = decideAccess(binding.access, admission.principal);
  if (decision === 'unauthenticated') throw unauthenticated(token !== undefined);
  if (decision === 'denied') throw new Refusal('PERMISSION_DENIED', { status: 403 });
  return admission;
}

async function identify(binding: Binding, token: string, verifier: TokenVerifier): Promise<Admission> {
  try {
    const verified = await verifier.verify(token);
    return verified ? { principal: { role: verified.role, locale: localeClaimOf(token) }, token } : nobody;
  } catch (error) {
    if (binding.access.public) return nobody;
    throw new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: 2 }, { cause: error });
  }
}

function unauthenticated(hadToken: boolean): Refusal {
  const challenge = `Bearer realm="mawid"${hadToken ? ', error="invalid_token"' : ''}`;
  return new Refusal('UNAUTHENTICATED', { status: 401, headers: { 'www-authenticate': challenge } });
}
