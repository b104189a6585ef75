import { refuse } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { IdTokenError, type IdTokenVerifier, type VerifiedIdentity } from './id-token-verifier.ts';
import { KeysUnreachableError } from './key-source.ts';

export interface IdTokenRequest {
  provider: string;
  idToken: string;
  nonce: string;
}

// About the time after which the provider is asked for its keys again.
const retryAfterSeconds = 30;

/** The checker of a provider's tokens; refuses a provider that is not configured, and one that does not exist. */
export function requireVerifier({ social }: Context, provider: string): IdTokenVerifier {
  const verify = social.verifiers.get(provider);
  if (verify === undefined) throw errors.socialProviderNotConfigured();
  return verify;
}

/** The account at a provider that a request proves. Whatever is wrong with a token, the answer is the same. */
export async function requireIdentity(ctx: Context, request: IdTokenRequest): Promise<VerifiedIdentity> {
  const { provider, idToken, nonce } = request;
  const verify = requireVerifier(ctx, provider);
  try {
    const identity = await verify({ idToken, nonce });
    ctx.metrics.idTokens.inc({ provider, outcome: 'accepted' });
    return identity;
  } catch (error) {
    const isAway = error instanceof KeysUnreachableError;
    if (!isAway && !(error instanceof IdTokenError)) throw error;
    ctx.metrics.idTokens.inc({ provider, outcome: isAway ? 'unavailable' : 'invalid' });
    throw isAway ? refuse('UNAVAILABLE', { retryAfterSeconds, cause: error }) : errors.idTokenInvalid(error);
  }
}
