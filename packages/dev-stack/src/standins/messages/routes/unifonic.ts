import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { isSameSecret } from '../../shared/is-same-secret.ts';
import { isForm, parseForm } from '../../shared/parse-fields.ts';
import { Refusal } from '../../shared/refusal.ts';
import { toJson } from '../../shared/reply.ts';
import { acceptRequest } from '../accept-request.ts';
import type { Context } from '../context.ts';
import { countParts } from '../domain/count-parts.ts';
import { isPlainInternational, isUnreachable } from '../domain/phone-number.ts';
import type { Message } from '../types.ts';

const longestInParts = 10;
const pricePerPart = 0.04;

interface Sms {
  readonly recipient: string;
  readonly body: string;
  readonly sender: string;
  readonly correlationId: string | undefined;
}

/** A CorrelationID is good for one message, for ever: a second request with it is refused as a duplicate. */
export function sendUnifonicSms(ctx: Context, request: StandinRequest): Reply {
  const sms = requireSms(ctx, request);
  if (isUsed(ctx, sms.correlationId)) throw refuse(409, 'ER-09', 'Duplicate message');
  const [message] = acceptRequest(ctx, request, {
    provider: 'unifonic',
    operation: 'SMS/messages',
    channel: 'sms',
    to: [`+${sms.recipient}`],
    body: sms.body,
    sender: sms.sender,
    correlationId: sms.correlationId,
  });
  return toJson(200, { success: true, message: '', errorCode: 'ER-00', data: toData(sms, message) });
}

function requireSms(ctx: Context, request: StandinRequest): Sms {
  if (!isForm(request)) throw refuse(406, 'ER-406', 'Wrong format');
  const fields = parseForm(request.body);
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  if (text('AppSid') === '') throw refuse(402, 'ER-402', 'Missing parameter AppSid');
  if (!isSameSecret(text('AppSid'), ctx.options.unifonicAppSid)) throw refuse(401, 'ER-401', 'Authentication failed');
  const [recipient, body, sender] = [text('Recipient'), text('Body'), text('SenderID')];
  if (!isPlainInternational(recipient)) throw refuse(410, 'ER-03', 'Invalid recipient');
  if (isUnreachable(recipient)) throw refuse(482, 'ER-04', 'Invalid destination');
  if (body.trim() === '') throw refuse(449, 'ER-06', 'Message body is empty');
  if (countParts(body) > longestInParts) throw refuse(412, 'ER-412', 'Message body is too long');
  if (!/^[A-Za-z0-9 -]{1,11}$/.test(sender)) throw refuse(440, 'ER-08', 'Wrong sender ID format');
  if (!ctx.options.senders.includes(sender)) throw refuse(480, 'ER-08', 'Sender ID is not allowed');
  return { recipient, body, sender, correlationId: text('CorrelationID') || undefined };
}

function isUsed(ctx: Context, correlationId: string | undefined): boolean {
  if (correlationId === undefined) return false;
  return ctx.inboxes.log.list().some((line) => line.provider === 'unifonic' && line.correlation_id === correlationId);
}

function toData(sms: Sms, message: Message | undefined) {
  const parts = countParts(sms.body);
  return {
    MessageID: message?.id,
    CorrelationID: sms.correlationId ?? '',
    Status: 'Queued',
    NumberOfUnits: String(parts),
    Cost: (parts * pricePerPart).toFixed(3),
    CurrencyCode: 'SAR',
    Recipient: sms.recipient,
    TimeCreated: message?.sent_at,
  };
}

function refuse(status: number, errorCode: string, message: string): Refusal {
  return new Refusal(toJson(status, { success: false, message, errorCode, data: null }));
}
