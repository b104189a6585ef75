export const socialProviders = ['google', 'apple'] as const;
export type SocialProvider = (typeof socialProviders)[number];

/** An account at a provider. Who it is are issuer and subject together, and nothing else. */
export interface SocialIdentity {
  provider: SocialProvider;
  /** In one spelling, whichever of the provider's issuers the token named. */
  issuer: string;
  subject: string;
  /** To show, never to find anybody by. */
  email: string | undefined;
}

/** One that is linked to a user. */
export interface LinkedIdentity extends SocialIdentity {
  id: string;
  userId: string;
  linkedAt: Date;
}

/**
 * Whether a token belongs to the request that the client made. A client that gave the provider the SHA-256 of its nonce, and gives us
 * the nonce, shows what cannot be read in the token: nobody else who got hold of the token can present it. `hashOf` is that SHA-256.
 */
export function isNonceRight(inToken: unknown, given: string, hashOf: (nonce: string) => string): boolean {
  if (inToken === undefined) return given === '';
  return typeof inToken === 'string' && given !== '' && (inToken === given || inToken === hashOf(given));
}

/**
 * Whether the token was made for our clients and no one else's. Google names the app that asked in `azp` and the app's backend in
 * `aud`; with several audiences `azp` alone says whom the token was given to.
 */
export function isForClients(
  claims: { aud?: string | string[] | undefined; azp?: unknown },
  clientIds: readonly string[],
): boolean {
  const audiences = [claims.aud ?? []].flat();
  const isOurs = (client: unknown) => clientIds.some((id) => id === client);
  const isParty = claims.azp === undefined ? audiences.length === 1 : isOurs(claims.azp);
  return audiences.length > 0 && audiences.every(isOurs) && isParty;
}
