import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { sealKey } from '../crypto/sealed-key.ts';
import { findIdentity, insertIdentity, saveGrant } from '../db/identities.ts';
import { lockUser } from '../db/session-versions.ts';
import type { LinkedIdentity } from '../domain/social-identity.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { securityNotice } from '../users/security-notice.ts';
import type { AppleGrant } from './exchange-apple-code.ts';
import type { VerifiedIdentity } from './id-token-verifier.ts';

export interface Link {
  user: User;
  identity: VerifiedIdentity;
  grant: AppleGrant | undefined;
  caller: Caller;
}

/** Links an identity to a user, once: the same again is answered the same, and nobody is told twice. */
export async function linkVerifiedIdentity(ctx: Context, link: Link): Promise<LinkedIdentity> {
  const linked = await ctx.database.transaction(async (tx) => {
    // Whatever changes somebody's identities, or erases them, comes before or after this.
    if ((await lockUser(tx, link.user.id)) === undefined) throw errors.unauthenticated();
    const fresh = toNewIdentity(link, ctx.clock.now());
    const isNew = await insertIdentity(tx, fresh);
    const identity = isNew ? fresh : await findIdentity(tx, fresh);
    if (identity?.userId !== link.user.id) throw errors.identityTaken();
    if (link.grant) await keepGrant(ctx, tx, { id: identity.id, grant: link.grant });
    if (isNew) await tell(ctx, tx, link);
    return identity;
  });
  ctx.relay.wake();
  return linked;
}

function toNewIdentity({ user, identity }: Link, now: Date): LinkedIdentity {
  const { provider, issuer, subject, email } = identity;
  return { id: uuidv7(), userId: user.id, provider, issuer, subject, email, linkedAt: now };
}

async function keepGrant(
  { config }: Context,
  tx: Transaction,
  { id, grant: { refreshToken, clientId } }: { id: string; grant: AppleGrant },
): Promise<void> {
  await saveGrant(tx, id, { sealedRefreshToken: sealKey(refreshToken, config.appleTokenSecret, id), clientId });
}

async function tell(ctx: Context, tx: Transaction, { user, identity: { provider }, caller }: Link): Promise<void> {
  const now = ctx.clock.now();
  await insertEvents(tx, [securityNotice({ kind: 'identity_linked', user, detail: provider, now })]);
  await recordAudit(ctx, tx, caller, {
    kind: 'identity_linked',
    outcome: 'ok',
    userId: user.id,
    details: { provider },
  });
}
