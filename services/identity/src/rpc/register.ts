import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { type Caller, callerOf } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { requireRegistration } from '../budgets/require-registration.ts';
import type { Context } from '../context.ts';
import { isEmailTaken, type NewUser, saveProvisionalUser } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { toProfile } from '../users/to-profile.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function register(ctx: Context): MethodImpl<typeof AuthService.method.register> {
  return async (request, context) => {
    const phoneNumber = requirePhoneNumber(request.phoneNumber).e164;
    const profile = toProfile(request);
    const now = ctx.clock.now();
    const sent: User = {
      ...profile,
      id: uuidv7(),
      phoneNumber,
      role: 'customer',
      verifiedAt: undefined,
      suspendedAt: undefined,
      suspensionReason: undefined,
      sessionVersion: 1,
      version: 1,
      createdAt: now,
    };
    await saveRegistration(ctx, callerOf(context), { ...profile, id: sent.id, phoneNumber, now });
    // What was sent, also when the phone is known: the stored user is nobody's business before a code is shown.
    return toUserMessage(sent);
  };
}

async function saveRegistration(ctx: Context, caller: Caller, sent: NewUser): Promise<void> {
  const { phoneNumber, email } = sent;
  const audit = { kind: 'registered', phoneNumber } as const;
  await auditRefusals(ctx, { ...audit, caller }, async () => {
    await requireRegistration(ctx, caller, sent.now);
    await ctx.database.transaction(async (tx) => {
      if (email && (await isEmailTaken(tx, email, phoneNumber))) throw errors.emailTaken();
      const { id: userId } = await saveProvisionalUser(tx, sent);
      const details = { is_new: String(userId === sent.id) };
      await recordAudit(ctx, tx, caller, { ...audit, outcome: 'ok', userId, details });
    });
  });
}
