import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type UserAccount,
  UserAccountSchema,
  UserState as UserStateEnum,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { stateOf, type User, type UserState } from '../domain/user.ts';
import { toUserMessage } from './to-user-message.ts';

const messages: Record<UserState, UserStateEnum> = {
  provisional: UserStateEnum.PROVISIONAL,
  active: UserStateEnum.ACTIVE,
  suspended: UserStateEnum.SUSPENDED,
};

export function toAccountMessage(user: User): UserAccount {
  return create(UserAccountSchema, {
    user: toUserMessage(user),
    state: messages[stateOf(user)],
    suspensionReason: user.suspensionReason ?? '',
    ...(user.suspendedAt && { suspendedAt: timestampFromDate(user.suspendedAt) }),
  });
}

/** Undefined for the unspecified state. */
export function parseUserState(message: UserStateEnum): UserState | undefined {
  return (Object.keys(messages) as UserState[]).find((state) => messages[state] === message);
}
