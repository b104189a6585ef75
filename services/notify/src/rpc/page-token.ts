import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a page token was made for: the same list, asked for by the same caller. */
export interface PageScope {
  readonly key: string;
  readonly scope: string;
}

/** A signed token for the page after the row with this id. */
export function createPageToken(page: PageScope, id: string): string {
  return `${id}.${sign(page, id).toString('base64url')}`;
}

/** The id in a token; undefined when it was not made here, or for another list. */
export function parsePageToken(page: PageScope, token: string): string | undefined {
  const [id = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const wanted = sign(page, id);
  return rest.length === 0 && given.length === wanted.length && timingSafeEqual(given, wanted) ? id : undefined;
}

function sign({ key, scope }: PageScope, id: string): Buffer {
  return createHmac('sha256', key).update(`${scope}\n${id}`).digest();
}
