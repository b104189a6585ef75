import type { Queryable } from '@mawid/service-kit';
import type { AuditEntry } from '../domain/audit.ts';

export interface AuditRow extends AuditEntry {
  id: string;
  traceId: string | undefined;
}

export async function insertAuditEntry(on: Queryable, entry: AuditRow): Promise<void> {
  await on.query({
    name: 'audit_log.insert',
    text: `INSERT INTO audit_log (id, at, kind, outcome, reason, actor_kind, actor_id, user_id, phone_number, address, device_id,
                                  user_agent, details, trace_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    values: [
      ...[entry.id, entry.at, entry.kind, entry.outcome, entry.reason ?? '', entry.actor.kind, entry.actor.id],
      ...[entry.userId, entry.phoneNumber, entry.address, entry.deviceId, entry.userAgent],
      ...[entry.details ?? {}, entry.traceId],
    ],
  });
}
