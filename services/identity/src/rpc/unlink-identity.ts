import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import { callerOf, insertEvents, type Queryable } from '@mawid/service-kit';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { deleteIdentity, listIdentities } from '../db/identities.ts';
import { lockUser } from '../db/session-versions.ts';
import type { SocialProvider } from '../domain/social-identity.ts';
import { errors } from '../errors.ts';
import { requireFreshUser } from '../sessions/require-fresh-user.ts';
import { queueAppleRevocations } from '../social/queue-apple-revocations.ts';
import { securityNotice } from '../users/security-notice.ts';

export function unlinkIdentity(ctx: Context): MethodImpl<typeof LinkedIdentityService.method.unlinkIdentity> {
  return async ({ identityId }, context) => {
    const { user } = await requireFreshUser(ctx, context);
    const caller = callerOf(context);
    const provider = await requireProvider(ctx.database, user.id, identityId);
    const line = { kind: 'identity_unlinked', userId: user.id, details: { provider } } as const;
    await auditRefusals(ctx, { ...line, caller }, () =>
      ctx.database.transaction(async (tx) => {
        await lockUser(tx, user.id);
        // Of two calls that unlink the same one, the second finds none.
        await requireProvider(tx, user.id, identityId);
        await queueAppleRevocations(tx, user.id, identityId);
        if (!(await deleteIdentity(tx, user.id, identityId))) throw errors.lastSignInMethod();
        const now = ctx.clock.now();
        await insertEvents(tx, [securityNotice({ kind: 'identity_unlinked', user, detail: provider, now })]);
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
