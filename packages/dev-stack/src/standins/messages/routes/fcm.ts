import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { isSameSecret } from '../../shared/is-same-secret.ts';
import { isFields, parseFields, toFields, toText } from '../../shared/parse-fields.ts';
import { Refusal } from '../../shared/refusal.ts';
import { toJson } from '../../shared/reply.ts';
import { acceptRequest } from '../accept-request.ts';
import type { Context } from '../context.ts';

const payloadLimits = { token: 4_096, topic: 2_048 } as const;

/** Tokens that begin with this belong to apps that were removed from their phones. */
const removedPrefix = 'unregistered-';

export function sendFcmMessage(ctx: Context, request: StandinRequest): Reply {
  assertAccess(ctx, request);
  const message = parseFields(request)?.message;
  if (!isFields(message)) throw invalid('message', 'message is required');
  const kind = message.token === undefined ? 'topic' : 'token';
  const target = toText(message[kind]);
  if (target === undefined) throw invalid('message.token', 'Recipient of the message is not set.');
  if (target.startsWith(removedPrefix)) throw refuse(404, 'NOT_FOUND', 'UNREGISTERED');
  assertPayload(message, payloadLimits[kind]);
  const { title, body } = toFields(message.notification);
  const [sent] = acceptRequest(ctx, request, {
    provider: 'fcm',
    operation: 'messages:send',
    channel: 'push',
    to: [kind === 'topic' ? `/topics/${target}` : target],
    body: [title, body].filter((part) => typeof part === 'string').join('\n') || JSON.stringify(message.data ?? {}),
    sender: request.params.project ?? '',
  });
  return toJson(200, { name: `projects/${request.params.project}/messages/${sent?.id}` });
}

function assertAccess(ctx: Context, request: StandinRequest): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!isSameSecret(token, ctx.options.fcmAccessToken)) throw refuse(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR');
}

function assertPayload(message: Record<string, unknown>, limit: number): void {
  const data = message.data ?? {};
  if (!isFields(data) || Object.values(data).some((value) => typeof value !== 'string')) {
    throw invalid('message.data', 'Values of data must be strings.');
  }
  const payload = JSON.stringify({ notification: message.notification, data });
  if (Buffer.byteLength(payload) > limit) throw invalid('message', `Message is too big: more than ${limit} bytes.`);
}

function refuse(code: number, status: string, errorCode: string): Refusal {
  const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }];
  return new Refusal(toJson(code, { error: { code, message: errorCode, status, details } }));
}

function invalid(field: string, description: string): Refusal {
  const details = [
    { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' },
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ];
  return new Refusal(toJson(400, { error: { code: 400, message: description, status: 'INVALID_ARGUMENT', details } }));
}
