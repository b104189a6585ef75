import { Role as RoleEnum } from '@mawid/contracts/gen/mawid/identity/v1/user_pb.js';
import type { Role } from '../domain/user.ts';

const messages: Record<Role, RoleEnum> = {
  customer: RoleEnum.CUSTOMER,
  staff: RoleEnum.STAFF,
  manager: RoleEnum.MANAGER,
  admin: RoleEnum.ADMIN,
};

export function toRoleMessage(role: Role): RoleEnum {
  return messages[role];
}

/** Undefined for the unspecified role and numbers that are none. */
export function parseRole(message: RoleEnum): Role | undefined {
  return (Object.keys(messages) as Role[]).find((role) => messages[role] === message);
}
