import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { isEmailTaken, saveProvisionalUser } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { toProfile } from '../users/to-profile.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function register(ctx: Context): MethodImpl<typeof AuthService.method.register> {
  return async (request) => {
    const phoneNumber = requirePhoneNumber(request.phoneNumber).e164;
    const profile = toProfile(request);
    const now = ctx.clock.now();
    const sent: User = {
      ...profile,
      id: uuidv7(),
      phoneNumber,
      role: 'customer',
      verifiedAt: undefined,
      sessionVersion: 1,
      version: 1,
      createdAt: now,
    };
    if (profile.email && (await isEmailTaken(ctx.database, profile.email, phoneNumber))) throw errors.emailTaken();
    await saveProvisionalUser(ctx.database, { ...profile, id: sent.id, phoneNumber, now });
    // What was sent, also when the phone is known: the stored user is nobody's business before a code is shown.
    return toUserMessage(sent);
  };
}
