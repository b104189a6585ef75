import type { Caller, Queryable } from '@mawid/service-kit';
import { trace } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { insertAuditEntry } from '../db/audit-log.ts';
import { readDevice } from '../devices/read-device.ts';
import type { AuditActor, AuditEntry } from '../domain/audit.ts';

export type CallAudit = Pick<AuditEntry, 'kind' | 'outcome' | 'reason' | 'userId' | 'phoneNumber' | 'details'> & {
  /** Whoever calls, where it is not said. */
  actor?: AuditActor | undefined;
};

/**
 * Writes down what a call did: in its transaction where it did something, so that one is not without the other; on the database
 * itself for a refusal, whose transaction is rolled back.
 */
export async function recordAudit(ctx: Context, on: Queryable, caller: Caller, audit: CallAudit): Promise<void> {
  await insertAuditEntry(on, {
    ...audit,
    id: uuidv7(),
    at: ctx.clock.now(),
    actor: audit.actor ?? actorOf(caller),
    address: caller.address,
    deviceId: readDevice(ctx, caller).id,
    userAgent: caller.userAgent,
    traceId: trace.getActiveSpan()?.spanContext().traceId,
  });
}

/** Writes down what happened by itself. */
export async function recordSystemAudit(ctx: Context, on: Queryable, audit: Omit<CallAudit, 'actor'>): Promise<void> {
  await insertAuditEntry(on, {
    ...audit,
    id: uuidv7(),
    at: ctx.clock.now(),
    actor: { kind: 'system' },
    traceId: trace.getActiveSpan()?.spanContext().traceId,
  });
}

function actorOf({ kind, userId, peer }: Caller): AuditActor {
  if (kind === 'user') return { kind, id: userId };
  return kind === 'service' ? { kind, id: peer } : { kind: 'anonymous' };
}
