import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  SignInWithIdTokenResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { type Caller, callerOf, type Transaction } from '@mawid/service-kit';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { findIdentity } from '../db/identities.ts';
import { lockUser } from '../db/session-versions.ts';
import type { SocialIdentity } from '../domain/social-identity.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { answerSignIn } from '../sessions/answer-sign-in.ts';
import { type StartedSession, startSession } from '../sessions/start-session.ts';
import { requireIdentity, requireVerifier } from '../social/require-identity.ts';

export function signInWithIdToken(ctx: Context): MethodImpl<typeof AuthService.method.signInWithIdToken> {
  return async (request, context) => {
    const { provider } = request;
    requireVerifier(ctx, provider);
    const caller = callerOf(context);
    const attempt = { kind: 'signed_in', caller, details: { provider } } as const;
    const identity = await auditRefusals(ctx, attempt, () => requireIdentity(ctx, request));
    const userId = (await findIdentity(ctx.database, identity))?.userId;
    const started = await auditRefusals(ctx, { ...attempt, userId }, () => signIn(ctx, caller, identity));
    ctx.relay.wake();
    return create(SignInWithIdTokenResponseSchema, await answerSignIn(ctx, context, started));
  };
}

/** It proves who somebody is at the provider, not whose phone it is: that stays unverified, and its budgets stay spent. */
function signIn(ctx: Context, caller: Caller, identity: SocialIdentity): Promise<StartedSession> {
  const { provider } = identity;
  return ctx.database.transaction(async (tx) => {
    const user = await lockOwner(tx, identity);
    if (user === undefined) throw errors.linkRequired();
    // RFC 8176 has no word for the word of another.
    const started = await startSession(ctx, tx, { user, amr: ['fed'], caller });
    const details = { provider, method: 'fed', session_id: started.session.id };
    await recordAudit(ctx, tx, caller, { kind: 'signed_in', outcome: 'ok', userId: user.id, details });
    return started;
  });
}

/** Whoever unlinks an identity holds the user's row as well: the second look sees whether they came first. */
async function lockOwner(tx: Transaction, identity: SocialIdentity): Promise<User | undefined> {
  const userId = (await findIdentity(tx, identity))?.userId;
  const user = userId === undefined ? undefined : await lockUser(tx, userId);
  return user && (await findIdentity(tx, identity))?.userId === user.id ? user : undefined;
}
