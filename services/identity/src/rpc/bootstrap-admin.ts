import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { assignRole } from '../users/assign-role.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function bootstrapAdmin(ctx: Context): MethodImpl<typeof AdminService.method.bootstrapAdmin> {
  return async (request, context) => {
    const phoneNumber = requirePhoneNumber(request.phoneNumber).e164;
    const order = { phoneNumber, role: 'admin', firstName: '', lastName: '' } as const;
    return toUserMessage(await assignRole(ctx, callerOf(context), order));
  };
}
