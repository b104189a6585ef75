import type { Queryable, Transaction } from '@mawid/service-kit';
import type { AuditActor, AuditEntry, AuditKind } from '../domain/audit.ts';

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

/** What is not said does not narrow. */
export interface AuditQuery {
  userId?: string | undefined;
  actorId?: string | undefined;
  phoneNumber?: string | undefined;
  kind?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** The last line of the page before. */
  after?: { at: string; id: string } | undefined;
  limit: number;
}

interface AuditLogRow {
  id: string;
  at: Date;
  kind: AuditKind;
  outcome: 'ok' | 'refused';
  reason: string;
  actor_kind: AuditActor['kind'];
  actor_id: string | null;
  user_id: string | null;
  phone_number: string | null;
  address: string | null;
  device_id: string | null;
  user_agent: string | null;
  details: Record<string, string>;
  trace_id: string | null;
}

const columns = `id, at, kind, outcome, reason, actor_kind, actor_id, user_id, phone_number, address, device_id, user_agent,
  details, trace_id`;

/** Lines of the log, newest first. */
export async function listAuditEntries(tx: Transaction, query: AuditQuery): Promise<AuditRow[]> {
  // Which index is best depends on which filters are given.
  await tx.query({ name: 'plan_cache.off', text: 'SET LOCAL plan_cache_mode = force_custom_plan' });
  const { rows } = await tx.query<AuditLogRow>({
    name: 'audit_log.list',
    text: `SELECT ${columns} FROM audit_log
            WHERE ($1::uuid IS NULL OR user_id = $1) AND ($2::text IS NULL OR actor_id = $2)
              AND ($3::text IS NULL OR phone_number = $3) AND ($4::text IS NULL OR kind = $4)
              AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
              AND ($7::timestamptz IS NULL OR (at, id) < ($7, $8::uuid))
            ORDER BY at DESC, id DESC LIMIT $9`,
    values: [
      ...[query.userId, query.actorId, query.phoneNumber, query.kind, query.from, query.to],
      ...[query.after?.at, query.after?.id, query.limit],
    ],
  });
  return rows.map(toAuditRow);
}

/** What the log says about a user, and about their number since they have it: `since` where they have had no other. Newest first. */
export async function listAuditEntriesOfUser(
  on: Queryable,
  { userId, phoneNumber, since, limit }: { userId: string; phoneNumber: string; since: Date; limit: number },
): Promise<AuditRow[]> {
  const { rows } = await on.query<AuditLogRow>({
    name: 'audit_log.list_of_user',
    text: `SELECT ${columns} FROM audit_log
            WHERE user_id = $1
               OR (phone_number = $2 AND user_id IS NULL AND at >= coalesce((
                     SELECT max(c.at) FROM audit_log c
                      WHERE c.user_id = $1 AND c.kind = 'phone_changed' AND c.outcome = 'ok'), $3::timestamptz))
            ORDER BY at DESC, id DESC LIMIT $4`,
    values: [userId, phoneNumber, since, limit],
  });
  return rows.map(toAuditRow);
}

/** Deletes a batch of lines that have been kept long enough, and says how many; the log's own guard compares the days. */
export async function deleteOldAuditEntries(
  tx: Transaction,
  { before, keptDays, limit }: { before: Date; keptDays: number; limit: number },
): Promise<number> {
  await tx.query({
    name: 'audit_log.set_retention',
    text: `SELECT set_config('mawid.audit_retention_days', $1, true)`,
    values: [String(keptDays)],
  });
  const { rowCount } = await tx.query({
    name: 'audit_log.delete_old',
    text: `DELETE FROM audit_log WHERE id = ANY (ARRAY(SELECT id FROM audit_log WHERE at < $1 ORDER BY at, id LIMIT $2))`,
    values: [before, limit],
  });
  return rowCount ?? 0;
}

function toAuditRow(row: AuditLogRow): AuditRow {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    outcome: row.outcome,
    reason: row.reason,
    actor: { kind: row.actor_kind, id: row.actor_id ?? undefined },
    userId: row.user_id ?? undefined,
    phoneNumber: row.phone_number ?? undefined,
    address: row.address ?? undefined,
    deviceId: row.device_id ?? undefined,
    userAgent: row.user_agent ?? undefined,
    details: row.details,
    traceId: row.trace_id ?? undefined,
  };
}
