import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type User as UserMessage, UserSchema } from '@mawid/contracts/gen/mawid/identity/v1/user_pb.js';
import { displayName, type User } from '../domain/user.ts';
import { toRoleMessage } from './roles.ts';

export function toUserMessage(user: User): UserMessage {
  return create(UserSchema, {
    id: user.id,
    phoneNumber: user.phoneNumber,
    email: user.email ?? '',
    role: toRoleMessage(user.role),
    firstName: user.firstName,
    lastName: user.lastName,
    displayName: displayName(user),
    preferredLanguage: user.preferredLanguage ?? '',
    isPhoneVerified: user.verifiedAt !== undefined,
    createdAt: timestampFromDate(user.createdAt),
  });
}
