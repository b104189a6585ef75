import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import type { Context } from '../context.ts';
import { assignRole } from '../users/assign-role.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function bootstrapAdmin(ctx: Context): MethodImpl<typeof AdminService.method.bootstrapAdmin> {
  return async (request) => {
    const phoneNumber = requirePhoneNumber(request.phoneNumber).e164;
    return toUserMessage(await assignRole(ctx, { phoneNumber, role: 'admin', firstName: '', lastName: '' }));
  };
}
