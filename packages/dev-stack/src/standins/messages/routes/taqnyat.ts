import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { isSameSecret } from '../../shared/is-same-secret.ts';
import { parseFields, toText } from '../../shared/parse-fields.ts';
import { Refusal } from '../../shared/refusal.ts';
import { toJson } from '../../shared/reply.ts';
import { acceptRequest } from '../accept-request.ts';
import type { Context } from '../context.ts';
import { isPlainInternational, isUnreachable } from '../domain/phone-number.ts';

/** 201 with lists written as texts (`[9665…,]`), accepted and rejected apart. */
export function sendTaqnyatSms(ctx: Context, request: StandinRequest): Reply {
  const { recipients, body, sender } = requireSms(ctx, request);
  const accepted = recipients.filter((digits) => isPlainInternational(digits) && !isUnreachable(digits));
  const rejected = recipients.filter((digits) => !accepted.includes(digits));
  if (accepted.length === 0) throw refuse(400, 'No valid recipients');
  const messages = acceptRequest(ctx, request, {
    provider: 'taqnyat',
    operation: 'messages',
    channel: 'sms',
    to: accepted.map((digits) => `+${digits}`),
    body,
    sender,
  });
  return toJson(201, {
    statusCode: 201,
    messageId: messages[0]?.id,
    accepted: toTextList(accepted),
    rejected: toTextList(rejected),
  });
}

function requireSms(ctx: Context, request: StandinRequest) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!isSameSecret(token, ctx.options.taqnyatToken)) throw refuse(401, 'Unauthorized');
  const fields = parseFields(request) ?? {};
  const recipients = Array.isArray(fields.recipients) ? fields.recipients.map(String) : [];
  const body = toText(fields.body);
  const sender = toText(fields.sender) ?? '';
  if (recipients.length === 0) throw refuse(400, 'recipients is required');
  if (body === undefined) throw refuse(400, 'body is required');
  if (!ctx.options.senders.includes(sender)) throw refuse(400, 'Sender name is not accepted');
  return { recipients, body, sender };
}

function toTextList(numbers: readonly string[]): string {
  return `[${numbers.map((digits) => `${digits},`).join('')}]`;
}

function refuse(statusCode: number, message: string): Refusal {
  return new Refusal(toJson(statusCode, { statusCode, message }));
}
