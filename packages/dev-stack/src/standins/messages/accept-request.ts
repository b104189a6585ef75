import { randomUUID } from 'node:crypto';
import type { StandinRequest } from '../shared/http-types.ts';
import type { Context } from './context.ts';
import type { Channel, Message, Provider } from './types.ts';

export interface Accepted {
  readonly provider: Provider;
  readonly operation: string;
  readonly channel: Channel;
  readonly to: readonly string[];
  readonly body: string;
  readonly sender: string;
  readonly code?: string;
  readonly correlationId?: string | undefined;
}

/** Delivers one message per recipient and writes one line of the log. */
export function acceptRequest(ctx: Context, request: StandinRequest, accepted: Accepted): Message[] {
  const at = ctx.options.now().toISOString();
  const messages = accepted.to.map((to) => ctx.inboxes.messages.put(toMessage(accepted, to, at)));
  const traceparent = request.headers.traceparent;
  ctx.inboxes.log.put({
    id: randomUUID(),
    at,
    provider: accepted.provider,
    operation: accepted.operation,
    to: accepted.to,
    message_ids: messages.map(({ id }) => id),
    ...(accepted.correlationId === undefined ? {} : { correlation_id: accepted.correlationId }),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    body: accepted.body,
  });
  return messages;
}

function toMessage(accepted: Accepted, to: string, sentAt: string): Message {
  return {
    id: randomUUID(),
    to,
    channel: accepted.channel,
    body: accepted.body,
    sent_at: sentAt,
    provider: accepted.provider,
    sender: accepted.sender,
    ...(accepted.code === undefined ? {} : { code: accepted.code }),
  };
}
