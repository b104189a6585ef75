import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type UserContact,
  UserContactSchema,
  UserErasedSchema,
  UserUpdatedSchema,
  UserVerifiedSchema,
} from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import { languageOf, type User } from '../domain/user.ts';
import { toRoleMessage } from './roles.ts';

export function userVerified(user: User): OutgoingEvent {
  const message = create(UserVerifiedSchema, { contact: toUserContact(user) });
  return { schema: UserVerifiedSchema, message, aggregateId: user.id, aggregateVersion: user.version };
}

export function userUpdated(user: User): OutgoingEvent {
  const message = create(UserUpdatedSchema, { contact: toUserContact(user) });
  return { schema: UserUpdatedSchema, message, aggregateId: user.id, aggregateVersion: user.version };
}

/** The last fact about a user, who is as they were. */
export function userErased(user: Pick<User, 'id' | 'version'>, now: Date): OutgoingEvent {
  const version = user.version + 1;
  const message = create(UserErasedSchema, {
    userId: user.id,
    erasedAt: timestampFromDate(now),
    version: BigInt(version),
  });
  return { schema: UserErasedSchema, message, aggregateId: user.id, aggregateVersion: version };
}

function toUserContact(user: User): UserContact {
  return create(UserContactSchema, {
    userId: user.id,
    phoneNumber: user.phoneNumber,
    email: user.email ?? '',
    language: languageOf(user),
    firstName: user.firstName,
    lastName: user.lastName,
    role: toRoleMessage(user.role),
    isPhoneVerified: user.verifiedAt !== undefined,
    version: BigInt(user.version),
  });
}
