import { create } from '@bufbuild/protobuf';
import {
  type UserContact,
  UserContactSchema,
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
