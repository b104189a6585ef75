import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import { callerOf, type Queryable } from '@mawid/service-kit';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { deleteIdentity, listIdentities } from '../db/identities.ts';
import type { SocialProvider } from '../domain/social-identity.ts';
import { errors } from '../errors.ts';
import { endFederatedSessions } from '../sessions/end-federated-sessions.ts';
import { lockLiveUser } from '../sessions/lock-live-user.ts';
import { requireFreshUser } from '../sessions/require-fresh-user.ts';
import { queueAppleRevocations } from '../social/queue-apple-revocations.ts';
import { tellUser } from '../users/tell-user.ts';

export function unlinkIdentity(ctx: Context): MethodImpl<typeof LinkedIdentityService.method.unlinkIdentity> {
  return async ({ identityId }, context) => {
    const { user: asking, sessionId } = await requireFreshUser(ctx, context);
    const [caller, userId] = [callerOf(context), asking.id];
    const provider = await requireProvider(ctx.database, userId, identityId);
    const line = { kind: 'identity_unlinked', userId, details: { provider } } as const;
    await auditRefusals(ctx, { ...line, caller }, () =>
      ctx.database.transaction(async (tx) => {
        const user = await lockLiveUser(tx, { userId, sessionId });
        // Of two calls that unlink the same one, the second finds none.
        await requireProvider(tx, userId, identityId);
        await queueAppleRevocations(tx, userId, identityId);
        if (!(await deleteIdentity(tx, userId, identityId))) throw errors.lastSignInMethod();
        await endFederatedSessions(ctx, tx, { userId, sessionId, caller });
        await tellUser(ctx, tx, { kind: 'identity_unlinked', user, detail: provider, now: ctx.clock.now() });
        await recordAudit(ctx, tx, caller, { ...line, outcome: 'ok' });
      }),
    );
    ctx.relay.wake();
    return create(EmptySchema);
  };
}

async function requireProvider(on: Queryable, userId: string, id: string): Promise<SocialProvider> {
  const identity = (await listIdentities(on, userId)).find((each) => each.id === id.toLowerCase());
  if (identity === undefined) throw errors.notFound();
  return identity.provider;
}
