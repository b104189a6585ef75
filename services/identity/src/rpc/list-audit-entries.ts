import { create } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AdminService,
  type ListAuditEntriesRequest,
  ListAuditEntriesResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import { toAuditMessage } from '../audit/to-audit-message.ts';
import type { Context } from '../context.ts';
import { type AuditQuery, type AuditRow, listAuditEntries as findAuditEntries } from '../db/audit-log.ts';
import { requireOperator } from '../users/require-operator.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';

export function listAuditEntries(ctx: Context): MethodImpl<typeof AdminService.method.listAuditEntries> {
  return async (request, context) => {
    const { user: operator, caller } = await requireOperator(ctx, context);
    const filter = toFilter(request);
    const list = { key: ctx.config.pageTokenKey, list: ['audit', operator.id, filter] };
    const [at, id] = requireCursor(list, request.pageToken) ?? [];
    const after = at !== undefined && id !== undefined ? { at, id } : undefined;
    const size = toPageSize(request.pageSize);
    const lines = await ctx.database.transaction(async (tx) => {
      const found = await findAuditEntries(tx, { ...filter, after, limit: size + 1 });
      const { userId, phoneNumber } = filter;
      const details = toDetails(filter);
      await recordAudit(ctx, tx, caller, { kind: 'audit_log_read', outcome: 'ok', userId, phoneNumber, details });
      return found;
    });
    const cursorOf = (line: AuditRow) => [line.at.toISOString(), line.id];
    const { rows, nextPageToken } = toPage(lines, size, { ...list, cursorOf });
    return create(ListAuditEntriesResponseSchema, { entries: rows.map(toAuditMessage), nextPageToken });
  };
}

type Filter = Omit<AuditQuery, 'after' | 'limit'>;

function toFilter(request: ListAuditEntriesRequest): Filter {
  return {
    userId: request.userId || undefined,
    actorId: request.actorId || undefined,
    phoneNumber: request.phoneNumber === '' ? undefined : requirePhoneNumber(request.phoneNumber).e164,
    kind: request.kind || undefined,
    from: request.from && timestampDate(request.from),
    to: request.to && timestampDate(request.to),
  };
}

// No line has another: what an operator typed into the wrong field would outlive the person it is about.
const kindForm = /^[a-z_]+$/;
const actorForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]+)$/;

function toDetails({ actorId, kind, from, to }: Filter): Record<string, string> {
  const known = { actor_id: actorForm.exec(actorId ?? '')?.[0], kind: kindForm.exec(kind ?? '')?.[0] };
  const said = Object.entries({ ...known, from: from?.toISOString(), to: to?.toISOString() });
  return Object.fromEntries(said.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
