import type { MethodImpl } from '@connectrpc/connect';
import type { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { auditRefusals } from '../audit/audit-refusals.ts';
import type { Context } from '../context.ts';
import { requireFreshUser } from '../sessions/require-fresh-user.ts';
import { exchangeAppleCode } from '../social/exchange-apple-code.ts';
import { linkVerifiedIdentity } from '../social/link-verified-identity.ts';
import { requireIdentity, requireVerifier } from '../social/require-identity.ts';
import { requireLinkable } from '../social/require-linkable.ts';
import { toLinkedIdentity } from '../social/to-linked-identity.ts';

export function linkIdentity(ctx: Context): MethodImpl<typeof LinkedIdentityService.method.linkIdentity> {
  return async (request, context) => {
    const { user, sessionId } = await requireFreshUser(ctx, context);
    const { provider, authorizationCode } = request;
    requireVerifier(ctx, provider);
    const caller = callerOf(context);
    const attempt = { kind: 'identity_linked', caller, userId: user.id, details: { provider } } as const;
    return auditRefusals(ctx, attempt, async () => {
      const identity = await requireIdentity(ctx, request);
      await requireLinkable(ctx.database, user.id, identity);
      const grant = await exchangeAppleCode(ctx, identity, authorizationCode);
      return toLinkedIdentity(await linkVerifiedIdentity(ctx, { userId: user.id, sessionId, identity, grant, caller }));
    });
  };
}
