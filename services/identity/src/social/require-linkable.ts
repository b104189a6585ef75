import type { Queryable } from '@mawid/service-kit';
import { findIdentity, listIdentities } from '../db/identities.ts';
import type { SocialIdentity } from '../domain/social-identity.ts';
import { errors } from '../errors.ts';

/** Refuses a link that cannot be, before Apple is asked for what would have to be given back. Those that race are told apart later. */
export async function requireLinkable(on: Queryable, userId: string, identity: SocialIdentity): Promise<void> {
  const { provider, issuer, subject } = identity;
  const owner = (await findIdentity(on, identity))?.userId ?? userId;
  const own = (await listIdentities(on, userId)).find((each) => each.provider === provider);
  // The same one may have been linked in between, by this user's other call.
  const isSame = own === undefined || (own.issuer === issuer && own.subject === subject);
  if (owner !== userId || !isSame) throw errors.identityTaken();
}
