import { randomInt } from 'node:crypto';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { isSameSecret } from '../../shared/is-same-secret.ts';
import { type Fields, parseFields, toText } from '../../shared/parse-fields.ts';
import { Refusal } from '../../shared/refusal.ts';
import { toJson } from '../../shared/reply.ts';
import { acceptRequest } from '../accept-request.ts';
import type { Context } from '../context.ts';
import { renderOtp } from '../domain/otp-templates.ts';
import { isE164 } from '../domain/phone-number.ts';

type FieldErrors = Record<string, string[]>;

const methods = ['sms', 'whatsapp', 'email'] as const;
const startBalance = 100_000;

/** The answer carries no id: the provider knows a code by its phone only. Sending again sends again. */
export function sendOtp(ctx: Context, request: StandinRequest): Reply {
  const fields = requireFields(ctx, request);
  const { channel, to, body, code } = requireOtp(fields);
  const sender = ctx.options.senders[0] ?? 'Authentica';
  acceptRequest(ctx, request, { provider: 'authentica', operation: 'send-otp', channel, to: [to], body, sender, code });
  return toJson(200, { success: true, data: null, message: 'OTP send successfully' });
}

export function sendSms(ctx: Context, request: StandinRequest): Reply {
  const fields = requireFields(ctx, request);
  const { phone, message, sender_name: sender } = fields;
  const problems: FieldErrors = {};
  if (typeof phone !== 'string' || !isE164(phone)) problems.phone = ['The phone field format is invalid.'];
  if (toText(message) === undefined) problems.message = ['The message field is required.'];
  if (!ctx.options.senders.includes(String(sender))) problems.sender_name = ['The selected sender name is invalid.'];
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const to = [String(phone)];
  const body = String(message);
  acceptRequest(ctx, request, {
    provider: 'authentica',
    operation: 'send-sms',
    channel: 'sms',
    to,
    body,
    sender: String(sender),
  });
  return toJson(200, { success: true, data: null, message: 'SMS sent successfully' });
}

export function getBalance(ctx: Context, request: StandinRequest): Reply {
  assertApiKey(ctx, request);
  const sent = ctx.inboxes.messages.list().filter(({ provider }) => provider === 'authentica').length;
  return toJson(200, {
    data: { balance: (startBalance - sent).toFixed(2) },
    message: 'Balance retrieved successfully',
  });
}

function requireFields(ctx: Context, request: StandinRequest): Fields {
  assertApiKey(ctx, request);
  const fields = parseFields(request);
  if (fields === undefined) throw new Refusal(toJson(400, { message: 'The request body is not valid JSON.' }));
  return fields;
}

function assertApiKey(ctx: Context, request: StandinRequest): void {
  if (isSameSecret(request.headers['x-authorization'], ctx.options.authenticaApiKey)) return;
  throw new Refusal(toJson(401, { message: 'Unauthenticated.' }));
}

function requireOtp(fields: Fields) {
  const problems: FieldErrors = {};
  const channel = methods.find((method) => method === fields.method);
  if (channel === undefined) problems.method = ['The selected method is invalid.'];
  const to = toText(channel === 'email' ? fields.email : fields.phone) ?? '';
  if (channel === 'email' && !/^[^@\s]+@[^@\s]+$/.test(to))
    problems.email = ['The email field must be a valid email address.'];
  if (channel !== 'email' && !isE164(to)) problems.phone = ['The phone field format is invalid.'];
  const code = fields.otp === undefined ? String(randomInt(100_000, 1_000_000)) : String(fields.otp);
  if (!/^\d{4,10}$/.test(code)) problems.otp = ['The otp field format is invalid.'];
  const body = renderOtp(Number(fields.template_id ?? 1), code);
  if (body === undefined) problems.template_id = ['The selected template id is invalid.'];
  if (channel === undefined || body === undefined || Object.keys(problems).length > 0) throw invalid(problems);
  return { channel, to, body, code };
}

function invalid(errors: FieldErrors): Refusal {
  const first = Object.values(errors)[0]?.[0] ?? 'The given data was invalid.';
  return new Refusal(toJson(422, { message: first, errors }));
}
