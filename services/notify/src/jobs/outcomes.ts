import { trace } from '@opentelemetry/api';
import type { Context } from '../context.ts';
import type { Attempt, End } from '../db/message-moves.ts';
import { moveToEnd, moveToQueued, moveToSent } from '../db/message-moves.ts';
import type { ChannelName, ClaimedRow, LaneName } from '../db/rows.ts';
import { retryDelayMs, waitDelayMs } from '../domain/delays.ts';
import type { ProviderError } from '../provider/provider-error.ts';
import { insertFailedEvent, insertSentEvent } from './message-events.ts';
import { persist } from './persist.ts';

const outcomeUnknown = 'outcome_unknown';

export function isExpired({ clock }: Context, { expiresAt }: ClaimedRow): boolean {
  return clock.now().getTime() >= expiresAt.getTime();
}

/** Its time is over: failed where we have tried or waited in vain, dropped where we only came too late. */
export function endExpired(ctx: Context, row: ClaimedRow): Promise<void> {
  if (row.attempts + row.waits === 0) return dropMessage(ctx, row, { reason: 'expired' });
  return failMessage(ctx, row, { reason: `expired: ${row.reason ?? 'no answer'}` });
}

/** A provider has taken it: the mark and the event are one transaction. */
export async function markSent(
  ctx: Context,
  row: ClaimedRow,
  { provider, decision }: { provider: string; decision: 'sent' | 'recognised' },
): Promise<void> {
  const { channel } = row;
  // The provider cannot be asked to forget it: a database that is away for a moment must not make us send it again.
  const sentAt = await persist(() =>
    ctx.database.transaction(async (tx) => {
      const at = await moveToSent(tx, row.id, { decision, channel });
      if (at) await insertSentEvent(tx, row, { provider, sentAt: at });
      return at;
    }),
  );
  if (!sentAt) return;
  ctx.relay.wake();
  count(ctx, row, decision);
  observeDelay(ctx, row, sentAt);
  ctx.logger.info({ ...describe(row), provider, decision }, 'a message was sent');
}

/** Tries again later, or gives up after the last attempt. A change of the channel is due at once. */
export async function retryMessage(
  ctx: Context,
  row: ClaimedRow,
  { failure, fallBackTo }: { failure: ProviderError; fallBackTo?: ChannelName },
): Promise<void> {
  const { retry } = ctx.config.lanes[laneOf(row)];
  const calls = row.attempts + 1;
  if (!fallBackTo && calls >= retry.maxAttempts) return failMessage(ctx, row, { reason: failure.message, failure });
  const delay = { count: calls, random: Math.random(), atLeastMs: failure.retryAfterMs };
  const delayMs = fallBackTo ? 0 : retryDelayMs(retry, delay);
  const move = { decision: 'retried', reason: failure.message, delayMs, channel: fallBackTo ?? row.channel } as const;
  if (!(await moveToQueued(ctx.database, row, { ...move, isLogged: true }))) return;
  count(ctx, row, 'retried');
  ctx.logger.warn(
    { err: failure, ...describe(row), delay_ms: delayMs, fall_back_to: fallBackTo },
    'a message is tried again',
  );
}

/** Not now: what it needs is not there. No provider was called. */
export async function putOff(ctx: Context, row: ClaimedRow, reason: string): Promise<void> {
  const delayMs = waitDelayMs(ctx.config.lanes[laneOf(row)].retry, row.waits + 1, Math.random());
  const isLogged = row.reason !== reason;
  const move = { decision: 'put_off', reason, delayMs, channel: row.channel, isLogged } as const;
  if (!(await moveToQueued(ctx.database, row, move))) return;
  count(ctx, row, 'put_off');
  if (isLogged) ctx.logger.info({ ...describe(row), reason }, 'a message waits');
}

/** It is not true any more, or of no use. */
export async function dropMessage(ctx: Context, row: ClaimedRow, end: Omit<End, 'state'>): Promise<void> {
  if (!(await moveToEnd(ctx.database, row, { ...end, state: 'dropped' }))) return;
  count(ctx, row, 'dropped');
  ctx.logger.info({ ...describe(row), reason: end.reason }, 'a message was dropped');
}

/** Nobody tries any more: the mark and the event are one transaction. */
export async function failMessage(
  ctx: Context,
  row: ClaimedRow,
  { reason, text, failure }: { reason: string; text?: Attempt['text']; failure?: ProviderError | undefined },
): Promise<void> {
  const isOutcomeUnknown = reason === outcomeUnknown;
  const isMoved = await ctx.database.transaction(async (tx) => {
    const moved = await moveToEnd(tx, row, { state: 'failed', reason, ...(text ? { text } : {}) });
    if (moved) await insertFailedEvent(tx, row, { reason, isOutcomeUnknown });
    return moved;
  });
  if (!isMoved) return;
  ctx.relay.wake();
  count(ctx, row, isOutcomeUnknown ? 'unknown' : 'failed');
  ctx.logger.error({ ...describe(row), reason, err: failure }, 'a message has failed');
}

/** The provider may have sent it, and cannot be asked: nobody calls it a second time, and the person may ask for another code. */
export function failUnknown(ctx: Context, row: ClaimedRow, failure?: ProviderError): Promise<void> {
  return failMessage(ctx, row, { reason: outcomeUnknown, failure });
}

/** With the trace as exemplar, which wants the form of one object. */
function observeDelay({ metrics }: Context, { kind, createdAt }: ClaimedRow, sentAt: Date): void {
  const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? {};
  const exemplarLabels = traceId ? { trace_id: traceId, span_id: spanId } : {};
  const value = Math.max(sentAt.getTime() - createdAt.getTime(), 0) / 1_000;
  metrics.delay.observe({ labels: { kind }, value, exemplarLabels } as never);
}

function laneOf({ kind }: ClaimedRow): LaneName {
  return kind === 'otp' ? 'code' : 'text';
}

function count({ metrics }: Context, { kind, channel }: ClaimedRow, outcome: string): void {
  metrics.messages.inc({ kind, channel, outcome });
}

/** For logs: nothing of the person, the code or the text. */
function describe({ id, kind, bookingId, attempts, channel }: ClaimedRow) {
  return { message_id: id, kind, booking_id: bookingId ?? undefined, attempts, channel };
}
