import { createHmac, timingSafeEqual } from 'node:crypto';
import { refuse } from '../errors/refuse.ts';

/** What a page token is good for. */
export interface PageScope {
  /** Signs the token. */
  readonly key: string;
  /** The list, its filters and, where it is theirs, its reader: a token is good for these only. */
  readonly list: readonly unknown[];
}

const signatureBytes = 16;

/** The token with which a list goes on after a cursor. */
export function createPageToken(scope: PageScope, cursor: readonly string[]): string {
  const payload = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return `${payload}.${sign(scope, payload).toString('base64url')}`;
}

/** The cursor of a token, undefined for the empty token; throws PAGE_TOKEN_INVALID for one that was not made for this list. */
export function requireCursor(scope: PageScope, token: string): readonly string[] | undefined {
  if (token === '') return undefined;
  const [payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(scope, payload);
  const isOurs = rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
  if (!isOurs) throw refuse('PAGE_TOKEN_INVALID');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as string[];
}

function sign({ key, list }: PageScope, payload: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([list, payload]))
    .digest()
    .subarray(0, signatureBytes);
}
