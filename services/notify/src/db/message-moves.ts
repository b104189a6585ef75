import type { Queryable } from '@mawid/service-kit';
import type { Language } from '../domain/facts.ts';
import type { ChannelName, ClaimedRow } from './rows.ts';

// Each move writes its line of the log in the same statement. All but the last need the lease.

type Leased = Pick<ClaimedRow, 'id' | 'leaseId'>;

export interface Attempt {
  readonly provider: string;
  readonly channel: ChannelName;
  /** Kept from the first attempt on; absent for codes. */
  readonly text?: { readonly phone: string; readonly language: Language; readonly body: string };
}

/**
 * Says, committed, that the provider is about to be called. A code's call stays open until its end is written, or for good
 * where this process dies in it. False when another process has taken the message.
 */
export async function beginAttempt(on: Queryable, { id, leaseId }: Leased, attempt: Attempt): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'messages.begin_attempt',
    text: `WITH moved AS (
             UPDATE messages SET attempts = attempts + 1, call_open = (lane = 'code'), provider = $3, channel = $4,
                    phone = coalesce(phone, $5), language = coalesce(language, $6), body = coalesce(body, $7)
              WHERE id = $1 AND lease_id = $2 AND state = 'sending' RETURNING id)
           INSERT INTO message_decisions (message_id, decision, provider, channel)
           SELECT id, 'tried', $3, $4 FROM moved`,
    values: [id, leaseId, attempt.provider, attempt.channel, ...textValues(attempt.text)],
  });
  return rowCount === 1;
}

export interface Delay {
  readonly decision: 'retried' | 'put_off';
  readonly reason: string;
  readonly delayMs: number;
  /** Of the next attempt. */
  readonly channel: ChannelName;
  /** A message that waits long would fill the log with one and the same line. */
  readonly isLogged: boolean;
}

/** Puts a message back, to be claimed again after a delay. `retried` says how the last call ended; `put_off` says nothing about it. */
export async function moveToQueued(on: Queryable, { id, leaseId }: Leased, delay: Delay): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'messages.put_back',
    text: `WITH moved AS (
             UPDATE messages SET state = 'queued', lease_id = NULL, channel = $5, reason = $4,
                    call_open = call_open AND $3 = 'put_off', waits = waits + CASE WHEN $3 = 'put_off' THEN 1 ELSE 0 END,
                    next_attempt_at = now() + $6::float8 * interval '1 millisecond'
              WHERE id = $1 AND lease_id = $2 AND state = 'sending' RETURNING id, provider),
           logged AS (
             INSERT INTO message_decisions (message_id, decision, reason, provider, channel)
             SELECT id, $3, $4, provider, $5 FROM moved WHERE $7::boolean)
           SELECT FROM moved`,
    values: [id, leaseId, delay.decision, delay.reason, delay.channel, delay.delayMs, delay.isLogged],
  });
  return rowCount === 1;
}

export interface End {
  readonly state: 'failed' | 'dropped';
  readonly reason: string;
  /** What would have been sent, for the person's own list. */
  readonly text?: Attempt['text'];
  /** Keeps nothing of the person, as for a message that is to be forgotten anyway. */
  readonly forgets?: boolean;
}

/** Ends a message that does not go out. */
export async function moveToEnd(on: Queryable, { id, leaseId }: Leased, end: End): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'messages.end',
    text: `WITH moved AS (
             UPDATE messages SET state = $3, lease_id = NULL, sealed_code = NULL, call_open = false, reason = $4,
                    language = coalesce(language, $6), forgets = forgets OR $8::boolean,
                    phone = CASE WHEN NOT (forgets OR $8) THEN coalesce(phone, $5) END,
                    body = CASE WHEN NOT (forgets OR $8) THEN coalesce(body, $7) END,
                    facts = CASE WHEN NOT (forgets OR $8) THEN facts END
              WHERE id = $1 AND lease_id = $2 AND state = 'sending' RETURNING id, provider, channel)
           INSERT INTO message_decisions (message_id, decision, reason, provider, channel)
           SELECT id, $3, $4, provider, channel FROM moved`,
    values: [id, leaseId, end.state, end.reason, ...textValues(end.text), end.forgets ?? false],
  });
  return rowCount === 1;
}

/**
 * Ends a message that a provider took; its time of sending. Without a lease: that it was taken is true whoever has the
 * message by now. Undefined when its end is written already.
 */
export async function moveToSent(
  on: Queryable,
  id: string,
  { decision, channel }: { decision: 'sent' | 'recognised'; channel: ChannelName },
): Promise<Date | undefined> {
  const { rows } = await on.query<{ sentAt: Date }>({
    name: 'messages.sent',
    text: `WITH moved AS (
             UPDATE messages SET state = 'sent', lease_id = NULL, sealed_code = NULL, call_open = false, reason = NULL,
                    channel = $3, sent_at = now(), phone = CASE WHEN NOT forgets THEN phone END,
                    body = CASE WHEN NOT forgets THEN body END, facts = CASE WHEN NOT forgets THEN facts END
              WHERE id = $1 AND state IN ('queued', 'sending') RETURNING id, provider, sent_at),
           logged AS (
             INSERT INTO message_decisions (message_id, decision, provider, channel)
             SELECT id, $2, provider, $3 FROM moved)
           SELECT sent_at AS "sentAt" FROM moved`,
    values: [id, decision, channel],
  });
  return rows[0]?.sentAt;
}

function textValues(text: Attempt['text']): (string | undefined)[] {
  return [text?.phone, text?.language, text?.body];
}
