import { type Caller, outsideCall, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { sealKey } from '../crypto/sealed-key.ts';
import { insertUnusedGrant } from '../db/apple-revocations.ts';
import { findIdentity, insertIdentity, type SealedGrant, saveGrant } from '../db/identities.ts';
import type { LinkedIdentity } from '../domain/social-identity.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { lockLiveUser } from '../sessions/lock-live-user.ts';
import { tellUser } from '../users/tell-user.ts';
import type { AppleGrant } from './exchange-apple-code.ts';
import type { VerifiedIdentity } from './id-token-verifier.ts';

export interface Link {
  userId: string;
  /** The one that asks. */
  sessionId: string;
  identity: VerifiedIdentity;
  grant: AppleGrant | undefined;
  caller: Caller;
}

/** Links an identity to a user, once: the same again is answered the same, and nobody is told twice. */
export async function linkVerifiedIdentity(ctx: Context, link: Link): Promise<LinkedIdentity> {
  try {
    const linked = await ctx.database.transaction((tx) => linkInTransaction(ctx, tx, link));
    ctx.relay.wake();
    return linked;
  } catch (error) {
    await outsideCall(() => dropGrant(ctx, link));
    throw error;
  }
}

async function linkInTransaction(ctx: Context, tx: Transaction, link: Link): Promise<LinkedIdentity> {
  // Whatever changes somebody's identities, erases them or signs them out comes before or after this.
  const user = await lockLiveUser(tx, link);
  const fresh = toNewIdentity(link, ctx.clock.now());
  const isNew = await insertIdentity(tx, fresh);
  const identity = isNew ? fresh : await findIdentity(tx, fresh);
  if (identity?.userId !== user.id) throw errors.identityTaken();
  if (link.grant) await saveGrant(tx, identity.id, sealGrant(ctx, link.grant, identity.id));
  if (isNew) await tell(ctx, tx, { link, user });
  return identity;
}

function toNewIdentity({ userId, identity }: Link, now: Date): LinkedIdentity {
  const { provider, issuer, subject, email } = identity;
  return { id: uuidv7(), userId, provider, issuer, subject, email, linkedAt: now };
}

function sealGrant({ config }: Context, { refreshToken, clientId }: AppleGrant, id: string): SealedGrant {
  return { sealedRefreshToken: sealKey(refreshToken, config.appleTokenSecret, id), clientId };
}

async function tell(
  ctx: Context,
  tx: Transaction,
  { link: { identity, caller }, user }: { link: Link; user: User },
): Promise<void> {
  const { provider } = identity;
  await tellUser(ctx, tx, { kind: 'identity_linked', user, detail: provider, now: ctx.clock.now() });
  await recordAudit(ctx, tx, caller, {
    kind: 'identity_linked',
    outcome: 'ok',
    userId: user.id,
    details: { provider },
  });
}

/** What Apple gave for a link that did not come about must not stay granted. */
async function dropGrant(ctx: Context, { identity, grant }: Link): Promise<void> {
  if (grant === undefined) return;
  const id = uuidv7();
  await insertUnusedGrant(ctx.database, { id, identity, ...sealGrant(ctx, grant, id) }).catch((error: unknown) =>
    ctx.logger.error({ err: error }, 'a grant of Apple that nobody uses will not be revoked'),
  );
}
