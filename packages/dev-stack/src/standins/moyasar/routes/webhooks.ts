import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { parseFields } from '../../shared/parse-fields.ts';
import { toEmpty, toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { availableEvents } from '../domain/event-types.ts';
import { toPage } from '../domain/page.ts';
import { errors, type FieldErrors } from '../errors.ts';
import type { StoredWebhook } from '../types.ts';

// The provider wants HTTPS; on loopback plain HTTP has to do.
const webhookRequest = z.object({
  url: z.url({ protocol: /^https?$/ }),
  http_method: z.enum(['post', 'put', 'patch']).default('post'),
  shared_secret: z.string().min(1),
  events: z
    .array(z.enum(availableEvents))
    .min(1)
    .default([...availableEvents]),
});

/** The shared secret goes in and never comes out. */
export function createWebhook(ctx: Context, request: StandinRequest): Reply {
  const read = webhookRequest.safeParse(parseFields(request));
  if (!read.success) throw errors.invalid(z.flattenError(read.error).fieldErrors as FieldErrors);
  const id = randomUUID();
  const { url, http_method, events, shared_secret } = read.data;
  const webhook = { id, http_method, url, events, created_at: ctx.options.now().toISOString() };
  ctx.books.webhooks.put({ id, webhook, sharedSecret: shared_secret });
  return toJson(201, webhook);
}

export function listWebhooks(ctx: Context, { query }: StandinRequest): Reply {
  const { rows, meta } = toPage(ctx.books.webhooks.list(), query);
  return toJson(200, { webhooks: rows.map(({ webhook }) => webhook), meta });
}

export function getWebhook(ctx: Context, request: StandinRequest): Reply {
  return toJson(200, requireWebhook(ctx, request).webhook);
}

export function deleteWebhook(ctx: Context, request: StandinRequest): Reply {
  ctx.books.webhooks.remove(requireWebhook(ctx, request).id);
  return toEmpty(204);
}

export function listAvailableEvents(): Reply {
  return toJson(200, { events: availableEvents.filter((name) => name !== 'payment_faild') });
}

function requireWebhook(ctx: Context, { params }: StandinRequest): StoredWebhook {
  const stored = ctx.books.webhooks.get(params.id ?? '');
  if (stored === undefined) throw errors.notFound('Webhook');
  return stored;
}
