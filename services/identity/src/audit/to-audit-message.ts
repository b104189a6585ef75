import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type AuditEntry as AuditEntryMessage,
  AuditEntrySchema,
} from '@mawid/contracts/gen/mawid/identity/v1/audit_pb.js';
import type { AuditRow } from '../db/audit-log.ts';

export function toAuditMessage(line: AuditRow): AuditEntryMessage {
  return create(AuditEntrySchema, {
    id: line.id,
    time: timestampFromDate(line.at),
    kind: line.kind,
    outcome: line.outcome,
    reason: line.reason ?? '',
    actorKind: line.actor.kind,
    actorId: line.actor.id ?? '',
    userId: line.userId ?? '',
    phoneNumber: line.phoneNumber ?? '',
    address: line.address ?? '',
    deviceId: line.deviceId ?? '',
    userAgent: line.userAgent ?? '',
    details: { ...line.details },
    traceId: line.traceId ?? '',
  });
}
