import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { toPage } from '../domain/page.ts';
import { errors } from '../errors.ts';

const filters = ['webhook_id', 'event_id', 'event_type', 'result'] as const;

export function listAttempts(ctx: Context, { query }: StandinRequest): Reply {
  const wanted = filters.filter((name) => query.has(name));
  const attempts = ctx.books.attempts.list().filter((row) => wanted.every((name) => row[name] === query.get(name)));
  const { rows, meta } = toPage(attempts, query);
  return toJson(200, { webhook_attempts: rows, meta });
}

export function getAttempt(ctx: Context, { params }: StandinRequest): Reply {
  const attempt = ctx.books.attempts.get(params.id ?? '');
  if (attempt === undefined) throw errors.notFound('Webhook attempt');
  return toJson(200, attempt);
}
