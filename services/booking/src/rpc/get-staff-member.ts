import type { MethodImpl } from '@connectrpc/connect';
import type { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Context } from '../context.ts';
import { toStaffMessage } from '../messages/to-staff-message.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';

export function getStaffMember(ctx: Context): MethodImpl<typeof CatalogService.method.getStaffMember> {
  return async ({ staffId }, context) => {
    const { staff, isOwn } = await requireStaffMember(ctx, context, staffId);
    return toStaffMessage(staff, { showsUser: isOwn });
  };
}
