import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { assignRole } from '../users/assign-role.ts';
import { requireOperator } from '../users/require-operator.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { parseRole } from '../users/roles.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function setUserRole(ctx: Context): MethodImpl<typeof AdminService.method.setUserRole> {
  return async (request, context) => {
    const { caller } = await requireOperator(ctx, context);
    const phoneNumber = requirePhoneNumber(request.phoneNumber).e164;
    const role = parseRole(request.role);
    if (role === undefined) throw errors.fieldRequired('role');
    const [firstName, lastName] = [request.firstName.trim(), request.lastName.trim()];
    return toUserMessage(await assignRole(ctx, caller, { phoneNumber, role, firstName, lastName }));
  };
}
