import type { Clock } from '@mawid/service-kit';
import { type AppleClient, createAppleClient } from './apple-client.ts';
import { createIdTokenVerifier, type IdTokenVerifier } from './id-token-verifier.ts';
import type { SocialConfig } from './social-settings.ts';

/** The providers that are configured. */
export interface Social {
  /** By the provider's name. */
  verifiers: ReadonlyMap<string, IdTokenVerifier>;
  apple: AppleClient | undefined;
}

export function createSocial({ providers, apple }: SocialConfig, clock: Clock): Social {
  return {
    verifiers: new Map(providers.map((each) => [each.provider, createIdTokenVerifier(each, { clock })])),
    apple: apple && createAppleClient(apple, { clock }),
  };
}
