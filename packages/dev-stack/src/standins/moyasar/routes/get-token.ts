import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toEmpty, toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import type { StoredToken } from '../types.ts';

export function getToken(ctx: Context, request: StandinRequest): Reply {
  return toJson(200, requireToken(ctx, request).token);
}

export function deleteToken(ctx: Context, request: StandinRequest): Reply {
  ctx.books.tokens.remove(requireToken(ctx, request).id);
  return toEmpty(204);
}

function requireToken(ctx: Context, { params }: StandinRequest): StoredToken {
  const stored = ctx.books.tokens.get(params.id ?? '');
  if (stored === undefined) throw errors.notFound('Token');
  return stored;
}
