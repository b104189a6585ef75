import { createClient } from '@connectrpc/connect';
import { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import type { Caller } from '@mawid/service-kit';
import { createTestTransport } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import type { EndReason } from '../../src/db/sessions.ts';
import type { Role } from '../../src/domain/user.ts';
import { routes } from '../../src/rpc/index.ts';
import { issueAccessToken } from '../../src/sessions/issue-access-token.ts';
import { startSession } from '../../src/sessions/start-session.ts';
import type { IdentityFixture } from '../identity-fixture.ts';

export interface OpenedSession {
  id: string;
  userId: string;
  access: string;
  refresh: string;
  /** Our name for the device, as its client is to send it. */
  deviceToken: string | undefined;
}

/** Sessions without codes: whoever needs a thousand of them has no need of messages. */
export function openSessions(identity: IdentityFixture) {
  const { ctx } = identity;

  async function newUser(role: Role = 'customer'): Promise<string> {
    const [id, now] = [uuidv7(), identity.clock.now()];
    await identity.rows(
      `INSERT INTO users (id, phone_number, role, verified_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $4, $4)`,
      ...[id, identity.newPhone(), role, now],
    );
    return id;
  }

  async function open(userId: string, caller: Partial<Caller> = {}): Promise<OpenedSession> {
    const start = {
      user: { id: userId },
      amr: ['otp'],
      caller: { kind: 'anonymous' as const, locale: 'en' as const, ...caller },
    };
    const { session, refresh, deviceToken } = await ctx.database.transaction((tx) => startSession(ctx, tx, start));
    const { access } = await issueAccessToken(ctx, session);
    return { id: session.id, userId, access, refresh, deviceToken };
  }

  return {
    newUser,
    open,
    client: createClient(SessionService, createTestTransport(routes(ctx), { telemetry: ctx.telemetry })),
    refresh: (token: string, deviceId?: string) =>
      identity.auth.refreshToken({ refresh: token }, { headers: deviceId ? { 'x-device-id': deviceId } : {} }),
    async endOf(id: string): Promise<EndReason | undefined> {
      const rows = await identity.rows<{ end_reason: EndReason | null }>(
        'SELECT end_reason FROM sessions WHERE id = $1',
        id,
      );
      return rows[0]?.end_reason ?? undefined;
    },
    tokensOf: (id: string) => identity.rows('SELECT * FROM refresh_tokens WHERE session_id = $1', id),
    auditOf: (userId: string) =>
      identity.rows<{ kind: string; outcome: string; details: Record<string, string> }>(
        'SELECT kind, outcome, details FROM audit_log WHERE user_id = $1 ORDER BY id',
        userId,
      ),
    eventsOf: (subject: string, aggregateId: string) =>
      identity.rows<{ payload: Buffer }>(
        'SELECT payload FROM outbox WHERE subject = $1 AND aggregate_id = $2 ORDER BY id',
        ...[subject, aggregateId],
      ),
  };
}

export type Sessions = ReturnType<typeof openSessions>;
