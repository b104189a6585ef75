import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type LinkedIdentity as LinkedIdentityMessage,
  LinkedIdentitySchema,
} from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import type { LinkedIdentity } from '../domain/social-identity.ts';

export function toLinkedIdentity({ id, provider, email, linkedAt }: LinkedIdentity): LinkedIdentityMessage {
  return create(LinkedIdentitySchema, { id, provider, email: email ?? '', linkedAt: timestampFromDate(linkedAt) });
}
