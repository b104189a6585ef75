import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a page token was made for: the same list, asked for by the same caller. */
export interface PageScope {
  readonly key: string;
  readonly scope: string;
}

/** A signed token for the page after `cursor`. */
export function toPageToken({ key, scope }: PageScope, cursor: string): string {
  return `${Buffer.from(cursor).toString('base64url')}.${sign(key, scope, cursor).toString('base64url')}`;
}

/** The cursor of a token; undefined when it was not made here, or for another list. */
export function parsePageToken({ key, scope }: PageScope, token: string): string | undefined {
  const [encoded = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0) return undefined;
  const cursor = Buffer.from(encoded, 'base64url').toString('utf8');
  const given = Buffer.from(signature, 'base64url');
  const wanted = sign(key, scope, cursor);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? cursor : undefined;
}

function sign(key: string, scope: string, cursor: string): Buffer {
  return createHmac('sha256', key).update(`${scope}\n${cursor}`).digest();
}
