import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ExportMeResponse,
  ExportMeResponseSchema,
  type KnownDevice,
  KnownDeviceSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import type { Transaction } from '@mawid/service-kit';
import { toAuditMessage } from '../audit/to-audit-message.ts';
import { type AuditRow, listAuditEntriesOfUser } from '../db/audit-log.ts';
import { listIdentities } from '../db/identities.ts';
import { type DeviceOfUser, listDevicesOfUser } from '../db/known-devices.ts';
import { listAllSessionsOfUser } from '../db/session-lists.ts';
import type { User } from '../domain/user.ts';
import { toSessionMessage } from '../sessions/to-session-message.ts';
import { toLinkedIdentity } from '../social/to-linked-identity.ts';
import { toUserMessage } from './to-user-message.ts';

const mostAuditLines = 1000;

/** Everything that is kept about a user. */
export async function exportUser(
  tx: Transaction,
  { user, sessionId, now }: { user: User; sessionId: string; now: Date },
): Promise<ExportMeResponse> {
  const { id: userId, phoneNumber, createdAt: since } = user;
  const sessions = await listAllSessionsOfUser(tx, userId);
  const identities = await listIdentities(tx, userId);
  const devices = await listDevicesOfUser(tx, userId);
  const lines = await listAuditEntriesOfUser(tx, { userId, phoneNumber, since, limit: mostAuditLines });
  return create(ExportMeResponseSchema, {
    user: toUserMessage(user),
    sessions: sessions.map((session) => toSessionMessage(session, sessionId)),
    identities: identities.map(toLinkedIdentity),
    devices: devices.map(toDeviceMessage),
    auditEntries: lines.map((line) => toAuditMessage(withoutOperator(line, userId))),
    exportedAt: timestampFromDate(now),
  });
}

// Where an operator sat, and who that was, is the operator's data.
function withoutOperator(line: AuditRow, userId: string): AuditRow {
  const { actor } = line;
  if (actor.kind !== 'user' || actor.id === userId) return line;
  return { ...line, actor: { kind: 'user' }, address: undefined, deviceId: undefined, userAgent: undefined };
}

function toDeviceMessage({ deviceId, firstSeenAt, lastSeenAt }: DeviceOfUser): KnownDevice {
  return create(KnownDeviceSchema, {
    deviceId,
    firstSeenAt: timestampFromDate(firstSeenAt),
    lastSeenAt: timestampFromDate(lastSeenAt),
  });
}
