import { createHmac, timingSafeEqual } from 'node:crypto';
import { errors } from '../errors.ts';

/** What a page of a list needs to go on. */
export interface PageScope {
  readonly key: string;
  /** The list and its filters: a token is good for these only. */
  readonly list: readonly unknown[];
}

/** The token with which a list goes on after a cursor. */
export function createPageToken(scope: PageScope, cursor: readonly string[]): string {
  const payload = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return `${payload}.${sign(scope, payload).toString('base64url')}`;
}

/** The cursor of a token, undefined for the empty token; throws PAGE_TOKEN_INVALID for one that was not made for this list. */
export function requireCursor(scope: PageScope, token: string): readonly string[] | undefined {
  if (token === '') return undefined;
  const [payload = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(scope, payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw errors.pageTokenInvalid();
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as string[];
}

function sign({ key, list }: PageScope, payload: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([list, payload]))
    .digest()
    .subarray(0, 16);
}
