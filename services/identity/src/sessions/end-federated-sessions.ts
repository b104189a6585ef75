import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { forgetFederatedDevices } from '../db/known-devices.ts';
import { endSessionsByProvider } from '../db/session-ends.ts';
import { readDevice } from '../devices/read-device.ts';
import { sessionEnded } from './session-events.ts';

/**
 * Takes back what a provider's word has given: sessions, and devices that are known by nothing else. The session that asks lives on,
 * on its device. A session does not say which provider it began by, so that of two both are meant. The user's row is to be locked.
 */
export async function endFederatedSessions(
  ctx: Context,
  tx: Transaction,
  { userId, sessionId, caller }: { userId: string; sessionId: string; caller: Caller },
): Promise<void> {
  const end = { userId, reason: 'revoked', now: ctx.clock.now() } as const;
  const ended = await endSessionsByProvider(tx, { ...end, sessionId });
  await insertEvents(
    tx,
    ended.map((id) => sessionEnded({ ...end, sessionId: id })),
  );
  for (const session_id of ended) {
    const details = { session_id, end_reason: end.reason };
    await recordAudit(ctx, tx, caller, { kind: 'session_ended', outcome: 'ok', userId, details });
  }
  await forgetFederatedDevices(tx, userId, readDevice(ctx, caller).id);
}
