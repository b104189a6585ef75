import { createClient, type Transport } from '@connectrpc/connect';
import { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { outsideCall } from '../rpc/call-signal.ts';
import type { TokenSession } from './deny-list.ts';

/** Asks whether a session lives; undefined when nobody can say. Never throws. */
export type SessionCheck = (session: TokenSession) => Promise<boolean | undefined>;

export interface SessionCheckOptions {
  /** Leads to identity. */
  transport: Transport;
  timeoutMs?: number;
  /** After a failure nobody is asked for this long, so that an outage does not make every call wait. */
  pauseMs?: number;
  now?: () => number;
}

/** Creates a check that asks identity. */
export function createSessionCheck(options: SessionCheckOptions): SessionCheck {
  const { transport, timeoutMs = 1_000, pauseMs = 1_000, now = () => performance.now() } = options;
  const client = createClient(SessionService, transport);
  let pausedUntil = 0;
  return async ({ userId, sessionId, sessionVersion }) => {
    if (now() < pausedUntil) return undefined;
    try {
      // Others may wait for the same answer when the call that asked is over.
      const request = { userId, sessionId, sessionVersion };
      return (await outsideCall(() => client.checkSession(request, { timeoutMs }))).isLive;
    } catch {
      pausedUntil = now() + pauseMs;
      return undefined;
    }
  };
}
