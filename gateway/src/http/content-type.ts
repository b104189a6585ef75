import type { IncomingMessage } from 'node:http';
import { Refusal } from '../rest/problem/refusal.ts';
import { headerOf } from './request-headers.ts';

const json = /^application\/json *(?:; *charset *= *"?utf-?8"? *)?$/i;

/** Throws the 415 refusal for a body that is not plain JSON in UTF-8 by its own account; also for a compressed one: a small one may hold gigabytes. */
export function requireJson(request: IncomingMessage): void {
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw unsupported('accept-encoding', 'identity');
  if (!json.test(headerOf(request, 'content-type') ?? '')) throw unsupported('accept', 'application/json');
}

/** Says in header and metadata what would be taken. */
function unsupported(header: string, wanted: string): Refusal {
  const metadata = { [header.replace('-', '_')]: wanted };
  return new Refusal('UNSUPPORTED_MEDIA_TYPE', { status: 415, metadata, headers: { [header]: wanted } });
}
