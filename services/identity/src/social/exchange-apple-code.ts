import type { Context } from '../context.ts';
import { AppleError } from './apple-client.ts';
import type { VerifiedIdentity } from './id-token-verifier.ts';

/** What can be revoked at Apple one day. */
export interface AppleGrant {
  refreshToken: string;
  clientId: string;
}

/**
 * What Apple gives for the authorization code that came with a token. Without it the identity is linked all the same; then only the
 * person can end the grant, in their Apple account. To be called outside of any transaction.
 */
export async function exchangeAppleCode(
  { social, metrics, logger }: Context,
  { provider, subject, clientId }: VerifiedIdentity,
  code: string,
): Promise<AppleGrant | undefined> {
  if (provider !== 'apple' || code === '') return undefined;
  try {
    if (social.apple === undefined) throw new AppleError('there is no key of ours at Apple');
    const refreshToken = await social.apple.exchangeCode(code, { clientId, subject });
    metrics.appleCalls.inc({ call: 'exchange', outcome: 'done' });
    return { refreshToken, clientId };
  } catch (error) {
    if (!(error instanceof AppleError)) throw error;
    metrics.appleCalls.inc({ call: 'exchange', outcome: 'failed' });
    logger.warn({ err: error }, 'an authorization code of Apple was not exchanged: this grant cannot be revoked by us');
    return undefined;
  }
}
